//! The property engine: a request's names start at 404, the first small function that knows a
//! name answers.

mod live;
mod plan;
mod resource;

pub(super) use plan::Plan;
pub(super) use resource::{Resource, Scene, What, etag};
