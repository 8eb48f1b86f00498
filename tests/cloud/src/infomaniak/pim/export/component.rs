//! One event as a component, and one more for each instance that differs.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

use super::lines::{Lines, parameter};
use crate::infomaniak::pim::event::{Event, Fields, Instance};
use crate::infomaniak::pim::span::{Point, Span};
use crate::infomaniak::pim::zone::Zone;

/// Writes an event.
pub(super) struct Writer<'a> {
    event: &'a Event,
    uid: String,
    stamp: String,
    kind: &'static str,
}

fn text<'a>(json: &'a Fields, name: &str) -> &'a str {
    json.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn zulu(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// What a time is told in: `None` for UTC.
fn label(json: &Fields, name: &str, zone: Zone) -> Option<String> {
    let given = text(json, name);
    match zone {
        Zone::Named(chrono_tz::Tz::UTC) => None,
        Zone::Fixed(offset) if offset.local_minus_utc() == 0 => None,
        Zone::Named(zone) if given.is_empty() => Some(zone.name().to_owned()),
        Zone::Fixed(offset) if given.is_empty() => Some(format!("GMT{offset}")),
        _ => Some(given.to_owned()),
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(event: &'a Event, id: u64, stamp: u64) -> Writer<'a> {
        let stamp = i64::try_from(stamp).ok();
        let stamp = stamp.and_then(|stamp| DateTime::from_timestamp(stamp, 0));
        let todo = text(&event.json, "type") == "todo";
        Writer {
            event,
            uid: event.uid(id),
            stamp: stamp.map(zulu).unwrap_or_default(),
            kind: if todo { "VTODO" } else { "VEVENT" },
        }
    }

    /// The zones that are named, each once.
    pub(super) fn zones(&self, span: &Span, alone: bool) -> Vec<(String, Zone)> {
        let mut zones: Vec<(String, Zone)> = Vec::new();
        let mut add = |json: &Fields, span: &Span| {
            if span.all_day() {
                return;
            }
            for (name, zone) in [
                ("timezone_start", span.zone),
                ("timezone_end", span.end_zone),
            ] {
                if let Some(name) = label(json, name, zone)
                    && zones.iter().all(|known| known.0 != name)
                {
                    zones.push((name, zone));
                }
            }
        };
        add(&self.event.json, span);
        if !alone {
            let ones = self.event.differing_ones();
            ones.for_each(|one| add(one.json, &one.span));
        }
        zones
    }

    /// The event itself; `alone` without rule and exceptions.
    pub(super) fn master(&self, lines: &mut Lines, span: &Span, alone: bool) {
        lines.plain("BEGIN", self.kind);
        self.common(lines, &self.event.json, span);
        let rule = text(&self.event.json, "rrule");
        if !alone && !rule.is_empty() {
            lines.plain("RRULE", rule);
            for wall in self.event.excluded() {
                self.wall(lines, "EXDATE", span, *wall);
            }
        }
        // components within come after all properties
        alarms(lines, &self.event.json);
        lines.plain("END", self.kind);
    }

    /// An instance that differs.
    pub(super) fn differing(&self, lines: &mut Lines, span: &Span, one: &Instance<'_>) {
        lines.plain("BEGIN", self.kind);
        self.wall(lines, "RECURRENCE-ID", span, one.wall);
        self.common(lines, one.json, &one.span);
        alarms(lines, one.json);
        lines.plain("END", self.kind);
    }

    /// A property that names an instance, in the form of the event's beginning.
    fn wall(&self, lines: &mut Lines, name: &str, span: &Span, wall: NaiveDateTime) {
        if let Some(span) = span.moved(wall) {
            let zone = label(&self.event.json, "timezone_start", span.zone);
            point(lines, name, span.start, span.zone, zone.as_deref());
        }
    }

    fn common(&self, lines: &mut Lines, json: &Fields, span: &Span) {
        lines.plain("UID", &self.uid);
        lines.plain("DTSTAMP", &self.stamp);
        let zone = label(json, "timezone_start", span.zone);
        point(lines, "DTSTART", span.start, span.zone, zone.as_deref());
        let zone = label(json, "timezone_end", span.end_zone);
        let end = if self.kind == "VTODO" { "DUE" } else { "DTEND" };
        point(lines, end, span.end, span.end_zone, zone.as_deref());
        let texts = [
            ("SUMMARY", "title"),
            ("DESCRIPTION", "description"),
            ("LOCATION", "location"),
        ];
        for (name, field) in texts {
            if let Some(text) = json.get(field).and_then(Value::as_str) {
                lines.escaped(name, text);
            }
        }
        let status = text(json, "status");
        if ["CONFIRMED", "TENTATIVE", "CANCELLED"].contains(&status) {
            lines.plain("STATUS", status);
        }
        let private = json.get("private") == Some(&Value::Bool(true));
        lines.plain("CLASS", if private { "PRIVATE" } else { "PUBLIC" });
        let free = text(json, "freebusy") == "free";
        lines.plain("TRANSP", if free { "TRANSPARENT" } else { "OPAQUE" });
        people(lines, json);
    }
}

fn point(lines: &mut Lines, name: &str, point: Point, zone: Zone, label: Option<&str>) {
    match (point, label) {
        (Point::Day(day), _) => {
            let value = day.format("%Y%m%d").to_string();
            lines.plain(&format!("{name};VALUE=DATE"), &value);
        }
        (Point::At(at), None) => lines.plain(name, &zulu(at)),
        // the second time that a clock shows this: no wall time says so
        (Point::At(at), Some(_)) if zone.instant(zone.wall(at)) != at => {
            lines.plain(name, &zulu(at));
        }
        (Point::At(at), Some(label)) => {
            let plain = label
                .chars()
                .all(|one| one.is_ascii_alphanumeric() || "/_-+".contains(one));
            let zone_name = match plain {
                true => format!(";TZID={label}"),
                false => parameter("TZID", label),
            };
            let wall = zone.wall(at).format("%Y%m%dT%H%M%S").to_string();
            lines.plain(&format!("{name}{zone_name}"), &wall);
        }
    }
}

fn list<'a>(json: &'a Fields, name: &str) -> impl Iterator<Item = &'a Value> {
    json.get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn people(lines: &mut Lines, json: &Fields) {
    for person in list(json, "attendees") {
        let name = person["name"].as_str().unwrap_or_default();
        let name = if name.is_empty() {
            String::new()
        } else {
            parameter("CN", name)
        };
        let address = person["address"]
            .as_str()
            .filter(|address| !address.is_empty());
        let address = address.map_or("invalid:nomail".to_owned(), |one| format!("mailto:{one}"));
        if person["organizer"] == true {
            lines.plain(&format!("ORGANIZER{name}"), &address);
        }
        let state = person["state"].as_str().unwrap_or("NEEDS-ACTION");
        let state = state
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || one == '-');
        let told = person["state"]
            .as_str()
            .filter(|told| state && !told.is_empty());
        let told = told.unwrap_or("NEEDS-ACTION");
        let start = format!("ATTENDEE{name};ROLE=REQ-PARTICIPANT;PARTSTAT={told}");
        lines.plain(&start, &address);
    }
}

fn alarms(lines: &mut Lines, json: &Fields) {
    for alarm in list(json, "alarms") {
        let Some(minutes) = alarm["minutesBefore"].as_i64() else {
            continue;
        };
        let action = alarm["action"].as_str().filter(|action| *action == "EMAIL");
        lines.plain("BEGIN", "VALARM");
        lines.plain("ACTION", action.unwrap_or("DISPLAY"));
        lines.escaped("DESCRIPTION", text(json, "title"));
        let sign = if minutes < 0 { "" } else { "-" };
        lines.plain("TRIGGER", &format!("{sign}PT{}M", minutes.unsigned_abs()));
        lines.plain("END", "VALARM");
    }
}
