//! Organizer and attendees.

use crate::domain::{Answer, Attendee, AttendeeRole, Event};
use crate::text::{Component, Property};

use super::write::one_line;

/// Adds those that have a mail address.
pub(super) fn push(out: &mut Component, event: &Event) {
    let organizer = event.organizer.as_ref();
    out.properties
        .extend(organizer.and_then(|one| person("ORGANIZER", one)));
    for one in &event.attendees {
        let Some(mut attendee) = person("ATTENDEE", one) else {
            continue;
        };
        let mut with = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                attendee = std::mem::take(&mut attendee).with(name, value);
            }
        };
        with("PARTSTAT", one.answer.map(answer));
        with("ROLE", one.role.map(role));
        with("RSVP", one.rsvp.then_some("TRUE"));
        out.push(attendee);
    }
}

fn person(name: &str, one: &Attendee) -> Option<Property> {
    let address = mail_address(&one.address)?;
    let property = Property::new(name, format!("mailto:{address}"));
    let shown = one.name.as_deref().map(one_line);
    let shown = shown.filter(|shown| !shown.is_empty());
    Some(match shown {
        Some(shown) => property.with("CN", shown),
        None => property,
    })
}

/// A mail address by itself, without `mailto:`. Anything else is none: a made-up one could be
/// written to.
pub(in crate::text) fn mail_address(text: &str) -> Option<&str> {
    /// RFC 5321 §4.5.3.1.3 allows 254.
    const LONGEST: usize = 320;
    let text = text.trim();
    let has_scheme = text
        .get(..7)
        .is_some_and(|it| it.eq_ignore_ascii_case("mailto:"));
    let text = if has_scheme { &text[7..] } else { text };
    let (local, host) = text.split_once('@')?;
    let allowed = |c: char| !c.is_whitespace() && !c.is_control() && !"\"<>\\,;:()[]@?".contains(c);
    let sane = |part: &str| !part.is_empty() && part.chars().all(allowed);
    (text.len() <= LONGEST && sane(local) && sane(host)).then_some(text)
}

fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::NeedsAction => "NEEDS-ACTION",
        Answer::Accepted => "ACCEPTED",
        Answer::Declined => "DECLINED",
        Answer::Tentative => "TENTATIVE",
        Answer::Delegated => "DELEGATED",
    }
}

fn role(role: AttendeeRole) -> &'static str {
    match role {
        AttendeeRole::Chair => "CHAIR",
        AttendeeRole::Required => "REQ-PARTICIPANT",
        AttendeeRole::Optional => "OPT-PARTICIPANT",
        AttendeeRole::Informed => "NON-PARTICIPANT",
    }
}

/// Somebody as another server tells them.
pub(super) fn read(property: &Property) -> Attendee {
    let param = |name: &str| property.param(name).map(str::to_ascii_uppercase);
    let value = property.value.trim();
    // some tell the address beside an identifier of their own
    let told = mail_address(value).or_else(|| mail_address(property.param("EMAIL")?));
    Attendee {
        address: told.unwrap_or(value).to_owned(),
        name: property.param("CN").map(str::to_owned),
        answer: param("PARTSTAT").and_then(|answer| match answer.as_str() {
            "NEEDS-ACTION" => Some(Answer::NeedsAction),
            "ACCEPTED" => Some(Answer::Accepted),
            "DECLINED" => Some(Answer::Declined),
            "TENTATIVE" => Some(Answer::Tentative),
            "DELEGATED" => Some(Answer::Delegated),
            _ => None,
        }),
        role: param("ROLE").and_then(|role| match role.as_str() {
            "CHAIR" => Some(AttendeeRole::Chair),
            "REQ-PARTICIPANT" => Some(AttendeeRole::Required),
            "OPT-PARTICIPANT" => Some(AttendeeRole::Optional),
            "NON-PARTICIPANT" => Some(AttendeeRole::Informed),
            _ => None,
        }),
        rsvp: param("RSVP").as_deref() == Some("TRUE"),
    }
}
