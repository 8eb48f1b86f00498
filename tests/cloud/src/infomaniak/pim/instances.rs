//! What takes place when, for tests to compare with: not a call of the vendor's.

use chrono::{DateTime, NaiveTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::event::{Event, Range};
use super::span::Point;
use super::store::Pim;
use super::zone::Zone;

/// One time an event takes place.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Instance {
    /// The event's id.
    pub id: u64,
    /// What the corpus calls the event.
    pub case: Option<String>,
    /// Its UID, as exports tell it.
    pub uid: String,
    /// When it begins: `2026-06-01T07:00:00Z`, or `2026-06-01` for days.
    pub start: String,
    /// When it ends, in the same form; of days the first one after.
    pub end: String,
    /// Its title; empty when it has none.
    pub title: String,
}

/// All that takes place in a calendar.
#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
pub struct Instances {
    /// By event and beginning.
    pub instances: Vec<Instance>,
    /// Events with more instances than the simulation looks at; they have none here.
    pub capped: Vec<u64>,
    /// Events whose beginning or rule cannot be read; they have no instances here.
    pub unread: Vec<u64>,
}

/// What takes place in a calendar from one instant to another; days are those of UTC.
pub(crate) fn of(
    pim: &mut Pim,
    calendar: u64,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Instances {
    let range = Range {
        from,
        to,
        zone: Zone::utc(),
        overlaps: true,
    };
    let mut all = Instances::default();
    for (key, event) in &mut pim.events {
        if event.calendar != calendar {
            continue;
        }
        event.prepare(&range);
        let rule = event.json.get("rrule").and_then(Value::as_str);
        let absurd = rule.is_some_and(|rule| !rule.is_empty()) && !event.repeats();
        if event.span.is_none() || absurd {
            all.unread.push(key.0);
            continue;
        }
        if event.capped {
            all.capped.push(key.0);
            continue;
        }
        all.instances.extend(told(event, key.0, &range));
    }
    all
}

fn told(event: &Event, id: u64, range: &Range) -> Vec<Instance> {
    let mut found = event.instances(range);
    found.sort_by_key(|one| range.begins(&one.span));
    let told = found.iter().map(|one| Instance {
        id,
        case: event.case.clone(),
        uid: event.uid(id),
        start: text(one.span.start),
        end: text(one.span.end),
        title: title(one.json.get("title")),
    });
    told.collect()
}

fn title(value: Option<&Value>) -> String {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    crate::surrogate::lossy(text)
}

fn text(point: Point) -> String {
    match point {
        Point::Day(day) => day.to_string(),
        Point::At(at) => at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    }
}

/// `2026-01-01`, or the vendor's form of a time, in UTC.
pub(crate) fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let day = text
        .parse()
        .map(|day: chrono::NaiveDate| day.and_time(NaiveTime::MIN));
    let wall = day.ok().or_else(|| super::window::read(text));
    let wall = wall.ok_or_else(|| format!("neither a day nor YYYY-MM-DD HH:MM:SS: {text}"))?;
    Ok(wall.and_utc())
}
