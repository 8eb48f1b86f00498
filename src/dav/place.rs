//! From a request path to a place in the bridge's tree of addresses.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::domain::{Error, ItemKind, Kind, Result, Services};

/// Everything but unreserved characters (RFC 3986 §2.3) is encoded.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Deepest path and longest segment that are looked at.
const MAX_SEGMENTS: usize = 256;

/// A place in the tree of addresses. Names are decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// `/`
    Root,
    /// `/dav/`
    Dav,
    /// `/dav/principals/`
    Principals,
    /// `/dav/principals/{user}/`
    Principal(String),
    /// `/dav/files/`
    Files,
    /// `/dav/files/{user}/…`: the user, and the path below.
    File(String, Vec<String>),
    /// `/dav/calendars/` or `/dav/addressbooks/`
    Homes(ItemKind),
    /// `/dav/calendars/{user}/`: all collections of a kind.
    Home(ItemKind, String),
    /// `/dav/calendars/{user}/{collection}/`
    Shelf(ItemKind, String, String),
    /// `/dav/calendars/{user}/{collection}/{name}.ics`
    Item(ItemKind, String, String, String),
}

/// Whether collections of a kind are among these services.
pub(super) fn opens(services: Services, kind: ItemKind) -> bool {
    match kind {
        ItemKind::Event => services.calendars(),
        ItemKind::Contact => services.contacts(),
    }
}

/// The segment below `/dav/` that holds the homes of a kind.
pub(super) fn homes(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Event => "calendars",
        ItemKind::Contact => "addressbooks",
    }
}

/// Segments of a request path, decoded. `Invalid` for encoded slashes, NUL, dot segments, text
/// that is not UTF-8 and absurd lengths.
pub(super) fn segments(path: &str) -> Result<Vec<String>> {
    let mut segments = Vec::new();
    for raw in path.split('/').filter(|raw| !raw.is_empty()) {
        let segment = percent_decode_str(raw)
            .decode_utf8()
            .map_err(|_| bad_path("the path is not UTF-8"))?;
        if segment.contains(['/', '\0']) || segment == "." || segment == ".." {
            return Err(bad_path("the path has an impossible segment"));
        }
        segments.push(segment.into_owned());
    }
    if segments.len() > MAX_SEGMENTS {
        return Err(bad_path("the path is too deep"));
    }
    Ok(segments)
}

fn bad_path(sentence: &'static str) -> Error {
    Error::client(Kind::Invalid, sentence)
}

impl Place {
    /// The place that segments lead to; `None` where there is nothing.
    pub(super) fn of(segments: &[String]) -> Option<Self> {
        let names: Vec<&str> = segments.iter().map(String::as_str).collect();
        match names.as_slice() {
            [] => Some(Self::Root),
            ["dav"] => Some(Self::Dav),
            ["dav", "principals"] => Some(Self::Principals),
            ["dav", "principals", user] => Some(Self::Principal((*user).to_owned())),
            ["dav", "files"] => Some(Self::Files),
            ["dav", "files", user, ..] => {
                Some(Self::File((*user).to_owned(), segments[3..].to_vec()))
            }
            ["dav", homes, rest @ ..] => Self::of_items(homes, rest),
            _ => None,
        }
    }

    /// Whether these services lead there.
    pub(super) fn is_open(&self, services: Services) -> bool {
        match self {
            Self::Root | Self::Dav | Self::Principals | Self::Principal(_) => true,
            Self::Files | Self::File(..) => services.files(),
            Self::Homes(kind)
            | Self::Home(kind, _)
            | Self::Shelf(kind, ..)
            | Self::Item(kind, ..) => opens(services, *kind),
        }
    }

    fn of_items(homes: &str, rest: &[&str]) -> Option<Self> {
        let kind = match homes {
            "calendars" => ItemKind::Event,
            "addressbooks" => ItemKind::Contact,
            _ => return None,
        };
        let owned = |name: &str| name.to_owned();
        Some(match *rest {
            [] => Self::Homes(kind),
            [user] => Self::Home(kind, owned(user)),
            [user, slug] => Self::Shelf(kind, owned(user), owned(slug)),
            [user, slug, name] => Self::Item(kind, owned(user), owned(slug), owned(name)),
            _ => return None,
        })
    }
}

/// Whether a request path leads into the files; without a look at what is there.
pub(super) fn is_file(path: &str) -> bool {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.next() == Some("dav") && segments.next() == Some("files")
}

/// An absolute path: `prefix`, then each segment percent-encoded once; a slash at the end of
/// collections.
pub(super) fn href<'a>(
    prefix: &str,
    segments: impl IntoIterator<Item = &'a str>,
    collection: bool,
) -> String {
    let mut href = String::with_capacity(128);
    href.push_str(prefix);
    for segment in segments {
        href.push('/');
        push_segment(&mut href, segment);
    }
    if collection || href.len() == prefix.len() {
        href.push('/');
    }
    href
}

/// Appends one segment, percent-encoded.
pub(super) fn push_segment(href: &mut String, segment: &str) {
    href.extend(utf8_percent_encode(segment, SEGMENT));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn impossible_paths_are_refused() {
        for bad in [
            "/a/../b",
            "/%2e%2e/",
            "/a%2Fb",
            "/a%00",
            "/%FF",
            &"/a".repeat(257),
        ] {
            assert_eq!(segments(bad).unwrap_err().kind(), Kind::Invalid, "{bad}");
        }
    }

    #[test]
    fn places() {
        let place = |path: &str| Place::of(&segments(path).unwrap());
        assert_eq!(place("/"), Some(Place::Root));
        assert_eq!(place("/dav"), Some(Place::Dav));
        assert_eq!(
            place("/dav/principals/anna/"),
            Some(Place::Principal("anna".into()))
        );
        assert_eq!(
            place("/dav/files/anna"),
            Some(Place::File("anna".into(), vec![]))
        );
        assert_eq!(
            place("/dav/files/anna/x/y%20z/"),
            Some(Place::File("anna".into(), vec!["x".into(), "y z".into()]))
        );
        assert_eq!(place("/dav/nothing"), None);
        assert_eq!(
            place("/dav/calendars/"),
            Some(Place::Homes(ItemKind::Event))
        );
        assert_eq!(
            place("/dav/addressbooks/anna"),
            Some(Place::Home(ItemKind::Contact, "anna".into()))
        );
        let item = Place::Item(
            ItemKind::Event,
            "anna".into(),
            "work".into(),
            "a@b.ics".into(),
        );
        assert_eq!(place("/dav/calendars/anna/work/a%40b.ics"), Some(item));
        assert_eq!(place("/dav/calendars/anna/work/a.ics/b"), None);
        assert_eq!(place("/calendar/dav/anna/user/"), None);
    }

    #[test]
    fn files() {
        assert!(is_file("/dav/files"));
        assert!(is_file("//dav/files/anna/x"));
        assert!(!is_file("/dav/filesystem"));
        assert!(!is_file("/dav/calendars/files/"));
    }

    #[test]
    fn hrefs_end_in_a_slash_for_collections_only() {
        assert_eq!(href("", [], true), "/");
        assert_eq!(href("/bridge", ["dav"], true), "/bridge/dav/");
        assert_eq!(
            href("", ["a b", "c#d%e?f&g+h;i[j]"], false),
            "/a%20b/c%23d%25e%3Ff%26g%2Bh%3Bi%5Bj%5D"
        );
    }

    proptest! {
        #[test]
        fn there_and_back(names in proptest::collection::vec("[^/\0]{1,20}", 1..6)) {
            prop_assume!(names.iter().all(|name| name != "." && name != ".."));
            let href = href("", names.iter().map(String::as_str), false);
            prop_assert!(href.is_ascii());
            prop_assert_eq!(segments(&href).unwrap(), names);
        }
    }
}
