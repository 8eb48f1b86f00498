//! Lists that come in pages.

use std::collections::HashSet;

use crate::domain::{Error, Kind, Result};

/// A walk over a list's pages: it ends, and ends complete or in an error.
#[derive(Debug)]
pub struct Walk {
    seen: HashSet<String>,
    left: usize,
}

impl Walk {
    /// A walk of at most `pages` pages.
    #[must_use]
    pub fn new(pages: usize) -> Self {
        Self {
            seen: HashSet::new(),
            left: pages,
        }
    }

    /// Notes that the page at `cursor` (any text, also a page number) is asked next.
    ///
    /// # Errors
    /// `Broken` when that page was asked before or no more pages are allowed.
    pub fn step(&mut self, cursor: &str) -> Result<()> {
        let Some(left) = self.left.checked_sub(1) else {
            return Err(Error::cloud(Kind::Broken, "the list has too many pages"));
        };
        self.left = left;
        if !self.seen.insert(cursor.to_owned()) {
            return Err(Error::cloud(Kind::Broken, "the list's cursor repeats"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_cursor_ends_the_walk() {
        let mut walk = Walk::new(10);
        for cursor in ["", "a", "b"] {
            walk.step(cursor).expect("new");
        }
        let error = walk.step("a").expect_err("seen");
        assert_eq!(error.kind(), Kind::Broken);
    }

    #[test]
    fn pages_are_bounded() {
        let mut walk = Walk::new(2);
        walk.step("").expect("first");
        walk.step("a").expect("second");
        assert_eq!(walk.step("b").expect_err("third").kind(), Kind::Broken);
    }
}
