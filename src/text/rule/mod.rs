//! Recurrence rules (RFC 5545 §3.3.10): read tolerantly, made valid, written in one order.

mod fit;
mod parse;
mod write;

use chrono::{NaiveDate, NaiveDateTime, Weekday};

/// A rule that keeps every limit of RFC 5545. Lists are sorted, without repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) frequency: Frequency,
    /// At least 1.
    pub(super) interval: u32,
    pub(super) end: End,
    pub(super) seconds: Vec<u32>,
    pub(super) minutes: Vec<u32>,
    pub(super) hours: Vec<u32>,
    /// Weekdays; which of the period's, counted from its begin or end, 0: each.
    pub(super) days: Vec<(i32, Weekday)>,
    pub(super) month_days: Vec<i32>,
    pub(super) year_days: Vec<i32>,
    pub(super) weeks: Vec<i32>,
    pub(super) months: Vec<u32>,
    pub(super) positions: Vec<i32>,
    pub(super) week_start: Weekday,
}

/// What an interval is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Frequency {
    Secondly,
    Minutely,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// Where a rule ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Never,
    /// After so many instances.
    Count(u32),
    /// With the last instance not after it.
    Until(Until),
}

/// The three forms of a last moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    Date(NaiveDate),
    Local(NaiveDateTime),
    Utc(NaiveDateTime),
}

#[cfg(test)]
mod tests;
