//! Which days a rule means.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Weekday};

use crate::text::rule::{Frequency, Rule};

/// The rule with what it leaves to its begin written out (RFC 5545 §3.3.10).
pub(super) fn told(mut rule: Rule, start: NaiveDateTime) -> Rule {
    let day_told =
        !rule.days.is_empty() || !rule.month_days.is_empty() || !rule.year_days.is_empty();
    let month_day = i32::try_from(start.day()).unwrap_or(1);
    match rule.frequency {
        _ if day_told => {}
        Frequency::Yearly if !rule.weeks.is_empty() => rule.days = vec![(0, start.weekday())],
        Frequency::Yearly => {
            if rule.months.is_empty() {
                rule.months = vec![start.month()];
            }
            rule.month_days = vec![month_day];
        }
        Frequency::Monthly => rule.month_days = vec![month_day],
        Frequency::Weekly => rule.days = vec![(0, start.weekday())],
        _ => {}
    }
    rule
}

impl Rule {
    /// Whether a day is meant, by all parts that name days.
    pub(super) fn means(&self, day: NaiveDate) -> bool {
        (self.months.is_empty() || self.months.contains(&day.month()))
            && is_in(
                &self.month_days,
                day.day(),
                u32::from(day.num_days_in_month()),
            )
            && is_in(&self.year_days, day.ordinal(), year_length(day.year()))
            && (self.weeks.is_empty() || self.is_in_weeks(day))
            && (self.days.is_empty() || self.days.iter().any(|one| self.is_weekday(*one, day)))
    }

    /// `nth` counts in the month, or in the year for yearly rules without months.
    fn is_weekday(&self, (nth, weekday): (i32, Weekday), day: NaiveDate) -> bool {
        if day.weekday() != weekday {
            return false;
        }
        let in_year = self.frequency == Frequency::Yearly && self.months.is_empty();
        let (place, length) = match in_year {
            true => (day.ordinal(), year_length(day.year())),
            false => (day.day(), u32::from(day.num_days_in_month())),
        };
        let week = match nth {
            0 => return true,
            1.. => (place - 1) / 7 + 1,
            _ => (length - place) / 7 + 1,
        };
        week == nth.unsigned_abs()
    }

    /// Weeks belong to the year in which most of their days lie.
    fn is_in_weeks(&self, day: NaiveDate) -> bool {
        let begin = week_begin(day, self.week_start);
        // the fourth day of a week tells its year
        let Some(middle) = begin.checked_add_days(Days::new(3)) else {
            return false;
        };
        let number = (middle.ordinal() - 1) / 7 + 1;
        let first = NaiveDate::from_ymd_opt(middle.year(), 12, 31);
        // the week that holds December 28 is the last
        let last = first.and_then(|day| day.checked_sub_days(Days::new(3)));
        let weeks = last.map_or(52, |last| {
            let begin = week_begin(last, self.week_start);
            let middle = begin.checked_add_days(Days::new(3)).unwrap_or(begin);
            (middle.ordinal() - 1) / 7 + 1
        });
        is_in(&self.weeks, number, weeks)
    }
}

/// The first day of the week that a day lies in.
pub(super) fn week_begin(day: NaiveDate, week_start: Weekday) -> NaiveDate {
    let into = day.weekday().days_since(week_start);
    day.checked_sub_days(Days::new(u64::from(into)))
        .unwrap_or(day)
}

/// Whether a place is listed, counted from the begin or (negative) from the end; an empty list
/// lists all.
fn is_in(list: &[i32], place: u32, length: u32) -> bool {
    let signed = |number: u32| i32::try_from(number).unwrap_or(0);
    let back = signed(place) - signed(length) - 1;
    list.is_empty() || list.contains(&signed(place)) || list.contains(&back)
}

fn year_length(year: i32) -> u32 {
    if NaiveDate::from_ymd_opt(year, 2, 29).is_some() {
        366
    } else {
        365
    }
}
