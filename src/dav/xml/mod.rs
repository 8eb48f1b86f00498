//! XML in and out: a bounded tree of the request, a writer of multistatus answers.

mod builder;
mod element;
mod name;
mod tree;
mod write;

pub(super) use builder::XmlError;
pub(super) use element::Element;
pub(super) use name::{CALDAV, CARDDAV, DAV, Name};
pub(super) use tree::parse;
pub(super) use write::{Prefixes, Writer};
