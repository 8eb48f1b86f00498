//! XML in and out: a bounded tree of the request, a writer of multistatus answers.

mod name;
mod tree;
mod write;

pub(super) use name::{DAV, Name};
pub(super) use tree::{Element, XmlError, parse};
pub(super) use write::{Prefixes, Writer};
