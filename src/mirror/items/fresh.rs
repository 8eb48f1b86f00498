//! When a feed is looked at: as old as the rules allow, once for all who wait.

use std::sync::Arc;
use std::time::Duration;

use super::super::trouble::reading_all;
use super::due::Due;
use super::feed::FeedState;
use super::service::Service;
use crate::domain::{Call, Error, Fault, Feed, ItemKind, Kind, Result, ShelfId};
use crate::store::FeedKey;
use crate::text::Render;

/// Told to clients while a first look goes on.
const FIRST_LOOK: Duration = Duration::from_secs(10);
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
                Due::FIRST
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

    pub(super) async fn join(
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
        state: &Arc<FeedState>,
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
            Ok(()) => {
                inner.succeeded(full, generation, began);
                self.start_reading_again(feed, state, &mut inner);
            }
            Err(error) => {
                inner.failed(error, generation, self.shared.clock.instant());
                tracing::info!(connection = %self.connection.slug, kind = K::KIND.as_str(), feed = %feed.id, error = %error.chain(), "look failed");
            }
        }
        outcome
    }

    /// Whether the content may be served: the last complete state, unless the cloud wants another
    /// token.
    fn servable(&self, state: &FeedState) -> Result<()> {
        let inner = state.inner();
        if let Some(refused) = inner.refused(self.connection.generation) {
            let message = match refused.kind() {
                Kind::NotGranted => "the token is not good for this: connect the account again",
                _ => "the cloud no longer accepts the token: connect the account again",
            };
            return Err(Error::cloud(refused.kind(), message).because(refused.repeat()));
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
}
