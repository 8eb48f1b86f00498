//! Names and UIDs of items: made once from the cloud's stable id.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::domain::{ItemId, ItemKind, ProviderName};

/// Longest id that stands in a name as it is.
const LONGEST: usize = 64;

/// Last segment of the item's address: short ASCII, the same for the same id.
pub(super) fn name(kind: ItemKind, item: &ItemId) -> String {
    let ending = match kind {
        ItemKind::Event => "ics",
        ItemKind::Contact => "vcf",
    };
    format!("{}.{ending}", plain(item))
}

/// A UID where the cloud tells none.
pub(super) fn uid(provider: ProviderName, kind: ItemKind, item: &ItemId) -> String {
    format!("{provider}-{}-{}", kind.as_str(), plain(item))
}

/// The id where it can stand in an address on any file system, else a hash of it.
fn plain(item: &ItemId) -> String {
    let id = item.as_str();
    let allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    let begins = |c: u8| c.is_ascii_digit() || (c.is_ascii_lowercase() && c != b'x');
    let is_plain =
        id.len() <= LONGEST && id.bytes().all(allowed) && id.bytes().next().is_some_and(begins);
    if is_plain {
        return id.to_owned();
    }
    let hash = Sha256::digest(id.as_bytes());
    format!("x{}", HEXLOWER.encode(&hash[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_ascii_and_tell_ids_apart() {
        let name = |id: &str| name(ItemKind::Event, &ItemId::new(id));
        assert_eq!(name("77120042"), "77120042.ics");
        assert_eq!(name("ab-1"), "ab-1.ics");
        let odd = [
            "",
            "A",
            "a",
            "x1",
            "../a",
            "ä",
            "a/b",
            "-a",
            &"9".repeat(65),
        ];
        let names: std::collections::HashSet<_> = odd.iter().map(|id| name(id)).collect();
        assert_eq!(names.len(), odd.len());
        for name in names {
            assert!(
                name.len() <= 70 && name.is_ascii() && !name.contains('/'),
                "{name}"
            );
        }
    }
}
