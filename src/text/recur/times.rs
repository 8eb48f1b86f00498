//! Times of day that a rule means.

use std::rc::Rc;

use chrono::{NaiveDateTime, NaiveTime, Timelike};

use super::seconds_of;
use crate::text::rule::Rule;

/// The times of day that all periods of at least a day share.
pub(super) fn times(rule: &Rule, start: NaiveDateTime) -> Rc<[NaiveTime]> {
    if seconds_of(rule.frequency).is_some() {
        return Rc::from([]);
    }
    let hours = or(&rule.hours, start.hour());
    let hours: Vec<_> = hours
        .iter()
        .filter_map(|hour| NaiveTime::from_hms_opt(*hour, 0, 0))
        .collect();
    let minutes = minutes(&hours, &rule.minutes, start.minute());
    seconds(&minutes, &rule.seconds, start.second()).into()
}

/// The minutes of these hours; without a list the one of the begin.
pub(super) fn minutes(hours: &[NaiveTime], minutes: &[u32], own: u32) -> Vec<NaiveTime> {
    let minutes = or(minutes, own);
    let each = |hour: &NaiveTime| {
        let hour = *hour;
        minutes
            .clone()
            .into_iter()
            .filter_map(move |minute| hour.with_minute(minute))
    };
    hours.iter().flat_map(each).collect()
}

/// The seconds of these minutes; without a list the one of the begin.
pub(super) fn seconds(minutes: &[NaiveTime], seconds: &[u32], own: u32) -> Vec<NaiveTime> {
    let seconds = or(seconds, own);
    let each = |minute: &NaiveTime| {
        let minute = *minute;
        seconds
            .clone()
            .into_iter()
            .filter_map(move |second| minute.with_second(second))
    };
    minutes.iter().flat_map(each).collect()
}

fn or(list: &[u32], own: u32) -> Vec<u32> {
    if list.is_empty() {
        vec![own]
    } else {
        list.to_vec()
    }
}

/// The same day with another time of it.
pub(super) fn with(
    at: NaiveDateTime,
    hour: Option<u32>,
    minute: Option<u32>,
    second: Option<u32>,
) -> NaiveDateTime {
    let time = at.time();
    let set = NaiveTime::from_hms_opt(
        hour.unwrap_or(time.hour()),
        minute.unwrap_or(time.minute()),
        second.unwrap_or(time.second()),
    );
    at.date().and_time(set.unwrap_or(time))
}
