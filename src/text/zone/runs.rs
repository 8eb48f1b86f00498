//! Changes that recur each year, told as one.

use chrono::{Datelike, NaiveDate, Weekday};

use super::transitions::{Transition, YEARS};

/// A day of the year that rules of zones name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// The last such weekday of a month.
    Last(u32, Weekday),
    /// The n-th such weekday of a month.
    Nth(u32, u32, Weekday),
    /// The first such weekday of a month on or after a day.
    From(u32, u32, Weekday),
}

/// One or more changes, alike in all but when they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// The first of them.
    pub(super) first: Transition,
    /// When the last of them is, seconds since 1970; `None`: it goes on.
    pub(super) last: Option<i64>,
    /// How the others are told.
    pub(super) others: Others,
}

/// How the changes of a run after its first are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Others {
    /// One each year, on this day.
    Yearly(Day),
    /// One by one: all, the first among them.
    Each(Vec<Transition>),
}

/// Fewer changes than this are told one by one.
const WORTH: usize = 3;

/// Groups changes, in order of the first of each group.
pub(super) fn runs(transitions: &[Transition]) -> Vec<Run> {
    let mut used = vec![false; transitions.len()];
    let mut runs = Vec::new();
    for first in 0..transitions.len() {
        if used[first] {
            continue;
        }
        let days = days(transitions[first].onset().date());
        let each = days.map(|day| (members(transitions, &used, first, day), day));
        // of equally long ones the first, which is the shortest to tell
        let best = each.rev().max_by_key(|(members, _)| members.len());
        let Some((members, day)) = best.filter(|(members, _)| members.len() >= WORTH) else {
            continue;
        };
        for &member in &members {
            used[member] = true;
        }
        let last = &transitions[members[members.len() - 1]];
        runs.push(Run {
            first: transitions[first].clone(),
            last: (last.year() < *YEARS.end()).then_some(last.at),
            others: Others::Yearly(day),
        });
    }
    let single = transitions.iter().zip(used).filter(|(_, used)| !used);
    runs.extend(alike(single.map(|(transition, _)| transition)));
    runs.sort_by_key(|run| run.first.at);
    runs
}

/// Groups changes that are alike but come in no order.
fn alike<'a>(single: impl Iterator<Item = &'a Transition>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for one in single {
        let same = |run: &&mut Run| (run.first.from, &run.first.to) == (one.from, &one.to);
        match runs.iter_mut().find(same) {
            Some(run) => {
                run.last = Some(one.at);
                if let Others::Each(others) = &mut run.others {
                    others.push(one.clone());
                }
            }
            None => runs.push(Run {
                first: one.clone(),
                last: Some(one.at),
                others: Others::Each(vec![one.clone()]),
            }),
        }
    }
    runs
}

/// All ways to name a date for other years, the shortest first.
fn days(date: NaiveDate) -> impl DoubleEndedIterator<Item = Day> {
    let (month, day, weekday) = (date.month(), date.day(), date.weekday());
    let is_last = date + chrono::Days::new(7) > end_of_month(date);
    let last = is_last.then_some(Day::Last(month, weekday));
    let nth = Day::Nth(month, (day - 1) / 7 + 1, weekday);
    // the seven days after it have to lie in the same month
    let from =
        (day.saturating_sub(6).max(1)..=day.min(25)).map(move |day| Day::From(month, day, weekday));
    last.into_iter().chain([nth]).chain(from)
}

fn end_of_month(date: NaiveDate) -> NaiveDate {
    let days = u32::from(date.num_days_in_month());
    date.with_day(days).unwrap_or(date)
}

/// The changes, one a year from `first` on, that this day tells.
fn members(transitions: &[Transition], used: &[bool], first: usize, day: Day) -> Vec<usize> {
    let model = &transitions[first];
    let mut members = vec![first];
    let mut year = model.year();
    for (index, other) in transitions.iter().enumerate().skip(first + 1) {
        if other.year() > year + 1 {
            break;
        }
        let alike = other.year() == year + 1
            && !used[index]
            && (other.from, &other.to) == (model.from, &model.to)
            && other.onset().time() == model.onset().time()
            && day.in_year(other.year()) == Some(other.onset().date());
        if alike {
            members.push(index);
            year += 1;
        }
    }
    members
}

impl Run {
    /// What of it is needed from one of the changes on, that one included; `None`: nothing.
    pub(super) fn from(&self, begin: i64) -> Option<Self> {
        if self.last.is_some_and(|last| last < begin) {
            return None;
        }
        let Others::Each(all) = &self.others else {
            return Some(self.clone());
        };
        let rest: Vec<_> = all.iter().filter(|one| one.at >= begin).cloned().collect();
        Some(Self {
            first: rest.first()?.clone(),
            last: self.last,
            others: Others::Each(rest),
        })
    }
}

impl Day {
    fn in_year(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::Nth(month, nth, weekday) => {
                NaiveDate::from_weekday_of_month_opt(year, month, weekday, u8::try_from(nth).ok()?)
            }
            Self::Last(month, weekday) => [5, 4]
                .iter()
                .find_map(|&nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth)),
            Self::From(month, day, weekday) => {
                let from = NaiveDate::from_ymd_opt(year, month, day)?;
                let ahead = weekday.days_since(from.weekday());
                let found = from + chrono::Days::new(u64::from(ahead));
                (found.month() == month).then_some(found)
            }
        }
    }

    /// The day as parts of a rule.
    pub(super) fn rule(self) -> String {
        let name = |weekday: Weekday| weekday.to_string()[..2].to_uppercase();
        match self {
            Self::Last(month, weekday) => format!("BYMONTH={month};BYDAY=-1{}", name(weekday)),
            Self::Nth(month, nth, weekday) => {
                format!("BYMONTH={month};BYDAY={nth}{}", name(weekday))
            }
            Self::From(month, day, weekday) => {
                let days: Vec<_> = (day..day + 7).map(|day| day.to_string()).collect();
                let days = days.join(",");
                format!("BYMONTH={month};BYMONTHDAY={days};BYDAY={}", name(weekday))
            }
        }
    }
}
