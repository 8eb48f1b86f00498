//! How the copy stands, for people.

use chrono::{DateTime, Utc};

use super::problem::Problem;
use crate::domain::{ConnectionId, Result};
use crate::store::Store;

/// Calendars or address books of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceStatus {
    /// `event` or `contact`.
    pub kind: String,
    /// Calendars or address books.
    pub collections: u64,
    /// Items in them.
    pub items: u64,
    /// Why the list of calendars or address books could not be read the last time.
    pub problem: Option<Problem>,
    /// The feeds that bring them.
    pub feeds: Vec<FeedStatus>,
}

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedStatus {
    /// Its provider's name for it.
    pub id: String,
    /// Last complete look, at what is near or at everything.
    pub looked: Option<DateTime<Utc>>,
    /// Whether everything was looked at once.
    pub complete: bool,
    /// Steps done and steps in all of the look under way.
    pub progress: Option<(u32, u32)>,
    /// Records that could not be read.
    pub unreadable: u32,
    /// What was wrong at the last try.
    pub problem: Option<Problem>,
}

impl ServiceStatus {
    fn new(kind: String, collections: u64, items: u64) -> Self {
        Self {
            kind,
            collections,
            items,
            problem: None,
            feeds: Vec::new(),
        }
    }

    /// The services of a connection as the store tells of them; asks no cloud.
    pub async fn of(store: &Store, connection: ConnectionId) -> Result<Vec<Self>> {
        let mut services: Vec<Self> = Vec::new();
        for (kind, collections, items) in store.count_items(connection).await? {
            services.push(Self::new(kind, collections, items));
        }
        for (kind, problem) in store.list_problems(connection).await? {
            let problem = Problem::parse(&problem);
            let known = services.iter_mut().find(|service| service.kind == kind);
            match known {
                Some(service) => service.problem = problem,
                None => services.push(Self {
                    problem,
                    ..Self::new(kind, 0, 0)
                }),
            }
        }
        for (kind, id, row) in store.feeds(connection).await? {
            let Some(service) = services.iter_mut().find(|service| service.kind == kind) else {
                continue;
            };
            service.feeds.push(FeedStatus {
                id,
                looked: row.near_look.max(row.full_look),
                complete: row.full_look.is_some(),
                progress: (row.total > 0).then_some((row.done, row.total)),
                unreadable: row.unreadable,
                problem: row.problem.as_deref().and_then(Problem::parse),
            });
        }
        Ok(services)
    }
}
