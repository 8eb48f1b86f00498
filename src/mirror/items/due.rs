//! What is to be looked at: as old as the rules allow.

use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::super::freshness::Freshness;
use super::feed::Inner;
use super::service::Service;
use crate::domain::{ItemKind, Reach, Span};
use crate::text::Render;

/// What is to be done about a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    /// The last look at what is near is too old.
    pub(super) near: bool,
    /// The last look at everything is too old.
    pub(super) full: bool,
}

impl Due {
    /// Everything is still to be looked at.
    pub(super) const FIRST: Self = Self {
        near: false,
        full: true,
    };
}

impl<K: Render> Service<K> {
    /// What is to be done about a feed; `times`: how many times rarer than with a client waiting.
    pub(super) fn due(&self, inner: &Inner, now: Instant, times: u32) -> Due {
        let freshness = &self.shared.settings.freshness;
        let generation = self.connection.generation;
        let older = |full: bool, limit: Duration| {
            let age = inner.age(full, generation, now);
            age.is_none_or(|age| age >= limit)
        };
        if !inner.complete {
            return Due::FIRST;
        }
        match (K::KIND, inner.cursor) {
            (ItemKind::Event, false) => Due {
                near: older(false, freshness.events_near * times),
                full: older(true, freshness.events_full),
            },
            (ItemKind::Event, true) => Due {
                near: false,
                full: older(true, freshness.events * times),
            },
            (ItemKind::Contact, _) => Due {
                near: false,
                full: older(true, freshness.contacts * times),
            },
        }
    }

    /// What a look goes over.
    pub(super) fn reach(&self, full: bool) -> Reach {
        let now = self.shared.clock.now();
        let Freshness {
            horizon_past,
            horizon_future,
            ..
        } = self.shared.settings.freshness;
        let days = |days: u32| TimeDelta::days(i64::from(days));
        if full {
            return Reach::Full(Span {
                from: now - days(horizon_past),
                to: now + days(horizon_future),
            });
        }
        // One window of the narrowest cloud, most of it ahead.
        Reach::Near(Span {
            from: now - days(horizon_past.min(7)),
            to: now + days(horizon_future.min(70)),
        })
    }
}
