//! Rows that are told otherwise than they are.

use chrono::DateTime;
use davbridge::domain::{Part, Step, Version};

use super::Sample;

/// The same row as it was before.
pub(super) fn older<K: Sample>(step: &Step<K>) -> Step<K> {
    let mut step = step.clone();
    if let Step::Seen(seen) = &mut step {
        seen.version = Version::new("older");
        seen.value = Some(K::sample("older", DateTime::UNIX_EPOCH));
    }
    step
}

/// Makes the row of a part unreadable.
pub(super) fn spoil<K: Sample>(step: &mut Step<K>, part: &Part) {
    if let Step::Seen(seen) = step
        && seen.part == *part
    {
        *step = Step::Unreadable {
            item: Some(seen.item.clone()),
            reason: "planted".to_owned(),
        };
    }
}
