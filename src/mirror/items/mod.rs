//! Calendars and address books: the copy of their items in the store.
//!
//! One worker at a time looks at a feed ([`look`]): rows are kept as the cloud gave them
//! ([`steps`]), what single readings tell is added ([`fetch`], [`keep`]), what is [`missing`] is
//! proven gone ([`prove`]), and the parts are joined into the texts that clients get ([`publish`]).
//! What rows do not tell of series is read [`again`].
//! Requests are answered from the store ([`read`], [`delta`]); a stale feed is looked at first, once
//! for all who wait ([`fresh`]).

mod again;
mod collection;
mod delta;
mod due;
mod feed;
mod fetch;
mod fresh;
mod head;
mod join;
mod keep;
mod look;
mod missing;
mod names;
mod problem;
mod prove;
mod publish;
mod read;
mod removal;
mod rows;
mod schedule;
mod service;
mod shelves;
mod status;
mod steps;
mod upgrade;

pub use collection::{Collection, Delta, Listing, Member, Row, Since};
pub use head::Head;
pub use problem::{Problem, Why};
pub use status::{FeedStatus, ServiceStatus};

pub(super) use service::Services;
