//! The periods that an interval counts: years, months, weeks, days, hours, minutes, seconds.

use std::rc::Rc;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::days::week_begin;
use super::times::{minutes, seconds, times, with};
use super::{Budget, Set, is_beyond, seconds_of};
use crate::text::rule::{Frequency, Rule};

/// The periods of a rule, from one on.
#[derive(Debug)]
pub(super) struct Periods {
    /// Begin of the first period.
    origin: NaiveDateTime,
    /// Number of the next one, in intervals.
    next: i64,
    /// Times of day, where all periods share them.
    times: Rc<[NaiveTime]>,
    start: NaiveDateTime,
}

impl Periods {
    /// The periods of a rule that begins at `start`, from the one that holds `from` on.
    pub(super) fn new(rule: &Rule, start: NaiveDateTime, from: NaiveDateTime) -> Self {
        let (day, midnight) = (start.date(), NaiveTime::MIN);
        let origin = match rule.frequency {
            Frequency::Yearly => day.with_ordinal(1).unwrap_or(day).and_time(midnight),
            Frequency::Monthly => day.with_day(1).unwrap_or(day).and_time(midnight),
            Frequency::Weekly => week_begin(day, rule.week_start).and_time(midnight),
            Frequency::Daily => day.and_time(midnight),
            Frequency::Hourly => with(start, None, Some(0), Some(0)),
            Frequency::Minutely => with(start, None, None, Some(0)),
            Frequency::Secondly => start,
        };
        let mut periods = Self {
            origin,
            next: 0,
            times: times(rule, start),
            start,
        };
        periods.next = periods.number_of(rule, from);
        periods
    }

    /// The number of the last period of the rule that begins at or before a time.
    fn number_of(&self, rule: &Rule, at: NaiveDateTime) -> i64 {
        let passed = at - self.origin;
        let months = |from: NaiveDateTime| i64::from(from.year()) * 12 + i64::from(from.month());
        let units = match rule.frequency {
            Frequency::Yearly => i64::from(at.year() - self.origin.year()),
            Frequency::Monthly => months(at) - months(self.origin),
            Frequency::Weekly => passed.num_days() / 7,
            Frequency::Daily => passed.num_days(),
            shorter => passed.num_seconds() / seconds_of(shorter).unwrap_or(1),
        };
        (units / i64::from(rule.interval)).max(0)
    }

    fn begin(&self, rule: &Rule, number: i64) -> Option<NaiveDateTime> {
        let units = number.checked_mul(i64::from(rule.interval))?;
        let count = u32::try_from(units).ok();
        match rule.frequency {
            Frequency::Yearly => self
                .origin
                .checked_add_months(Months::new(count?.checked_mul(12)?)),
            Frequency::Monthly => self.origin.checked_add_months(Months::new(count?)),
            Frequency::Weekly => self
                .origin
                .checked_add_days(Days::new(u64::from(count?) * 7)),
            Frequency::Daily => self.origin.checked_add_days(Days::new(u64::from(count?))),
            shorter => {
                let seconds = units.checked_mul(seconds_of(shorter)?)?;
                self.origin
                    .checked_add_signed(TimeDelta::try_seconds(seconds)?)
            }
        }
    }

    /// The begin and the instances of the next period; `None` at the end of time, or where the
    /// budget is spent.
    pub(super) fn next(
        &mut self,
        rule: &Rule,
        budget: &mut Budget,
    ) -> Option<(NaiveDateTime, Set)> {
        loop {
            let begin = self.begin(rule, self.next)?;
            if is_beyond(begin.date()) || !budget.take(1) {
                return None;
            }
            self.next += 1;
            if seconds_of(rule.frequency).is_none() {
                let days = long(rule, begin.date(), budget)?;
                budget.take(u32::try_from(rule.positions.len() / 4).unwrap_or(u32::MAX));
                return Some((
                    begin,
                    Set::new(days, Rc::clone(&self.times), &rule.positions),
                ));
            }
            if let Some(later) = missed(rule, begin) {
                let number = self.number_of(rule, later);
                let reached = self.begin(rule, number)? >= later;
                self.next = self.next.max(number + i64::from(!reached));
                continue;
            }
            let times = self.short(rule, begin.time());
            let steps = u32::try_from(times.len() + rule.positions.len()).unwrap_or(u32::MAX);
            if !budget.take(steps / 2) {
                return None;
            }
            return Some((begin, Set::new(vec![begin.date()], times, &rule.positions)));
        }
    }

    /// The times of a period shorter than a day.
    fn short(&self, rule: &Rule, begin: NaiveTime) -> Rc<[NaiveTime]> {
        let (minute, second) = (self.start.minute(), self.start.second());
        match rule.frequency {
            Frequency::Secondly => Rc::from([begin]),
            Frequency::Minutely => seconds(&[begin], &rule.seconds, second).into(),
            _ => seconds(
                &minutes(&[begin], &rule.minutes, minute),
                &rule.seconds,
                second,
            )
            .into(),
        }
    }
}

/// The first time at which a period shorter than a day could be meant again, where one that begins
/// now is not.
fn missed(rule: &Rule, begin: NaiveDateTime) -> Option<NaiveDateTime> {
    let allows = |list: &[u32], number: u32| list.is_empty() || list.contains(&number);
    if !rule.means(begin.date()) {
        return begin
            .date()
            .succ_opt()
            .map(|day| day.and_time(NaiveTime::MIN));
    }
    let ahead = if !allows(&rule.hours, begin.hour()) {
        let into = i64::from(begin.minute() * 60 + begin.second());
        TimeDelta::seconds(3600 - into)
    } else if rule.frequency < Frequency::Hourly && !allows(&rule.minutes, begin.minute()) {
        TimeDelta::seconds(60 - i64::from(begin.second()))
    } else if rule.frequency < Frequency::Minutely && !allows(&rule.seconds, begin.second()) {
        TimeDelta::seconds(1)
    } else {
        return None;
    };
    begin.checked_add_signed(ahead)
}

/// The days of a period that a rule means.
fn long(rule: &Rule, begin: NaiveDate, budget: &mut Budget) -> Option<Vec<NaiveDate>> {
    let length = match rule.frequency {
        Frequency::Yearly => return year(rule, begin, budget),
        Frequency::Monthly => u64::from(begin.num_days_in_month()),
        Frequency::Weekly => 7,
        _ => 1,
    };
    days(rule, begin, length, budget)
}

/// A year, without the months that are not meant.
fn year(rule: &Rule, begin: NaiveDate, budget: &mut Budget) -> Option<Vec<NaiveDate>> {
    let mut found = Vec::new();
    // the first and last week of a year reach into its neighbours
    if !rule.weeks.is_empty() {
        let from = begin.checked_sub_days(Days::new(6))?;
        return days(rule, from, 366 + 12, budget).map(|found| in_weeks_of(found, rule, begin));
    }
    for month in 1..=12 {
        if rule.months.is_empty() || rule.months.contains(&month) {
            let begin = begin.with_month(month)?;
            found.extend(days(
                rule,
                begin,
                u64::from(begin.num_days_in_month()),
                budget,
            )?);
        }
    }
    Some(found)
}

/// Of days in and around a year those in its weeks.
fn in_weeks_of(mut found: Vec<NaiveDate>, rule: &Rule, year: NaiveDate) -> Vec<NaiveDate> {
    found.retain(|day| {
        let middle = week_begin(*day, rule.week_start).checked_add_days(Days::new(3));
        middle.is_some_and(|middle| middle.year() == year.year())
    });
    found
}

fn days(rule: &Rule, from: NaiveDate, length: u64, budget: &mut Budget) -> Option<Vec<NaiveDate>> {
    // looking at a day is cheaper than giving an instance
    let steps = u32::try_from(length / 8).unwrap_or(u32::MAX) + 1;
    if !budget.take(steps) {
        return None;
    }
    let days = (0..length).filter_map(|ahead| from.checked_add_days(Days::new(ahead)));
    Some(days.filter(|day| rule.means(*day)).collect())
}
