//! VTIMEZONE, made from what the zone does around these years (RFC 5545 §3.6.5).

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday,
};

use super::lines::Lines;
use crate::infomaniak::pim::zone::Zone;

/// The years that are looked at.
const YEARS: std::ops::RangeInclusive<i32> = 2020..=2030;

/// A change of the offset.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Change {
    at: DateTime<Utc>,
    before: FixedOffset,
    after: FixedOffset,
}

/// A change that comes every year: the `nth` weekday of a month (-1 the last) at a wall time.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Yearly {
    month: u32,
    nth: i8,
    day: Weekday,
    time: chrono::NaiveTime,
    before: FixedOffset,
    after: FixedOffset,
}

impl Change {
    /// What the clock showed until then.
    fn wall(&self) -> NaiveDateTime {
        self.at.naive_utc() + self.before
    }

    fn yearly(&self, last: bool) -> Yearly {
        let wall = self.wall();
        let nth = wall.day0() / 7 + 1;
        Yearly {
            month: wall.month(),
            nth: if last {
                -1
            } else {
                i8::try_from(nth).unwrap_or(5)
            },
            day: wall.weekday(),
            time: wall.time(),
            before: self.before,
            after: self.after,
        }
    }

    fn in_last_week(&self) -> bool {
        let day = self.wall().date();
        (day + Days::new(7)).month() != day.month()
    }
}

/// A moment of those years.
fn today() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(365 * 56)
}

/// All changes of those years.
fn changes(zone: Zone) -> Vec<Change> {
    let start = |year: i32| {
        NaiveDate::from_ymd_opt(year, 1, 1)
            .map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc())
    };
    let (Some(mut at), Some(end)) = (start(*YEARS.start()), start(*YEARS.end() + 1)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    while at < end {
        let next = at + TimeDelta::days(7);
        let (before, after) = (zone.offset(at), zone.offset(next));
        if before != after {
            found.push(Change {
                at: exact(zone, at, next),
                before,
                after,
            });
        }
        at = next;
    }
    found
}

/// The first moment of the new offset.
fn exact(zone: Zone, mut low: DateTime<Utc>, mut high: DateTime<Utc>) -> DateTime<Utc> {
    let old = zone.offset(low);
    while high - low > TimeDelta::seconds(1) {
        let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
        if zone.offset(middle) == old {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The two changes of every year, where they are the same each year.
fn regular(changes: &[Change]) -> Option<Vec<Yearly>> {
    let years = YEARS.count();
    if changes.len() != years * 2 {
        return None;
    }
    let rule = |first: usize| {
        let ones = || changes.iter().skip(first).step_by(2);
        let last = ones().all(Change::in_last_week);
        let yearly = changes[first].yearly(last);
        ones()
            .all(|one| one.yearly(last) == yearly)
            .then_some(yearly)
    };
    Some(vec![rule(0)?, rule(1)?])
}

/// Writes the component; `name` is what times in it call it.
pub(super) fn write(lines: &mut Lines, name: &str, zone: Zone) {
    lines.plain("BEGIN", "VTIMEZONE");
    lines.plain("TZID", name);
    let changes = changes(zone);
    match regular(&changes) {
        Some(rules) => rules.iter().for_each(|rule| every_year(lines, rule)),
        None => {
            let first = changes
                .first()
                .map_or_else(|| zone.offset(today()), |one| one.before);
            observance(lines, "19700101T000000", first, first, None);
            for change in &changes {
                let start = change.wall().format("%Y%m%dT%H%M%S").to_string();
                observance(lines, &start, change.before, change.after, None);
            }
        }
    }
    lines.plain("END", "VTIMEZONE");
}

fn every_year(lines: &mut Lines, rule: &Yearly) {
    let day = match rule.nth {
        -1 => (22..=31).rev().find_map(|day| {
            let date = NaiveDate::from_ymd_opt(1970, rule.month, day)?;
            (date.weekday() == rule.day).then_some(date)
        }),
        nth => NaiveDate::from_weekday_of_month_opt(1970, rule.month, rule.day, nth.unsigned_abs()),
    };
    let Some(day) = day else {
        return;
    };
    let start = day.and_time(rule.time).format("%Y%m%dT%H%M%S").to_string();
    let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let week = names[usize::try_from(rule.day.num_days_from_monday()).unwrap_or(0)];
    let yearly = format!(
        "FREQ=YEARLY;BYMONTH={};BYDAY={}{week}",
        rule.month, rule.nth
    );
    observance(lines, &start, rule.before, rule.after, Some(&yearly));
}

fn observance(
    lines: &mut Lines,
    start: &str,
    before: FixedOffset,
    after: FixedOffset,
    rule: Option<&str>,
) {
    let summer = after.local_minus_utc() > before.local_minus_utc();
    let kind = if summer { "DAYLIGHT" } else { "STANDARD" };
    let offset = |offset: FixedOffset| offset.to_string().replace(':', "");
    lines.plain("BEGIN", kind);
    lines.plain("DTSTART", start);
    lines.plain("TZOFFSETFROM", &offset(before));
    lines.plain("TZOFFSETTO", &offset(after));
    if let Some(rule) = rule {
        lines.plain("RRULE", rule);
    }
    lines.plain("END", kind);
}
