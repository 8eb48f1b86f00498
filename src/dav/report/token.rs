//! The state of a collection as clients hold it: ctag and sync-token (RFC 6578 §4).

use crate::mirror::{Head, Since};

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
    write_at(collection, head, Since::Revision(head.revision))
}

/// The sync-token of what a client has of the same incarnation. One that has begun and not ended
/// names the revision at its begin too.
pub(crate) fn write_at(collection: i64, head: &Head, since: Since) -> String {
    let place = match since {
        Since::Nothing => String::new(),
        Since::Unfinished { began, told } => format!("{told}.{began}"),
        Since::Revision(revision) => revision.to_string(),
    };
    format!("{PREFIX}{collection}:{}:{place}", head.incarnation)
}

/// What a client has that names this token. A token of another collection or incarnation, from
/// before what is still known, or from a future that does not exist is invalid: never a silent
/// restart.
pub(crate) fn read(token: &str, collection: i64, head: &Head) -> Result<Since, Invalid> {
    let rest = token.strip_prefix(PREFIX).ok_or(Invalid)?;
    let (of, rest) = rest.split_once(':').ok_or(Invalid)?;
    let (incarnation, place) = rest.rsplit_once(':').ok_or(Invalid)?;
    if of != collection.to_string() || *incarnation != *head.incarnation {
        return Err(Invalid);
    }
    let (since, known) = match place.split_once('.') {
        None => {
            let revision = number(place)?;
            (Since::Revision(revision), revision)
        }
        Some((told, began)) => {
            let (told, began) = (number(told)?, number(began)?);
            if told >= began {
                return Err(Invalid);
            }
            (Since::Unfinished { began, told }, began)
        }
    };
    let kept = head.floor..=head.revision;
    kept.contains(&known).then_some(since).ok_or(Invalid)
}

fn number(text: &str) -> Result<u64, Invalid> {
    let digits = text.bytes().all(|c| c.is_ascii_digit());
    let number = digits.then(|| text.parse().ok()).flatten();
    number.ok_or(Invalid)
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
        assert_eq!(
            read(&write(7, &head()), 7, &head()),
            Ok(Since::Revision(20))
        );
        let unfinished = Since::Unfinished { began: 5, told: 1 };
        for since in [Since::Revision(5), unfinished] {
            let token = write_at(7, &head(), since);
            assert_eq!(read(&token, 7, &head()), Ok(since), "{token}");
        }
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
            "urn:davbridge:sync:7:k3:1.4",
            "urn:davbridge:sync:7:k3:1.21",
            "urn:davbridge:sync:7:k3:9.9",
            "urn:davbridge:sync:7:k3:.9",
            "urn:davbridge:sync:7:k3:1.9.9",
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
            if let Ok(since) = read(&token, 7, &head()) {
                prop_assert!((5..=20).contains(&since.known().unwrap()));
            }
        }
    }
}
