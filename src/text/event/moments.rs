//! Sets of moments.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::join::order;
use crate::text::when::When;

/// Moments, found by their instants.
#[derive(Debug, Default)]
pub(super) struct Moments(BTreeMap<DateTime<Utc>, Vec<When>>);

impl Moments {
    pub(super) fn of<'w>(moments: impl Iterator<Item = &'w When>) -> Self {
        let mut all = Self::default();
        moments.for_each(|moment| _ = all.add(moment));
        all
    }

    pub(super) fn has(&self, moment: &When) -> bool {
        let here = self.0.get(&order(moment));
        here.is_some_and(|here| here.contains(moment))
    }

    /// Whether it is new.
    pub(super) fn add(&mut self, moment: &When) -> bool {
        let here = self.0.entry(order(moment)).or_default();
        let is_new = !here.contains(moment);
        if is_new {
            here.push(moment.clone());
        }
        is_new
    }
}
