//! kDrive (fact sheet §3).
//!
//! [`tree`] has the objects, [`view`] tells them as JSON; the other modules are the calls.

pub(crate) mod access;
pub(crate) mod cancel;
pub(crate) mod cdn;
pub(crate) mod change;
pub(crate) mod cursor;
pub(crate) mod download;
pub(crate) mod drives;
pub(crate) mod edit;
pub(crate) mod feed;
pub(crate) mod hash;
pub(crate) mod listing;
pub(crate) mod log;
pub(crate) mod mime;
pub(crate) mod node;
pub(crate) mod places;
pub(crate) mod range;
pub(crate) mod rights;
pub(crate) mod search;
pub(crate) mod session;
pub(crate) mod stat;
pub(crate) mod target;
pub(crate) mod trash;
pub(crate) mod tree;
pub(crate) mod tree_feed;
mod tree_find;
pub(crate) mod upload;
pub(crate) mod view;
pub(crate) mod with;

use super::routes::{Needs, Route};
use super::state::Handler;

pub(crate) const DRIVE: Needs = Needs::Scope("drive");

/// A route that needs the scope `drive`.
pub(crate) const fn row(key: &'static str, handler: Handler) -> Route {
    Route {
        key,
        needs: DRIVE,
        handler,
    }
}

/// The tables of all kDrive calls; fixed words stand before `{…}` in their place.
pub(crate) const TABLES: &[&[Route]] = &[
    drives::ROUTES,
    search::ROUTES,
    change::ROUTES,
    listing::ROUTES,
    feed::ROUTES,
    tree_feed::ROUTES,
    stat::ROUTES,
    download::ROUTES,
    upload::ROUTES,
    session::ROUTES,
    trash::ROUTES,
    cancel::ROUTES,
    cdn::ROUTES,
];
