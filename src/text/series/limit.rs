//! Only the changed instances that matter (RFC 4791 §9.6.6).

use super::instances::{Search, groups};
use crate::domain::Span;
use crate::text::recur::Budget;
use crate::text::when::When;
use crate::text::zone::Zones;
use crate::text::{Component, Zone};

/// The calendar without the changed instances that neither lie in a span nor would without the
/// change, nor change later ones.
#[must_use]
pub fn limit_recurrence_set(calendar: &Component, span: Span, zone: &Zone) -> Component {
    let mut search = Search {
        span,
        zone,
        most: usize::MAX,
        budget: Budget::default(),
    };
    let zones = Zones::of(calendar);
    let mut kept = vec![true; calendar.components.len()];
    for events in groups(calendar) {
        let series = events.iter().find(|event| event.id.is_none());
        for event in events
            .iter()
            .filter(|event| event.id.is_some() && !event.and_later)
        {
            let now = !search.instances(std::slice::from_ref(event)).is_empty();
            let now = now || search.budget.is_spent();
            let length = series.map_or(event.length, |series| series.length);
            let then = || {
                let id = &calendar.components[event.component];
                let id = id.property("RECURRENCE-ID")?;
                let start = When::read(&id.value, id, &zones)?;
                Some(search.touches(&start, &length.after(&start)))
            };
            kept[event.component] = now || then().unwrap_or(true);
        }
    }
    let mut kept = kept.into_iter();
    let mut limited = calendar.clone();
    limited.components.retain(|_| kept.next().unwrap_or(true));
    limited
}
