//! Filters of queries: CalDAV's (RFC 4791 §9.7) and CardDAV's (RFC 6352 §10.5), which share all
//! but the outermost level.

mod alarm;
mod card;
mod component;
mod parse;
mod property;
mod text;
mod time;

#[cfg(test)]
mod tests;

pub(super) use card::CardFilter;
pub(super) use component::CalendarFilter;
pub(super) use parse::span;
pub(super) use time::{Times, is_local, widened, zone};

/// How tests are joined (RFC 6352 §10.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    AnyOf,
    AllOf,
}

impl Test {
    /// Joins tests; none at all hold.
    fn of(self, mut tests: impl Iterator<Item = bool>) -> bool {
        match self {
            Self::AllOf => tests.all(|test| test),
            Self::AnyOf => {
                let mut none = true;
                tests.any(|test| {
                    none = false;
                    test
                }) || none
            }
        }
    }
}
