//! Who a DAV request comes from.

use std::fmt;
use std::sync::Arc;

use super::Services;

/// A user's DAV name: lower-case ASCII letters, digits, `.`, `-`, `_`; at most 64; begins with
/// a letter or digit. Fixed for ever, part of every address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserName(Arc<str>);

impl UserName {
    /// Longest name.
    pub const MAX: usize = 64;

    /// Checks the rules above.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let allowed =
            |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'.' | b'-' | b'_');
        let first = name.bytes().next()?;
        let plain_start = first.is_ascii_lowercase() || first.is_ascii_digit();
        (plain_start && name.len() <= Self::MAX && name.bytes().all(allowed))
            .then(|| Self(name.into()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a credential allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading only.
    Read,
    /// Reading, and writing where the provider can.
    ReadWrite,
}

/// The signed-in user of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// DAV name.
    pub user: UserName,
    /// Name for people.
    pub display_name: String,
    /// What user and credential allow together.
    pub access: Access,
    /// Which services the credential opens.
    pub services: Services,
}

#[cfg(test)]
mod tests {
    use super::UserName;

    #[test]
    fn names_are_plain() {
        for good in ["anna", "a", "9lives", "a.b-c_d"] {
            assert!(UserName::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            ".a",
            "-a",
            "Anna",
            "a b",
            "a/b",
            "ä",
            "a%",
            &"a".repeat(65),
        ] {
            assert!(UserName::parse(bad).is_none(), "{bad}");
        }
    }
}
