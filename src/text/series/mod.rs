//! Events in time: the instances of a calendar object, and what CalDAV makes of them.

mod busy;
mod expand;
mod instances;
mod length;
mod limit;
mod occur;
mod older;
mod timed;

pub use busy::BusyTimes;
pub use expand::expand;
pub use length::duration_seconds;
pub use limit::limit_recurrence_set;
pub use occur::{Occurrence, Occurrences, Timeline, occurrences};

pub(super) use length::Length;
pub(super) use older::{Later, excluded, later};

#[cfg(test)]
mod tests;
