//! Events: one part of a calendar object each (a single event, a master, an override).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Moment, Span};

/// One part of a calendar object (RFC 5545 §3.6.1). Texts hold whatever the cloud sends; what
/// reaches iCalendar is made safe there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    /// Title.
    pub summary: Option<String>,
    /// Plain text; HTML is turned into text before.
    pub description: Option<String>,
    /// Where, for people.
    pub location: Option<String>,
    /// A web address that belongs to the event, such as a meeting room.
    pub url: Option<String>,
    /// Begin; an event without one is not served.
    pub start: Option<Moment>,
    /// End, exclusive, of the same type as `start`; `None`: no length, or the one day.
    pub end: Option<Moment>,
    /// How it repeats; of a master or a single event.
    pub repetition: Repetition,
    /// Confirmed, tentative or cancelled, where told.
    pub status: Option<EventStatus>,
    /// Whether it leaves its time free.
    pub transparent: bool,
    /// Who may see it.
    pub class: Option<Class>,
    /// Who called the meeting.
    pub organizer: Option<Attendee>,
    /// Who is invited, the organizer among them where the cloud lists it so.
    pub attendees: Vec<Attendee>,
    /// Reminders.
    pub alarms: Vec<Alarm>,
    /// Categories.
    pub categories: Vec<String>,
    /// Colour as `#RRGGBB`, or a CSS name.
    pub color: Option<String>,
    /// 0 highest urgency told by none, 1 to 9 as RFC 5545 §3.8.1.9.
    pub priority: Option<u8>,
    /// Revision told by the cloud (RFC 5545 §3.8.7.4).
    pub sequence: Option<u32>,
    /// When it was made.
    pub created: Option<DateTime<Utc>>,
    /// When it was last changed, by the cloud's word.
    pub modified: Option<DateTime<Utc>>,
}

/// How an event repeats (RFC 5545 §3.8.5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Repetition {
    /// Values of `RRULE`, unchecked, without the name.
    pub rules: Vec<String>,
    /// Begins of further instances.
    pub dates: Vec<Moment>,
    /// Begins of instances that do not take place.
    pub excluded: Vec<Moment>,
}

impl Repetition {
    /// Whether there is more than one instance.
    #[must_use]
    pub fn repeats(&self) -> bool {
        !self.rules.is_empty() || !self.dates.is_empty()
    }
}

/// State of an event (RFC 5545 §3.8.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventStatus {
    /// Takes place.
    Confirmed,
    /// May take place.
    Tentative,
    /// Does not take place.
    Cancelled,
}

/// Who may see an event (RFC 5545 §3.8.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// Everybody who sees the calendar.
    Public,
    /// Its owner.
    Private,
    /// Its owner; others see that something is there.
    Confidential,
}

/// Somebody who takes part (RFC 5545 §3.8.4.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attendee {
    /// Mail address without `mailto:`.
    pub address: String,
    /// Name for people.
    pub name: Option<String>,
    /// The answer, where one is told.
    pub answer: Option<Answer>,
    /// Part played.
    pub role: Option<AttendeeRole>,
    /// Whether an answer is asked for.
    pub rsvp: bool,
}

/// An invited person's answer (RFC 5545 §3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// None yet.
    NeedsAction,
    /// Yes.
    Accepted,
    /// No.
    Declined,
    /// Perhaps.
    Tentative,
    /// Somebody else comes.
    Delegated,
}

/// Part played in a meeting (RFC 5545 §3.2.16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttendeeRole {
    /// Leads it.
    Chair,
    /// Has to come.
    Required,
    /// May come.
    Optional,
    /// Is told of it.
    Informed,
}

/// A reminder (RFC 5545 §3.6.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// When.
    pub trigger: Trigger,
    /// How.
    pub action: AlarmAction,
}

/// When a reminder goes off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trigger {
    /// So many seconds from the begin; negative: before it.
    FromStart(i64),
    /// So many seconds from the end.
    FromEnd(i64),
    /// At an instant.
    At(DateTime<Utc>),
}

/// How a reminder shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlarmAction {
    /// A message on the screen.
    Display,
    /// A sound.
    Audio,
    /// A mail, which the cloud sends; shown to clients as a message.
    Email,
}

impl Event {
    /// The time that this one part takes, without its repetitions; widened for days and local
    /// times. `None` without a begin.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        let start = self.start.as_ref()?;
        let from = start.earliest();
        let end = self.end.as_ref().map_or_else(
            || start.next_day().latest(),
            |end| end.latest().max(start.latest()),
        );
        let to = end.max(from + TimeDelta::seconds(1));
        Some(Span { from, to })
    }
}
