//! What was asked: calls per route, requests in flight, the last requests.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

/// Counters of one simulation.
#[derive(Clone, Default)]
pub(crate) struct Traffic(Arc<Inner>);

#[derive(Default)]
struct Inner {
    now: AtomicUsize,
    peak: AtomicUsize,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    calls: BTreeMap<&'static str, u64>,
    last: VecDeque<Entry>,
}

/// One request that was answered; neither query nor credentials.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Entry {
    /// Method and path template, as in the counters.
    pub route: &'static str,
    /// The path that was asked, without query; for signed addresses and upload sessions the route.
    pub path: String,
    /// Status of the answer; 0 when the connection was cut instead.
    pub status: u16,
}

/// Requests in flight and the last ones.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Log {
    /// Requests now in flight; a request is in flight until its body is sent.
    pub in_flight: usize,
    /// Most requests that were in flight at once.
    pub peak: usize,
    /// The last requests, oldest first.
    pub requests: Vec<Entry>,
}

/// A request in flight, until dropped.
pub(crate) struct Flight(Traffic);

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Traffic {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call of `route`.
    pub(crate) fn begin(&self, route: &'static str) -> Flight {
        *self.books().calls.entry(route).or_default() += 1;
        let now = self.0.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.peak.fetch_max(now, Ordering::SeqCst);
        Flight(self.clone())
    }

    /// Notes how a request ended; `keep` is the most entries the log has.
    pub(crate) fn note(&self, entry: Entry, keep: usize) {
        let mut books = self.books();
        books.last.push_back(entry);
        while books.last.len() > keep {
            books.last.pop_front();
        }
    }

    pub(crate) fn counters(&self) -> BTreeMap<String, u64> {
        let books = self.books();
        let owned = |(route, calls): (&&str, &u64)| ((*route).to_owned(), *calls);
        books.calls.iter().map(owned).collect()
    }

    pub(crate) fn log(&self) -> Log {
        Log {
            in_flight: self.0.now.load(Ordering::SeqCst),
            peak: self.0.peak.load(Ordering::SeqCst),
            requests: self.books().last.iter().cloned().collect(),
        }
    }

    /// Forgets counters and log; what is in flight stays so.
    pub(crate) fn reset(&self) {
        *self.books() = Books::default();
        let now = self.0.now.load(Ordering::SeqCst);
        self.0.peak.store(now, Ordering::SeqCst);
    }
}
