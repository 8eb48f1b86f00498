//! The instances of a rule, in local time, one at a time and only from where they are asked for.
//!
//! calcard has an expander of its own, but it begins at `DTSTART`, gives all instances at once and
//! counts only those that it finds: a rule that never matches keeps it busy. Here every step has a
//! price, and a [`Budget`] ends the work.

mod days;
mod period;
mod times;

use std::ops::Range;
use std::rc::Rc;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::rule::{End, Frequency, Rule, Until};
use period::Periods;

/// Work that may still be done; a step looks at a day or gives an instance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    left: u32,
}

impl Budget {
    /// What one object may cost: some 10 ms.
    pub(super) const OBJECT: Self = Self { left: 100_000 };

    /// Takes this many steps; `false`: it is used up.
    pub(super) fn take(&mut self, steps: u32) -> bool {
        self.left = self.left.saturating_sub(steps);
        self.left > 0
    }

    /// Steps that may still be taken.
    #[cfg(test)]
    pub(super) fn left(&self) -> u32 {
        self.left
    }

    /// Whether it was used up.
    pub(super) fn is_spent(&self) -> bool {
        self.left == 0
    }
}

/// The instances of a rule, in order.
#[derive(Debug)]
pub(super) struct Instances {
    rule: Rule,
    start: NaiveDateTime,
    periods: Periods,
    /// Last local time that may be given.
    until: NaiveDateTime,
    /// Instances still to be counted.
    left: Option<u32>,
    /// Those of the last period that are due.
    due: Option<Set>,
}

/// Days and times of day; each day has each time.
#[derive(Debug)]
struct Set {
    days: Vec<NaiveDate>,
    times: Rc<[NaiveTime]>,
    /// The places in the order of all that are meant; `None`: each.
    places: Option<Vec<usize>>,
    /// What is left: of `places`, or of all.
    left: Range<usize>,
}

impl Instances {
    /// The instances of a rule that begins at `start`: all of them, or from shortly before `from`
    /// on where the rule is not counted.
    pub(super) fn new(rule: &Rule, start: NaiveDateTime, from: NaiveDateTime) -> Self {
        let rule = days::told(rule.clone(), start);
        let left = match rule.end {
            End::Count(count) => Some(count),
            End::Never | End::Until(_) => None,
        };
        let begin = if left.is_some() {
            start
        } else {
            from.max(start)
        };
        Self {
            periods: Periods::new(&rule, start, begin),
            until: NaiveDateTime::MAX,
            rule,
            start,
            left,
            due: None,
        }
    }

    /// The same, with a last local time.
    pub(super) fn until(mut self, last: NaiveDateTime) -> Self {
        self.until = self.until.min(last);
        self
    }

    /// The next instance; `None` at the end, or where the budget is spent.
    pub(super) fn next(&mut self, budget: &mut Budget) -> Option<NaiveDateTime> {
        loop {
            while let Some(local) = self.due.as_mut().and_then(Set::next) {
                if local > self.until || !budget.take(1) {
                    return None;
                }
                if local < self.start {
                    continue;
                }
                if let Some(left) = &mut self.left {
                    *left = left.checked_sub(1)?;
                }
                return Some(local);
            }
            let (begin, set) = self.periods.next(&self.rule, budget)?;
            if begin > self.until {
                return None;
            }
            self.due = Some(set);
        }
    }
}

impl Set {
    /// Everything, or only what stands at these places, counted from the begin or the end.
    fn new(days: Vec<NaiveDate>, times: Rc<[NaiveTime]>, positions: &[i32]) -> Self {
        let size = days.len() * times.len();
        let place = |position: &i32| {
            let back = usize::try_from(position.unsigned_abs()).ok()?;
            let place = if *position > 0 {
                back - 1
            } else {
                size.checked_sub(back)?
            };
            (place < size).then_some(place)
        };
        let places = (!positions.is_empty()).then(|| {
            let mut places: Vec<_> = positions.iter().filter_map(place).collect();
            places.sort_unstable();
            places.dedup();
            places
        });
        Self {
            left: 0..places.as_ref().map_or(size, Vec::len),
            places,
            days,
            times,
        }
    }

    fn next(&mut self) -> Option<NaiveDateTime> {
        let index = self.left.next()?;
        let place = self.places.as_ref().map_or(index, |places| places[index]);
        let (day, time) = (place / self.times.len(), place % self.times.len());
        Some(self.days[day].and_time(self.times[time]))
    }
}

/// The last local time that a rule's end allows, where it is told by date.
pub(super) fn last_local(
    end: End,
    local: impl Fn(NaiveDateTime) -> NaiveDateTime,
) -> NaiveDateTime {
    match end {
        End::Never | End::Count(_) => NaiveDateTime::MAX,
        End::Until(Until::Date(day)) => day.and_hms_opt(23, 59, 59).unwrap_or(NaiveDateTime::MAX),
        End::Until(Until::Local(last)) => last,
        End::Until(Until::Utc(last)) => local(last),
    }
}

/// No year after this one is looked at.
const LAST_YEAR: i32 = 9999;

/// Whether a day is beyond what is looked at.
fn is_beyond(day: NaiveDate) -> bool {
    day.year() > LAST_YEAR
}

/// How long a period of a frequency below a day is, in seconds.
fn seconds_of(frequency: Frequency) -> Option<i64> {
    match frequency {
        Frequency::Secondly => Some(1),
        Frequency::Minutely => Some(60),
        Frequency::Hourly => Some(3600),
        Frequency::Daily | Frequency::Weekly | Frequency::Monthly | Frequency::Yearly => None,
    }
}

#[cfg(test)]
mod tests;
