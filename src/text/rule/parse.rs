//! From text to rule.

use std::ops::RangeInclusive;

use chrono::Weekday;

use super::{End, Frequency, Rule, Until};
use crate::text::when::{Form, parsed};

/// Longest text that is looked at.
const LONGEST: usize = 10_000;
/// First year of an end that is none.
const FOR_EVER: i32 = 9_000;
/// Largest interval; more is for ever.
const WIDEST: u32 = 9_999;
/// Largest number of instances: the largest integer that there is (RFC 5545 §3.3.8).
const MOST: u32 = i32::MAX.unsigned_abs();

impl Rule {
    /// Reads the value of an `RRULE`. Parts that RFC 5545 does not allow there are left out, values
    /// out of range too; `None` where no rule is left, or one that would say more than was meant.
    pub(in crate::text) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches("RRULE:");
        if text.len() > LONGEST {
            return None;
        }
        let parts: Vec<_> = text
            .split(';')
            .filter_map(|part| part.split_once('='))
            .map(|(name, value)| (name.trim().to_ascii_uppercase(), value.trim()))
            .collect();
        let part = |wanted: &str| {
            let mut named = parts.iter().filter(|(name, _)| name == wanted);
            named.next().map(|(_, value)| *value)
        };
        if part("RSCALE").is_some_and(|scale| !scale.eq_ignore_ascii_case("GREGORIAN")) {
            return None;
        }
        let positive = |name, range| numbers(part(name), range, false).map(unsigned);
        let signed = |name, most| numbers(part(name), 1..=most, true);
        let rule = Self {
            frequency: frequency(part("FREQ")?)?,
            interval: part("INTERVAL").map_or(Some(1), interval)?,
            end: end(part("COUNT"), part("UNTIL"))?,
            seconds: positive("BYSECOND", 0..=59)?,
            minutes: positive("BYMINUTE", 0..=59)?,
            hours: positive("BYHOUR", 0..=23)?,
            days: days(part("BYDAY"))?,
            month_days: signed("BYMONTHDAY", 31)?,
            year_days: signed("BYYEARDAY", 366)?,
            weeks: signed("BYWEEKNO", 53)?,
            months: positive("BYMONTH", 1..=12)?,
            positions: signed("BYSETPOS", 366)?,
            week_start: part("WKST").and_then(weekday).unwrap_or(Weekday::Mon),
        };
        Some(rule.allowed())
    }

    /// Without the parts that RFC 5545 does not allow together.
    fn allowed(mut self) -> Self {
        use Frequency::{Daily, Monthly, Weekly, Yearly};
        let numbered = match self.frequency {
            Monthly => true,
            Yearly => self.weeks.is_empty(),
            _ => false,
        };
        if !numbered {
            self.days.iter_mut().for_each(|(nth, _)| *nth = 0);
            sorted(&mut self.days);
        }
        if self.frequency == Weekly {
            self.month_days.clear();
        }
        if matches!(self.frequency, Daily | Weekly | Monthly) {
            self.year_days.clear();
        }
        if self.frequency != Yearly {
            self.weeks.clear();
        }
        if !self.has_parts() {
            self.positions.clear();
        }
        self
    }

    /// Whether any `BY` part but `BYSETPOS` is there.
    fn has_parts(&self) -> bool {
        let lists = [&self.seconds, &self.minutes, &self.hours, &self.months];
        let signed = [&self.month_days, &self.year_days, &self.weeks];
        !self.days.is_empty()
            || lists.iter().any(|list| !list.is_empty())
            || signed.iter().any(|list| !list.is_empty())
    }
}

fn frequency(text: &str) -> Option<Frequency> {
    Some(match text.to_ascii_uppercase().as_str() {
        "SECONDLY" => Frequency::Secondly,
        "MINUTELY" => Frequency::Minutely,
        "HOURLY" => Frequency::Hourly,
        "DAILY" => Frequency::Daily,
        "WEEKLY" => Frequency::Weekly,
        "MONTHLY" => Frequency::Monthly,
        "YEARLY" => Frequency::Yearly,
        _ => return None,
    })
}

fn interval(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(WIDEST).clamp(1, WIDEST))
}

/// `COUNT` where both are told, which is not allowed.
fn end(count: Option<&str>, until: Option<&str>) -> Option<End> {
    match (count, until) {
        (Some(count), _) => {
            let digits = !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit());
            let count = digits.then(|| count.parse().unwrap_or(MOST).min(MOST));
            count.filter(|count| *count > 0).map(End::Count)
        }
        (None, Some(text)) => until_of(text).map(|(year, until)| {
            // what clouds write for never
            if year >= FOR_EVER {
                End::Never
            } else {
                End::Until(until)
            }
        }),
        (None, None) => Some(End::Never),
    }
}

/// A last moment and its year.
fn until_of(text: &str) -> Option<(i32, Until)> {
    let (local, form) = parsed(text)?;
    let until = match form {
        Form::Date => Until::Date(local.date()),
        Form::Local => Until::Local(local),
        Form::Utc => Until::Utc(local),
    };
    let year = text.get(..4)?.parse().ok()?;
    // the year before it has to be there, for the way to UTC
    (year > 1).then_some((year, until))
}

/// The numbers of a list, sorted, each once. A list whose values are all out of range makes the
/// rule unreadable: without it the rule would say more.
fn numbers(text: Option<&str>, range: RangeInclusive<i32>, signed: bool) -> Option<Vec<i32>> {
    let Some(text) = text else {
        return Some(Vec::new());
    };
    let fits = |number: &i32| {
        let size = if signed {
            number.checked_abs()
        } else {
            Some(*number)
        };
        size.is_some_and(|size| range.contains(&size))
    };
    let parsed = text.split(',').filter_map(|one| one.trim().parse().ok());
    let mut numbers: Vec<i32> = parsed.filter(fits).collect();
    sorted(&mut numbers);
    (!numbers.is_empty()).then_some(numbers)
}

fn unsigned(numbers: Vec<i32>) -> Vec<u32> {
    numbers.into_iter().map(i32::unsigned_abs).collect()
}

fn days(text: Option<&str>) -> Option<Vec<(i32, Weekday)>> {
    let Some(text) = text else {
        return Some(Vec::new());
    };
    let mut days: Vec<_> = text.split(',').filter_map(day).collect();
    sorted(&mut days);
    (!days.is_empty()).then_some(days)
}

/// `MO`, `2MO`, `-1FR`.
fn day(text: &str) -> Option<(i32, Weekday)> {
    let text = text.trim();
    let (number, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let number = match number {
        "" => 0,
        number => number
            .parse()
            .ok()
            .filter(|nth: &i32| (1..=53).contains(&nth.unsigned_abs()))?,
    };
    Some((number, weekday(name)?))
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}

/// Sorts, and leaves each once.
fn sorted<T: Sortable>(list: &mut Vec<T>) {
    list.sort_unstable_by_key(T::key);
    list.dedup_by_key(|one| one.key());
}

trait Sortable {
    fn key(&self) -> (i32, u32);
}

impl Sortable for i32 {
    fn key(&self) -> (i32, u32) {
        (*self, 0)
    }
}

impl Sortable for (i32, Weekday) {
    fn key(&self) -> (i32, u32) {
        (self.0, self.1.num_days_from_monday())
    }
}
