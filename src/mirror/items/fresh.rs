//! When a feed is looked at: as old as the rules allow, once for all who wait.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::super::freshness::Freshness;
use super::super::trouble::reading_all;
use super::feed::{FeedState, Inner};
use super::service::Service;
use crate::domain::{Call, Error, Fault, Feed, ItemKind, Kind, Reach, Result, ShelfId, Span};
use crate::store::FeedKey;
use crate::text::Render;

/// Told to clients while a first look goes on.
const FIRST_LOOK: Duration = Duration::from_secs(10);
/// What clients asked for within this time is refreshed without being asked for.
const LATELY: Duration = Duration::from_hours(2);
/// Without a client waiting, looks are so many times rarer.
const IDLE: u32 = 3;

/// What is to be done about a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Due {
    /// The last look at what is near is too old.
    near: bool,
    /// The last look at everything is too old.
    full: bool,
}

/// What is to be done where everything is still to be looked at.
const FIRST: Due = Due {
    near: false,
    full: true,
};

impl<K: Render> Service<K> {
    /// The feed of a shelf and its state.
    async fn feed_of(&self, shelf: &ShelfId) -> Result<(Feed, Arc<FeedState>)> {
        // Without the scope there are no feeds.
        self.items()?;
        self.load_list().await?;
        let known = self.list.known();
        let feeds = known.map(|known| known.feeds).unwrap_or_default();
        let feed = feeds
            .iter()
            .find(|feed| feed.shelves.contains(shelf))
            .ok_or_else(|| Error::bridge(Kind::Down, "no feed covers a collection"))?;
        let state = self.shared.feed(&self.key(feed));
        self.load_feed(feed, &state).await?;
        Ok((feed.clone(), state))
    }

    /// Whether a collection was looked at completely.
    fn is_complete(&self, shelf: &ShelfId) -> bool {
        let known = self.list.known();
        let mut collections = known.iter().flat_map(|known| known.collections.iter());
        collections.any(|known| known.shelf == *shelf && known.is_complete())
    }

    pub(super) fn key(&self, feed: &Feed) -> FeedKey {
        FeedKey {
            connection: self.connection.id,
            kind: K::KIND,
            feed: feed.id.clone(),
        }
    }

    async fn load_feed(&self, feed: &Feed, state: &FeedState) -> Result<()> {
        let generation = self.connection.generation;
        if state.inner().loaded >= Some(generation) {
            return Ok(());
        }
        let row = self.shared.store.feed(&self.key(feed)).await?;
        let (now, instant) = (self.shared.clock.now(), self.shared.clock.instant());
        let mut inner = state.inner();
        if inner.loaded < Some(generation) {
            inner.load(&row, generation, now, instant);
        }
        Ok(())
    }

    fn due(&self, inner: &Inner, now: Instant, times: u32) -> Due {
        let freshness = &self.shared.settings.freshness;
        let generation = self.connection.generation;
        let older = |full: bool, limit: Duration| {
            let age = inner.age(full, generation, now);
            age.is_none_or(|age| age >= limit)
        };
        if !inner.complete {
            return FIRST;
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

    /// Brings a collection up to date. `Ok`: its content may be served.
    pub(super) async fn freshen_shelf(
        self: &Arc<Self>,
        call: &Call,
        shelf: &ShelfId,
    ) -> Result<()> {
        let (feed, state) = self.feed_of(shelf).await?;
        let now = self.shared.clock.instant();
        let whole = self.is_complete(shelf);
        let (due, complete, rendered, paused) = {
            let mut inner = state.inner();
            inner.used = Some(now);
            let paused = inner.is_paused(self.connection.generation, now);
            let complete = inner.complete && whole;
            let due = if complete {
                self.due(&inner, now, 1)
            } else {
                FIRST
            };
            (due, complete, inner.rendered, paused)
        };
        if !rendered && complete {
            self.upgrade(call, &feed, &state).await?;
        }
        if !paused {
            let outcome = self.catch_up(call, &feed, &state, due, complete).await;
            if let Err(error) = outcome
                && error.fault() != Fault::Cloud
            {
                return Err(error);
            }
        }
        self.servable(&state)
    }

    /// Begins the first look, if there was none.
    pub(super) async fn begin_shelf(self: &Arc<Self>, shelf: &ShelfId) -> Result<()> {
        let (feed, state) = self.feed_of(shelf).await?;
        let now = self.shared.clock.instant();
        let whole = self.is_complete(shelf);
        let start = {
            let mut inner = state.inner();
            inner.used = Some(now);
            let complete = inner.complete && whole;
            !complete && !inner.is_paused(self.connection.generation, now)
        };
        if start {
            self.start(&feed, &state);
        }
        Ok(())
    }

    /// Joins or begins the looks that are due, as long as a client waits for them.
    async fn catch_up(
        self: &Arc<Self>,
        call: &Call,
        feed: &Feed,
        state: &Arc<FeedState>,
        due: Due,
        complete: bool,
    ) -> Result<()> {
        let freshness = &self.shared.settings.freshness;
        let near_is_all = !self.has_near(state);
        if due.near || (due.full && (!complete || near_is_all)) {
            let full = due.full && !due.near;
            let call_of = if complete {
                call.clone()
            } else {
                Call::background()
            };
            let patience = freshness.wait(call, true);
            self.join(call_of, feed, state, full, patience).await?;
        }
        if due.full && complete && !near_is_all {
            self.start(feed, state);
        }
        Ok(())
    }

    /// Whether looks at what is near are told apart from looks at everything.
    fn has_near(&self, state: &FeedState) -> bool {
        K::KIND == ItemKind::Event && !state.inner().cursor
    }

    /// Begins a look at everything and does not wait for it.
    fn start(self: &Arc<Self>, feed: &Feed, state: &Arc<FeedState>) {
        let (service, feed, state) = (self.clone(), feed.clone(), state.clone());
        tokio::spawn(async move {
            let call = Call::background();
            let _ = service
                .join(call, &feed, &state, true, Duration::ZERO)
                .await;
        });
    }

    async fn join(
        self: &Arc<Self>,
        call: Call,
        feed: &Feed,
        state: &Arc<FeedState>,
        full: bool,
        patience: Duration,
    ) -> Result<()> {
        let (service, feed, owned) = (self.clone(), feed.clone(), state.clone());
        let load = async move || service.take_look(&call, &feed, &owned, full).await;
        let clock = &*self.shared.clock;
        state.flight.join(clock, patience, load).await
    }

    /// One look, and what is remembered of how it went.
    async fn take_look(
        self: Arc<Self>,
        call: &Call,
        feed: &Feed,
        state: &FeedState,
        full: bool,
    ) -> Result<()> {
        let began = self.shared.clock.instant();
        let generation = self.connection.generation;
        if !state.inner().rendered {
            self.render_anew(feed, state).await?;
        }
        let outcome = self
            .look(call, feed, state, full)
            .await
            .map_err(reading_all);
        self.note(outcome.as_ref().map(|_| ())).await;
        let mut inner = state.inner();
        match &outcome {
            Ok(()) => inner.succeeded(full, generation, began),
            Err(error) => {
                inner.failed(error, generation, self.shared.clock.instant());
                tracing::info!(connection = %self.connection.slug, kind = K::KIND.as_str(), feed = %feed.id, error = %error.chain(), "look failed");
            }
        }
        outcome
    }

    /// Whether the content may be served: the last complete state, unless the cloud has signed
    /// the account out.
    fn servable(&self, state: &FeedState) -> Result<()> {
        let inner = state.inner();
        if inner.is_signed_out(self.connection.generation) {
            return Err(Error::cloud(
                Kind::SignedOut,
                "the cloud no longer accepts the token: connect the account again",
            ));
        }
        if inner.complete {
            return Ok(());
        }
        let left = inner.pause_left(self.shared.clock.instant());
        let kind = Kind::Busy {
            retry_after: Some(left.unwrap_or(FIRST_LOOK).max(Duration::from_secs(1))),
        };
        Err(match &inner.problem {
            Some(problem) if left.is_some() => {
                Error::cloud(kind, "the first look did not succeed yet").because(problem.repeat())
            }
            _ => Error::cloud(kind, "the first look is not complete yet"),
        })
    }

    /// Refreshes feeds that clients used lately.
    pub(super) async fn tend_feeds(self: &Arc<Self>) {
        let Some(known) = self.list.known() else {
            return;
        };
        for feed in known.feeds.iter() {
            let state = self.shared.feed(&self.key(feed));
            let now = self.shared.clock.instant();
            let due = {
                let inner = state.inner();
                let lately = inner
                    .used
                    .is_some_and(|used| now.duration_since(used) < LATELY);
                let paused = inner.is_paused(self.connection.generation, now);
                if inner.loaded.is_none() || !lately || paused {
                    continue;
                }
                self.due(&inner, now, IDLE)
            };
            if due.near || due.full {
                let (call, long) = (Call::background(), Duration::from_hours(1));
                let _ = self.join(call, feed, &state, due.full, long).await;
            }
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
