//! XML in and out: a bounded tree of the request, a writer of multistatus answers.

mod element;
mod name;
mod tree;
mod write;

pub(super) use element::Element;
pub(super) use name::{CALDAV, CARDDAV, DAV, Name};
pub(super) use tree::{XmlError, parse};
pub(super) use write::{Prefixes, Writer};
