//! Which instances of an object lie in a span.

use chrono::{DateTime, Utc};

use super::instances::{Search, groups};
use super::timed::Timed;
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

/// The events of a calendar object in time, for several questions. The work that all of them
/// together may take is bounded: some 10 ms.
#[derive(Debug)]
pub struct Timeline {
    groups: Vec<Vec<Timed>>,
    budget: Budget,
}

impl Timeline {
    /// Of a calendar.
    #[must_use]
    pub fn of(calendar: &Component) -> Self {
        Self {
            groups: groups(calendar),
            budget: Budget::default(),
        }
    }

    /// The instances that touch a span by the rules of RFC 4791 §9.9; at most `most`, so that 1
    /// answers whether there is any. Days and local times are taken by the clock of `zone`.
    #[must_use]
    pub fn occurrences(&mut self, span: Span, zone: &Zone, most: usize) -> Occurrences {
        let mut search = Search {
            span,
            zone,
            most,
            budget: self.budget,
        };
        let groups = self.groups.iter();
        let instances = groups.flat_map(|events| search.instances(events));
        let mut list: Vec<_> = instances
            .map(|one| Occurrence {
                component: one.component,
                recurrence_id: one.id.map(|id| id.instant(zone)),
                start: one.start.instant(zone),
                end: one.end.instant(zone),
                is_date: one.start.is_date(),
            })
            .collect();
        self.budget = search.budget;
        list.sort_by_key(|one| (one.start, one.component));
        list.truncate(most);
        Occurrences {
            capped: self.budget.is_spent() && list.len() < most,
            list,
        }
    }

    /// Steps of work that may still be done.
    #[cfg(test)]
    pub(crate) fn left(&self) -> u32 {
        Budget::MOST.saturating_sub(self.budget.spent())
    }
}

/// The instances of the events of a calendar in a span, as of [`Timeline::occurrences`].
#[must_use]
pub fn occurrences(calendar: &Component, span: Span, zone: &Zone, most: usize) -> Occurrences {
    Timeline::of(calendar).occurrences(span, zone, most)
}
