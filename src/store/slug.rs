//! Readable address parts out of any text.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

/// iOS does not show a collection with this address part: no new one gets it.
pub(super) const HIDDEN: &str = "default";

/// Longest address part before a number is added.
const MAX: usize = 48;

/// Lower-case ASCII letters and digits in words joined by `-`; accents are dropped, all else
/// parts words. `fallback` where nothing is left.
pub(super) fn slug(wish: &str, fallback: &str) -> String {
    let mut slug = String::new();
    let mut gap = false;
    for c in wish.nfkd().flat_map(char::to_lowercase) {
        let letters = match c {
            'a'..='z' | '0'..='9' => c.encode_utf8(&mut [0; 4]).to_owned(),
            'ß' => "ss".to_owned(),
            'æ' => "ae".to_owned(),
            'œ' => "oe".to_owned(),
            'ø' => "o".to_owned(),
            'ł' => "l".to_owned(),
            // Accents that stood on the letter before, and the apostrophe inside a word.
            '\u{300}'..='\u{36f}' | '\'' | '\u{2019}' => continue,
            _ => {
                gap = !slug.is_empty();
                continue;
            }
        };
        if slug.len() + letters.len() + usize::from(gap) > MAX {
            break;
        }
        if std::mem::take(&mut gap) {
            slug.push('-');
        }
        slug.push_str(&letters);
    }
    if slug.is_empty() {
        fallback.to_owned()
    } else {
        slug
    }
}

/// The slug itself, or with the first of `-2`, `-3`, … that is free.
pub(super) fn free(slug: &str, taken: &HashSet<String>) -> String {
    if !taken.contains(slug) {
        return slug.to_owned();
    }
    // One more number than there are names: one is free.
    (2..taken.len() + 3)
        .map(|number| format!("{slug}-{number}"))
        .find(|numbered| !taken.contains(numbered))
        .expect("among more numbers than names one is free")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_readable_ascii() {
        for (wish, expected) in [
            ("kDrive of ACME", "kdrive-of-acme"),
            ("Möbel & Straße", "mobel-strasse"),
            ("  --Ünïcode--  ", "unicode"),
            ("L'été", "lete"),
            ("a/../b", "a-b"),
            ("ﬁle ②", "file-2"),
            ("\u{130}stanbul", "istanbul"),
            ("日本", "drive"),
            ("", "drive"),
            ("%00%2f", "00-2f"),
        ] {
            assert_eq!(slug(wish, "drive"), expected, "{wish}");
        }
        let long = slug(&"word ".repeat(40), "drive");
        assert!(long.len() <= MAX && !long.ends_with('-'), "{long}");
    }

    #[test]
    fn numbers_fill_the_first_gap() {
        let taken = HashSet::from(["a".to_owned(), "a-2".to_owned(), "a-4".to_owned()]);
        assert_eq!(free("b", &taken), "b");
        assert_eq!(free("a", &taken), "a-3");
    }
}
