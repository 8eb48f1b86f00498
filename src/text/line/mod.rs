//! Content lines (RFC 5545 §3.1, RFC 2425 §5.8), the syntax that iCalendar and vCard share: a tree
//! of components and properties, its text, and the way back.
//!
//! A [`Property`] holds its value as it stands in the text, escaped; parameters are held decoded.
//! Writing is a function of the tree alone, and no value can end its line.

mod component;
mod escape;
mod parse;
mod write;

pub use component::{Component, Param, Property};
pub(super) use escape::{clean, trimmed};
pub use parse::{parse, parse_all};

#[cfg(test)]
mod tests;
