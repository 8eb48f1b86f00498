//! When alarms go off (RFC 5545 §3.8.6).

use chrono::{DateTime, TimeDelta, Utc};

use super::time::instant;
use crate::text::{Component, duration_seconds};

/// Alarms of an event, and repetitions of an alarm, that are looked at.
const MOST: usize = 50;
/// Longest length that is looked at, in seconds: a hundred years.
const LONGEST: i64 = 100 * 366 * 86_400;

/// When an alarm goes off.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Alarm {
    /// At an instant.
    At(DateTime<Utc>),
    /// So long after each begin.
    FromStart(TimeDelta),
    /// So long after each end.
    FromEnd(TimeDelta),
    /// Nobody knows.
    Unknown,
}

impl Alarm {
    /// Whether any time at which an alarm of an event goes off is as wanted.
    pub(super) fn any_of(event: &Component, mut wanted: impl FnMut(&Self) -> bool) -> bool {
        for (number, alarm) in event.inside("VALARM").enumerate() {
            if number == MOST {
                return true;
            }
            if Self::of(alarm).iter().any(&mut wanted) {
                return true;
            }
        }
        false
    }

    /// The times of one alarm: the first, and its repetitions.
    fn of(alarm: &Component) -> Vec<Self> {
        let value = |name| alarm.property(name).map(|one| one.value.trim());
        let Some(trigger) = alarm.property("TRIGGER") else {
            return vec![Self::Unknown];
        };
        let repeat = value("REPEAT").and_then(|repeat| repeat.parse::<usize>().ok());
        let pause = value("DURATION").and_then(length);
        let (repeat, pause) = match (repeat, pause) {
            (Some(repeat), Some(_)) if repeat > MOST => return vec![Self::Unknown],
            (Some(repeat), Some(pause)) => (repeat, pause),
            _ => (0, TimeDelta::zero()),
        };
        let at_end = trigger
            .param("RELATED")
            .is_some_and(|related| related.eq_ignore_ascii_case("END"));
        let mut times = Vec::with_capacity(repeat + 1);
        let mut later = TimeDelta::zero();
        for _ in 0..=repeat {
            times.push(Self::later(&trigger.value, at_end, later));
            later += pause;
        }
        times
    }

    fn later(trigger: &str, at_end: bool, later: TimeDelta) -> Self {
        let at = instant(trigger).and_then(|at| at.checked_add_signed(later));
        match (at, length(trigger.trim())) {
            (Some(at), _) => Self::At(at),
            (None, Some(offset)) if at_end => Self::FromEnd(offset + later),
            (None, Some(offset)) => Self::FromStart(offset + later),
            (None, None) => Self::Unknown,
        }
    }
}

/// A length that is looked at.
fn length(text: &str) -> Option<TimeDelta> {
    let seconds = duration_seconds(text).filter(|seconds| seconds.abs() <= LONGEST)?;
    Some(TimeDelta::seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::parse;

    #[test]
    fn alarms_repeat() {
        let of = |lines: &str| {
            let text = format!("BEGIN:VALARM\r\n{lines}\r\nEND:VALARM\r\n");
            Alarm::of(&parse(&text).unwrap())
        };
        let minutes = |minutes| TimeDelta::minutes(minutes);
        assert_eq!(
            of("TRIGGER:-PT10M\r\nREPEAT:2\r\nDURATION:PT5M"),
            [-10, -5, 0].map(|at| Alarm::FromStart(minutes(at)))
        );
        assert_eq!(of("TRIGGER;RELATED=END:PT0S"), [Alarm::FromEnd(minutes(0))]);
        let noon = DateTime::from_timestamp(1_767_268_800, 0).unwrap();
        assert_eq!(
            of("TRIGGER;VALUE=DATE-TIME:20260101T120000Z"),
            [Alarm::At(noon)]
        );
        for odd in [
            "ACTION:AUDIO",
            "TRIGGER:soon",
            "TRIGGER:-P36601D",
            "TRIGGER:PT1M\r\nREPEAT:9999\r\nDURATION:PT1S",
        ] {
            assert_eq!(of(odd), [Alarm::Unknown], "{odd}");
        }
    }
}
