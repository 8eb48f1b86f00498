//! The filter of an addressbook-query (RFC 6352 §10.5).

use crate::text::parse;

use super::Test;
use super::property::PropFilter;

/// The filter of an addressbook-query.
#[derive(Debug)]
pub(in crate::dav::report) struct CardFilter {
    pub(super) test: Test,
    pub(super) props: Vec<PropFilter>,
}

impl CardFilter {
    /// Whether a card passes; one that cannot be read does.
    pub(in crate::dav::report) fn matches(&self, text: &str) -> bool {
        let Ok(card) = parse(text) else {
            return true;
        };
        self.test
            .of(self.props.iter().map(|prop| prop.matches(&card)))
    }

    /// Whether every card passes.
    pub(in crate::dav::report) fn is_empty(&self) -> bool {
        self.props.is_empty()
    }
}
