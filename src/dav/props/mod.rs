//! The property engine: a request's names start at 404, the first small function that knows a
//! name answers.

mod access;
mod caldav;
mod carddav;
mod dates;
mod live;
mod plan;
mod resource;
mod vendor;
mod webdav;
mod write;

pub(super) use dates::http_date;
pub(super) use plan::Plan;
pub(super) use resource::{Resource, Scene, What, etag};
