//! Versions of content.

use std::sync::Arc;

/// Opaque tag of one state of an entry's content: equal tags mean equal bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version(Arc<str>);

impl Version {
    /// From the cloud's own tag, or one that the provider made of stable facts.
    pub fn new(tag: impl Into<Arc<str>>) -> Self {
        Self(tag.into())
    }

    /// The tag; may hold any character a cloud can send.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
