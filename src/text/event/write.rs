//! One `VEVENT`.

use chrono::{DateTime, Utc};
use url::Url;

use crate::domain::{Class, Event, EventStatus};
use crate::text::line::{clean, trimmed};
use crate::text::when::{When, utc};
use crate::text::{Component, Property, html};

use super::join::{Override, Series, Time};
use super::{alarm, color, people};

/// What all components of an object share.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    pub(super) uid: &'a str,
    /// `DTSTAMP` where the cloud tells no change.
    pub(super) stamp: DateTime<Utc>,
}

impl Writer<'_> {
    /// A series or a single event.
    pub(super) fn series(&self, series: &Series<'_>) -> Component {
        let mut when = Vec::new();
        let time = match series.repeats() {
            true => series.time.clone(),
            false => series.time.clone().exact(),
        };
        push_time(&mut when, &time);
        for rule in &series.rules {
            when.push(Property::new("RRULE", rule.to_string()));
        }
        when.extend(series.dates.iter().map(|date| date.property("RDATE")));
        when.extend(series.excluded.iter().map(|date| date.property("EXDATE")));
        self.event(series.event, when, &time)
    }

    /// A changed instance.
    pub(super) fn changed(&self, one: &Override<'_>) -> Component {
        let mut when = vec![one.id.property("RECURRENCE-ID")];
        let time = one.time.clone().exact();
        push_time(&mut when, &time);
        self.event(one.event, when, &time)
    }

    fn event(&self, event: &Event, when: Vec<Property>, time: &Time) -> Component {
        let mut out = Component::new("VEVENT");
        out.push(Property::of_text("UID", self.uid));
        out.push(utc("DTSTAMP", event.modified.unwrap_or(self.stamp)));
        out.properties.extend(when);
        push_texts(&mut out, event);
        push_state(&mut out, event);
        people::push(&mut out, event);
        out.components = alarm::components(event, time);
        out
    }
}

fn push_time(out: &mut Vec<Property>, time: &Time) {
    out.push(time.start.property("DTSTART"));
    out.extend(time.end.as_ref().map(|end| end.property("DTEND")));
}

fn push_texts(out: &mut Component, event: &Event) {
    let summary = event.summary.as_deref().map(one_line);
    out.push_text("SUMMARY", summary.as_deref());
    let description = event.description.as_deref().map(html::readable);
    out.push_text("DESCRIPTION", description.as_deref());
    let location = event.location.as_deref().map(trimmed);
    out.push_text("LOCATION", location.as_deref());
    let url = event.url.as_deref().and_then(address);
    out.properties
        .extend(url.map(|url| Property::new("URL", url)));
    let categories = event.categories.iter().map(|one| trimmed(one));
    let categories: Vec<_> = categories.filter(|one| !one.is_empty()).collect();
    if !categories.is_empty() {
        out.push(Property::of_texts("CATEGORIES", &categories));
    }
}

fn push_state(out: &mut Component, event: &Event) {
    let status = event.status.map(|status| match status {
        EventStatus::Confirmed => "CONFIRMED",
        EventStatus::Tentative => "TENTATIVE",
        EventStatus::Cancelled => "CANCELLED",
    });
    let class = event.class.map(|class| match class {
        Class::Public => "PUBLIC",
        Class::Private => "PRIVATE",
        Class::Confidential => "CONFIDENTIAL",
    });
    let transparency = if event.transparent {
        "TRANSPARENT"
    } else {
        "OPAQUE"
    };
    let color = event.color.as_deref().and_then(color::name);
    let priority = event.priority.filter(|priority| (1..=9).contains(priority));
    let mut push = |name: &str, value: Option<String>| {
        out.properties
            .extend(value.map(|value| Property::new(name, value)));
    };
    push("STATUS", status.map(str::to_owned));
    push("TRANSP", Some(transparency.to_owned()));
    push("CLASS", class.map(str::to_owned));
    push("PRIORITY", priority.map(|one| one.to_string()));
    push("COLOR", color.map(str::to_owned));
    push("SEQUENCE", event.sequence.map(|one| one.to_string()));
    let times = [
        ("CREATED", event.created),
        ("LAST-MODIFIED", event.modified),
    ];
    for (name, at) in times {
        out.properties.extend(at.map(|at| utc(name, at)));
    }
}

/// A title or a name on one line.
pub(in crate::text) fn one_line(text: &str) -> String {
    let words = clean(text);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A web address that a client may open, percent-encoded where it has to be.
pub(in crate::text) fn address(text: &str) -> Option<String> {
    const NEVER: [&str; 4] = ["javascript", "data", "vbscript", "file"];
    let text = trimmed(text);
    let url = Url::parse(&text).ok()?;
    if NEVER.contains(&url.scheme()) {
        return None;
    }
    let plain = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b);
    Some(if text.bytes().all(plain) {
        text
    } else {
        url.into()
    })
}

impl Time {
    /// Told in UTC where the clock shows the same digits twice.
    fn exact(self) -> Self {
        Self {
            start: self.start.exact(),
            end: self.end.map(When::exact),
        }
    }
}
