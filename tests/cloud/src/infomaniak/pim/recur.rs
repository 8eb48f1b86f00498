//! What a rule of recurrence expands to.
//!
//! The rule runs on the digits of the clock on the wall, so that zones play no part in it; what
//! instant a wall time is, is decided afterwards.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use rrule::{RRule, RRuleSet, Tz, Unvalidated};

use super::span::Span;

/// Most instances that are looked at, from the first one on.
const MOST: usize = 50_000;

/// Reads a rule, such as `FREQ=WEEKLY;BYDAY=WE`; `None` when it makes no sense.
pub(crate) fn read(rule: &str, span: &Span) -> Option<RRuleSet> {
    let parts = rule.split(';').map(|part| match part.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("UNTIL") => {
            until(value, span).map(|until| format!("UNTIL={until}"))
        }
        _ => Some(part.to_owned()),
    });
    let parts: Vec<String> = parts.collect::<Option<_>>()?;
    let rule: RRule<Unvalidated> = parts.join(";").parse().ok()?;
    let start = Tz::UTC.from_utc_datetime(&span.wall());
    let rule = rule.validate(start).ok()?;
    if rule.get_interval() == 0 {
        return None;
    }
    Some(RRuleSet::new(start).rrule(rule).limit())
}

/// The last moment in digits of the wall. A day stands for all of it.
fn until(text: &str, span: &Span) -> Option<String> {
    let wall = if let Ok(day) = NaiveDate::parse_from_str(text, "%Y%m%d") {
        day.and_hms_opt(23, 59, 59)?
    } else {
        let wall = NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y%m%dT%H%M%S");
        let wall = wall.ok()?;
        let utc = text.ends_with('Z') && !span.all_day();
        if utc {
            span.zone.wall(wall.and_utc())
        } else {
            wall
        }
    };
    Some(wall.format("%Y%m%dT%H%M%SZ").to_string())
}

/// The beginnings up to `last`, and whether there are more that were not looked at.
pub(crate) fn expand(set: &RRuleSet, last: NaiveDateTime) -> (Vec<NaiveDateTime>, bool) {
    let within = |at: &DateTime<Tz>| at.with_timezone(&Utc).naive_utc() <= last;
    let dates = set.into_iter().take_while(within).take(MOST);
    let walls: Vec<NaiveDateTime> = dates.map(|at| at.with_timezone(&Utc).naive_utc()).collect();
    let capped = walls.len() == MOST;
    (walls, capped)
}
