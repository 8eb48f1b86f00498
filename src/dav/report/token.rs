//! The state of a collection as clients hold it: ctag and sync-token (RFC 6578 §4).

use crate::mirror::Head;

const PREFIX: &str = "urn:davbridge:sync:";

/// Why a token is not one of a collection as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Invalid;

/// The ctag of a state.
pub(crate) fn ctag(head: &Head) -> String {
    format!("{}-{}", head.incarnation, head.revision)
}

/// The sync-token of a state. A URI with colons: Evolution drops others.
pub(crate) fn write(collection: i64, head: &Head) -> String {
    write_at(collection, head, head.revision)
}

/// The sync-token of an earlier revision of the same incarnation.
pub(crate) fn write_at(collection: i64, head: &Head, revision: u64) -> String {
    format!("{PREFIX}{collection}:{}:{revision}", head.incarnation)
}

/// The revision that a client's token names. A token of another collection or incarnation, from
/// before what is still known, or from a future that does not exist is invalid: never a silent
/// restart.
pub(crate) fn read(token: &str, collection: i64, head: &Head) -> Result<u64, Invalid> {
    let rest = token.strip_prefix(PREFIX).ok_or(Invalid)?;
    let (of, rest) = rest.split_once(':').ok_or(Invalid)?;
    let (incarnation, revision) = rest.rsplit_once(':').ok_or(Invalid)?;
    let same = of == collection.to_string() && *incarnation == *head.incarnation;
    let digits = !revision.is_empty() && revision.bytes().all(|c| c.is_ascii_digit());
    if !same || !digits {
        return Err(Invalid);
    }
    let revision: u64 = revision.parse().map_err(|_| Invalid)?;
    let known = head.floor..=head.revision;
    known.contains(&revision).then_some(revision).ok_or(Invalid)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn head() -> Head {
        Head {
            incarnation: "k3".into(),
            revision: 20,
            floor: 5,
        }
    }

    #[test]
    fn a_token_names_its_revision() {
        assert_eq!(read(&write(7, &head()), 7, &head()), Ok(20));
        assert_eq!(read(&write_at(7, &head(), 5), 7, &head()), Ok(5));
    }

    #[test]
    fn other_tokens_are_invalid() {
        for bad in [
            "",
            "0",
            "urn:davbridge:sync:",
            "urn:davbridge:sync:7:k3:",
            "urn:davbridge:sync:7:k3:4",
            "urn:davbridge:sync:7:k3:21",
            "urn:davbridge:sync:7:k3:+20",
            "urn:davbridge:sync:7:k3:020x",
            "urn:davbridge:sync:7:k3:99999999999999999999999",
            "urn:davbridge:sync:8:k3:20",
            "urn:davbridge:sync:7:k4:20",
            "urn:davbridge:sync:07:k3:20",
            "http://example.com/ns/sync/20",
            "5C8D7C2A-9F0E-4A57-9D52-0F9C5B1C6F11",
        ] {
            assert_eq!(read(bad, 7, &head()), Err(Invalid), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged(token in "(urn:davbridge:sync:)?.{0,40}") {
            if let Ok(revision) = read(&token, 7, &head()) {
                prop_assert!((5..=20).contains(&revision));
            }
        }
    }
}
