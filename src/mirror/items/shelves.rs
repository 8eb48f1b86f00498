//! The list of an account's calendars or address books.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::super::flight::Flight;
use super::super::trouble::reading_all;
use super::collection::Collection;
use super::problem::Problem;
use super::service::Service;
use crate::domain::{Call, Error, Fault, Feed, Kind, Result, Shelf, ShelfId};
use crate::store::{CollectionRow, Store};
use crate::text::Render;

/// Two lists that have to agree are at least so far apart.
const AGREE_AFTER: Duration = Duration::from_mins(10);
/// The same where a list would take everything, or more than half of many, away.
const AGREE_ON_MANY_AFTER: Duration = Duration::from_hours(1);
const MANY: usize = 20;
/// The cloud is not asked again before this time after a list that failed.
const PAUSE: Duration = Duration::from_secs(15);

type Collections = Arc<[Arc<Collection>]>;

/// The list in memory.
#[derive(Default)]
pub(super) struct ShelfList {
    flight: Flight<()>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Whether the stored list was taken over.
    loaded: bool,
    /// The last complete list.
    known: Option<Known>,
    /// When it was asked for, under this generation of the connection.
    asked: Option<Instant>,
    pause: Option<Instant>,
    missed: HashMap<ShelfId, Instant>,
}

/// A complete list, and the feeds that cover it.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) collections: Collections,
    pub(super) feeds: Arc<[Feed]>,
}

impl ShelfList {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last complete list, as it is.
    pub(super) fn known(&self) -> Option<Known> {
        self.inner().known.clone()
    }

    /// The shelves that the last complete list tells.
    pub(super) fn shelves(&self) -> HashSet<ShelfId> {
        let known = self.known();
        let collections = known.iter().flat_map(|known| known.collections.iter());
        collections.map(|known| known.shelf.clone()).collect()
    }

    /// The list is to be read soon: the cloud told of a shelf that it lacks.
    pub(super) fn outdate(&self) {
        self.inner().asked = None;
    }
}

impl<K: Render> Service<K> {
    /// The collections: complete, or the last complete list in times of trouble.
    pub(super) async fn list_shelves(self: &Arc<Self>, call: &Call) -> Result<Collections> {
        self.load_list().await?;
        let shared = &self.shared;
        let now = shared.clock.instant();
        let (known, due) = {
            let inner = self.list.inner();
            let age = inner.asked.map(|asked| now.duration_since(asked));
            let fresh = age.is_some_and(|age| age < shared.settings.freshness.shelves);
            let paused = inner.pause.is_some_and(|pause| now < pause);
            let known = inner.known.clone().map(|known| known.collections);
            let due = self.items.is_some() && !fresh && !(paused && known.is_some());
            (known, due)
        };
        if !due {
            // Without the scope nothing is new; what was listed before is not gone.
            return Ok(known.unwrap_or_else(|| Arc::from([])));
        }
        let patience = shared.settings.freshness.wait(call, known.is_some());
        let (service, waiting) = (self.clone(), call.clone());
        let load = async move || service.read_list(&waiting).await;
        let outcome = self.list.flight.join(&*shared.clock, patience, load).await;
        let now_known = self.list.known().map(|known| known.collections);
        match (outcome, now_known) {
            (Ok(()), Some(collections)) => Ok(collections),
            (Err(error), Some(collections)) if error.fault() == Fault::Cloud => Ok(collections),
            (Err(error), _) => Err(error),
            (Ok(()), None) => Err(Error::bridge(Kind::Broken, "a complete list is not there")),
        }
    }

    /// Takes the stored list over, once.
    pub(super) async fn load_list(&self) -> Result<()> {
        if self.list.inner().loaded {
            return Ok(());
        }
        let (id, store) = (self.connection.id, &self.shared.store);
        let read = store.shelf_list(id, K::KIND).await?;
        let known = self.read_known().await?;
        let (now, instant) = (self.shared.clock.now(), self.shared.clock.instant());
        let mut inner = self.list.inner();
        if !inner.loaded {
            inner.loaded = true;
            // A complete list was read once, or collections of it are there still. A backup's may
            // lack newer ones: it is told when it cannot be asked for, and never before.
            let restored = read.is_some_and(|(_, generation)| generation == Store::RESTORED);
            let listed = read.is_some() || !known.collections.is_empty();
            let listed = listed && !(restored && self.items.is_some());
            inner.known = listed.then_some(known);
            inner.asked = read
                .filter(|(_, generation)| *generation == self.connection.generation)
                .and_then(|(at, _)| instant.checked_sub((now - at).to_std().ok()?));
        }
        Ok(())
    }

    async fn read_known(&self) -> Result<Known> {
        let store = &self.shared.store;
        let read = self.shared.heads.moment();
        let incarnation = store.incarnation().await?;
        let rows = store.collections(self.connection.id, K::KIND).await?;
        let rows: Vec<CollectionRow> = rows.into_iter().filter(|row| !row.gone).collect();
        let shelves: Vec<Shelf> = rows.iter().map(shelf).collect();
        let feeds = self.items.as_ref().map(|items| items.feeds(&shelves));
        let collections = rows.into_iter().map(|row| {
            let cell = self.shared.heads.cell(&incarnation, &row, read);
            Arc::new(Collection {
                id: row.id,
                kind: K::KIND,
                name: named(&row),
                slug: row.slug,
                description: row.description,
                color: row.color,
                default: row.default,
                connection: self.connection.clone(),
                shelf: row.shelf,
                cell,
            })
        });
        Ok(Known {
            collections: collections.collect(),
            feeds: feeds.unwrap_or_default().into(),
        })
    }

    /// Takes over what another process published, which looks at the same feeds no more, or not
    /// yet.
    pub(super) async fn read_heads(&self) -> Result<()> {
        let store = &self.shared.store;
        let read = self.shared.heads.moment();
        let incarnation = store.incarnation().await?;
        for row in store.collections(self.connection.id, K::KIND).await? {
            self.shared.heads.cell(&incarnation, &row, read);
        }
        Ok(())
    }

    async fn read_list(self: &Arc<Self>, call: &Call) -> Result<()> {
        let asked = self.shared.clock.instant();
        let shelves = self.items()?.shelves(call).await.map_err(reading_all);
        self.note(shelves.as_ref().map(|_| ())).await;
        let shelves = match shelves {
            Ok(shelves) => shelves,
            Err(error) => {
                self.list.inner().pause = Some(asked + PAUSE);
                self.list_failed(&error).await;
                return Err(error);
            }
        };
        let gone = self.gone(&shelves, asked);
        let at = (self.shared.clock.now(), self.connection.generation);
        let (user, id) = (&self.connection.user, self.connection.id);
        let store = &self.shared.store;
        store
            .keep_shelves(user, id, K::KIND, &shelves, &gone, at)
            .await?;
        let known = self.read_known().await?;
        let mut inner = self.list.inner();
        inner.known = Some(known);
        inner.asked = Some(asked);
        inner.pause = None;
        Ok(())
    }

    /// Tells the log, and people, why the list was not read.
    async fn list_failed(&self, error: &Error) {
        let slug = &self.connection.slug;
        tracing::info!(connection = %slug, kind = K::KIND.as_str(), error = %error.chain(), "list of collections not read");
        if error.fault() != Fault::Cloud {
            return;
        }
        let (store, problem) = (&self.shared.store, Problem::of(error).text());
        let noted = store.note_list_problem(self.connection.id, K::KIND, &problem);
        if let Err(error) = noted.await {
            tracing::warn!(connection = %slug, error = %error.chain(), "problem not noted");
        }
    }

    /// Known shelves that are missing from this list and from an earlier one: proven gone.
    fn gone(&self, shelves: &[Shelf], now: Instant) -> Vec<ShelfId> {
        let mut inner = self.list.inner();
        let known = inner.known.as_ref().map(|known| known.collections.clone());
        let known = known.unwrap_or_else(|| Arc::from([]));
        let listed = |shelf: &ShelfId| shelves.iter().any(|listed| listed.id == *shelf);
        let missed: Vec<ShelfId> = known
            .iter()
            .map(|collection| collection.shelf.clone())
            .filter(|shelf| !listed(shelf))
            .collect();
        inner.missed.retain(|shelf, _| missed.contains(shelf));
        let many =
            missed.len() == known.len() || (known.len() >= MANY && missed.len() * 2 > known.len());
        let wait = if many {
            AGREE_ON_MANY_AFTER
        } else {
            AGREE_AFTER
        };
        let proven = missed.into_iter().filter(|shelf| {
            let since = *inner.missed.entry(shelf.clone()).or_insert(now);
            now.duration_since(since) >= wait
        });
        proven.collect()
    }
}

fn shelf(row: &CollectionRow) -> Shelf {
    Shelf {
        id: row.shelf.clone(),
        name: row.name.clone(),
        description: row.description.clone(),
        color: row.color.clone(),
        default: row.default,
    }
}

/// Clients take an empty name for none.
fn named(row: &CollectionRow) -> String {
    let name = row.name.trim();
    if name.is_empty() {
        row.slug.clone()
    } else {
        name.to_owned()
    }
}
