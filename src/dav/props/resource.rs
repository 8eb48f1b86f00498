//! What properties are asked of.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::super::place;
use crate::domain::{Entry, ItemKind, Quota, Services, UserName, Version};
use crate::mirror::{Collection, Head, Row};

/// What is the same for every resource of one answer.
pub(crate) struct Scene<'a> {
    /// Path prefix of every href.
    pub(crate) prefix: &'a str,
    /// Who asks.
    pub(crate) user: &'a UserName,
    /// Which services the credential opens.
    pub(crate) services: Services,
    /// Whether Windows or Office asks.
    pub(crate) microsoft: bool,
}

impl<'a> Scene<'a> {
    /// The caller's principal.
    pub(crate) fn principal(&self) -> Resource<'a> {
        let user = self.user.as_str();
        let href = place::href(self.prefix, ["dav", "principals", user], true);
        Resource::plain(href, Cow::Borrowed(user), What::Principal)
    }

    /// What the value of a property can lead to: the caller's principal and homes.
    pub(super) fn at(&self, href: &str) -> Option<Resource<'a>> {
        let user = self.user.as_str();
        let homes = [ItemKind::Event, ItemKind::Contact].map(|kind| {
            let segments = ["dav", place::homes(kind), user];
            let href = place::href(self.prefix, segments, true);
            Resource::plain(href, Cow::Borrowed(user), What::Home)
        });
        let mut all = homes.into_iter().chain([self.principal()]);
        all.find(|resource| resource.href == href)
    }
}

/// One resource of an answer.
pub(crate) struct Resource<'a> {
    /// Absolute path, encoded.
    pub(crate) href: Cow<'a, str>,
    /// Name for people.
    pub(crate) name: Cow<'a, str>,
    /// What it is.
    pub(crate) what: What<'a>,
    /// Space of the drive it is in; only there when asked for.
    pub(crate) quota: Option<Quota>,
    /// State of a calendar or address book; only there when asked for.
    pub(crate) head: Option<&'a Head>,
    /// Text of an item, as it was asked for.
    pub(crate) data: Option<Cow<'a, str>>,
}

/// What a resource is.
#[derive(Clone, Copy)]
pub(crate) enum What<'a> {
    /// A collection of the bridge's own tree.
    Collection,
    /// The collection of principals.
    Principals,
    /// A principal (RFC 3744 §2).
    Principal,
    /// A collection above drives.
    Files,
    /// A file or folder.
    Entry(&'a Entry),
    /// All collections of a kind that a user has.
    Home,
    /// A calendar or address book.
    Shelf(&'a Collection),
    /// What lies in one.
    Item(ItemKind, &'a Row),
}

impl What<'_> {
    /// Whether it has members.
    pub(crate) fn is_collection(&self) -> bool {
        match self {
            Self::Entry(entry) => entry.is_folder(),
            Self::Item(..) => false,
            _ => true,
        }
    }
}

impl<'a> Resource<'a> {
    /// With nothing that has to be asked for.
    pub(crate) fn plain(href: String, name: Cow<'a, str>, what: What<'a>) -> Self {
        Self {
            href: href.into(),
            name,
            what,
            quota: None,
            head: None,
            data: None,
        }
    }

    /// Whether it has members.
    pub(crate) fn is_collection(&self) -> bool {
        self.what.is_collection()
    }
}

/// The entity tag of a version, without quotes: the cloud's own where it can stand in a header,
/// else a hash of it.
pub(crate) fn etag(version: &Version) -> Cow<'_, str> {
    let tag = version.as_str();
    let plain = |c: u8| c.is_ascii_graphic() && !matches!(c, b'"' | b'\\' | b'<' | b'>' | b'&');
    if !tag.is_empty() && tag.len() <= 80 && tag.bytes().all(plain) {
        return Cow::Borrowed(tag);
    }
    let hash = Sha256::digest(tag.as_bytes());
    Cow::Owned(data_encoding::HEXLOWER.encode(&hash[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_tags_are_hashed() {
        assert_eq!(etag(&Version::new("c0ffee")), "c0ffee");
        for hostile in ["", "a\r\nSet-Cookie: x=1", "a\"b", "ü", &"x".repeat(81)] {
            let tag = etag(&Version::new(hostile)).into_owned();
            assert_eq!(tag.len(), 32, "{hostile:?}");
            assert!(tag.bytes().all(|c| c.is_ascii_hexdigit()));
        }
    }
}
