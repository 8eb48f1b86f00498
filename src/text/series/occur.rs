//! Which instances of an object lie in a span.

use chrono::{DateTime, Utc};

use super::instances::{Search, groups};
use crate::domain::Span;
use crate::text::recur::Budget;
use crate::text::{Component, Zone};

/// An instance of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The component that describes it: its place in [`Component::components`].
    pub component: usize,
    /// The instant at which the series has it begin; `None` where there is no series.
    pub recurrence_id: Option<DateTime<Utc>>,
    /// Begin.
    pub start: DateTime<Utc>,
    /// First instant after it; the begin where it takes no time.
    pub end: DateTime<Utc>,
    /// Whether it takes whole days.
    pub is_date: bool,
}

/// The instances of an object in a span, in order of their begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Occurrences {
    /// Those that were found.
    pub list: Vec<Occurrence>,
    /// Whether the work was ended before all were found: there may be more.
    pub capped: bool,
}

/// The instances of the events of a calendar that touch a span by the rules of RFC 4791 §9.9; at
/// most `most`, so that 1 answers whether there is any. Days and local times are taken by the clock
/// of `zone`. Bounded: some 10 ms an object at worst.
#[must_use]
pub fn occurrences(calendar: &Component, span: Span, zone: &Zone, most: usize) -> Occurrences {
    let mut search = Search {
        span,
        zone,
        most,
        budget: Budget::default(),
    };
    let groups = groups(calendar);
    let instances = groups.iter().flat_map(|events| search.instances(events));
    let mut list: Vec<_> = instances
        .map(|one| Occurrence {
            component: one.component,
            recurrence_id: one.id.map(|id| id.instant(zone)),
            start: one.start.instant(zone),
            end: one.end.instant(zone),
            is_date: one.start.is_date(),
        })
        .collect();
    list.sort_by_key(|one| (one.start, one.component));
    list.truncate(most);
    Occurrences {
        capped: search.budget.is_spent() && list.len() < most,
        list,
    }
}
