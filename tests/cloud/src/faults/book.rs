//! Which faults strike a call.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::spec::{Fault, Kind};

/// The faults that are set, and how often each fitted.
#[derive(Default)]
pub(crate) struct Book(Mutex<Vec<Row>>);

struct Row {
    fault: Fault,
    fitted: u64,
}

/// What faults look at in a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) route: &'a str,
    pub(crate) path: &'a str,
    /// Page of a listing by cursor, from 1.
    pub(crate) page: u32,
}

impl Book {
    fn rows(&self) -> MutexGuard<'_, Vec<Row>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds faults.
    pub(crate) fn add(&self, faults: Vec<Fault>) {
        let rows = faults.into_iter().map(|fault| Row { fault, fitted: 0 });
        self.rows().extend(rows);
    }

    /// Forgets all faults.
    pub(crate) fn clear(&self) {
        self.rows().clear();
    }

    /// The faults that strike this call.
    pub(crate) fn strike(&self, seen: Seen<'_>) -> Vec<Kind> {
        let mut rows = self.rows();
        let struck = rows.iter_mut().filter_map(|row| row.strike(seen));
        struck.collect()
    }
}

impl Row {
    fn strike(&mut self, seen: Seen<'_>) -> Option<Kind> {
        let fault = &self.fault;
        let path = fault.path.as_ref().is_none_or(|path| fits(path, seen.path));
        let page = fault.page.is_none_or(|page| page == seen.page);
        if !(fits(&fault.route, seen.route) && path && page) {
            return None;
        }
        self.fitted += 1;
        let first = fault.nth.max(1);
        let late = fault.times > 0 && self.fitted >= first + fault.times;
        (self.fitted >= first && !late).then(|| fault.fault.clone())
    }
}

/// Equal, or a prefix when the pattern ends with `*`.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => text.starts_with(prefix),
        None => text == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(fault: Fault, calls: usize) -> Vec<bool> {
        let book = Book::default();
        book.add(vec![fault]);
        let seen = Seen {
            route: "GET /1/accounts",
            path: "/1/accounts",
            page: 1,
        };
        let strikes = (0..calls).map(|_| !book.strike(seen).is_empty());
        strikes.collect()
    }

    #[test]
    fn nth_and_times_choose_the_calls() {
        let fault = Fault::on("GET /1/*", Kind::Drop);
        assert_eq!(struck(fault.clone(), 3), [true, false, false]);
        assert_eq!(struck(fault.clone().nth(2), 3), [false, true, false]);
        assert_eq!(
            struck(fault.clone().nth(2).times(2), 4),
            [false, true, true, false]
        );
        assert_eq!(struck(fault.clone().always(), 3), [true; 3]);
        assert_eq!(struck(fault.clone().page(2), 1), [false]);
        assert_eq!(struck(fault.path("/1/profile"), 1), [false]);
        assert_eq!(struck(Fault::on("GET /1/account", Kind::Drop), 1), [false]);
    }
}
