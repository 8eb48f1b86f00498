//! Qualified names.

/// Namespace of WebDAV (RFC 4918).
pub(crate) const DAV: &str = "DAV:";

/// Namespace of CalDAV (RFC 4791).
pub(crate) const CALDAV: &str = "urn:ietf:params:xml:ns:caldav";
/// Namespace of CardDAV (RFC 6352).
pub(crate) const CARDDAV: &str = "urn:ietf:params:xml:ns:carddav";

/// A name in a namespace, with the prefix its sender used.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    /// Namespace; empty for none.
    pub(crate) namespace: String,
    /// Local name.
    pub(crate) local: String,
    /// The sender's prefix; empty for none.
    pub(crate) prefix: String,
}

impl Name {
    /// A name that is told as text; `None` where it can be no name.
    pub(crate) fn new(namespace: &str, local: &str) -> Option<Self> {
        is_ncname(local).then(|| Self {
            namespace: namespace.to_owned(),
            local: local.to_owned(),
            prefix: String::new(),
        })
    }

    /// Whether this is `local` in `namespace`.
    pub(crate) fn is(&self, namespace: &str, local: &str) -> bool {
        self.namespace == namespace && self.local == local
    }
}

impl PartialEq for Name {
    /// Prefixes do not count.
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.namespace, &other.local)
    }
}

impl Eq for Name {}

/// Whether `text` can stand as an XML name without a colon.
pub(super) fn is_ncname(text: &str) -> bool {
    let start = |c: char| c.is_alphabetic() || c == '_';
    let rest = |c: char| {
        start(c) || c.is_numeric() || matches!(c, '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}')
    };
    let mut chars = text.chars();
    chars.next().is_some_and(start) && chars.all(rest)
}
