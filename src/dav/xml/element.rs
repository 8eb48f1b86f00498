//! Elements of a request.

use super::name::{DAV, Name};

/// An element of a request.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    /// Its name.
    pub(crate) name: Name,
    /// Its attributes without a prefix: name and value.
    pub(crate) attributes: Vec<(String, String)>,
    /// Its own text, that of its children left out.
    pub(crate) text: String,
    /// Its child elements.
    pub(crate) children: Vec<Self>,
}

impl Element {
    /// The first child of that name in `DAV:`.
    pub(crate) fn child(&self, local: &str) -> Option<&Self> {
        self.child_in(DAV, local)
    }

    /// The first child of that name.
    pub(crate) fn child_in(&self, namespace: &str, local: &str) -> Option<&Self> {
        self.children
            .iter()
            .find(|child| child.name.is(namespace, local))
    }

    /// An attribute; some clients write its name in capitals.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}
