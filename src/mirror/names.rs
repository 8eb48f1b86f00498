//! File names as DAV clients see them: one reversible rule for all drives.
//!
//! Characters that cannot stand in a path segment are shown by look-alikes; a name that already
//! holds such a look-alike gets the quote mark before it, so that the way back is unambiguous.
//! The result is in NFC.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Put before a look-alike that is the name's own.
const QUOTE: char = '\u{201B}';
/// Shows an empty name.
const EMPTY: &str = "\u{2422}";
const SLASH: char = '\u{FF0F}';
const DOT: char = '\u{FF0E}';
const DELETE: char = '\u{2421}';
/// U+FFFE and U+FFFF cannot stand in XML.
const NOT_IN_XML: [(char, char); 2] = [('\u{FFFE}', '\u{2426}'), ('\u{FFFF}', '\u{2427}')];

/// The name under which an entry is served, before collisions are told apart.
pub(super) fn served(name: &str) -> String {
    let mapped = match name {
        "" => EMPTY.to_owned(),
        "." => DOT.to_string(),
        ".." => [DOT, DOT].iter().collect(),
        name if name.chars().all(is_plain) => return nfc(name),
        name => map(name),
    };
    nfc(&mapped)
}

/// The form in which names are compared.
pub(super) fn nfc(name: &str) -> String {
    if is_nfc_quick(name.chars()) == IsNormalized::Yes {
        return name.to_owned();
    }
    name.nfc().collect()
}

/// `name` with a short mark of the entry's id before its extension: `report~214.pdf`.
pub(super) fn told_apart(name: &str, id: &str) -> String {
    let mark: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
    let mark = &mark[mark.len().saturating_sub(12)..];
    match name.rfind('.') {
        Some(dot) if dot > 0 => format!("{}~{mark}{}", &name[..dot], &name[dot..]),
        _ => format!("{name}~{mark}"),
    }
}

fn is_plain(c: char) -> bool {
    look_alike(c).is_none() && !is_look_alike(c)
}

fn map(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 8);
    for c in name.chars() {
        if let Some(shown) = look_alike(c) {
            out.push(shown);
        } else {
            if is_look_alike(c) {
                out.push(QUOTE);
            }
            out.push(c);
        }
    }
    out
}

fn look_alike(c: char) -> Option<char> {
    match c {
        '/' => Some(SLASH),
        '\u{7F}' => Some(DELETE),
        c if (c as u32) < 0x20 => char::from_u32(0x2400 + c as u32),
        c => NOT_IN_XML
            .iter()
            .find(|(raw, _)| *raw == c)
            .map(|(_, shown)| *shown),
    }
}

/// Whether `c` could be read as the picture of another character.
fn is_look_alike(c: char) -> bool {
    matches!(c, QUOTE | SLASH | DOT | '\u{2400}'..='\u{2427}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The way back, for names whose NFC form is themselves.
    fn original(served: &str) -> String {
        match served {
            EMPTY => return String::new(),
            "\u{FF0E}" => return ".".to_owned(),
            "\u{FF0E}\u{FF0E}" => return "..".to_owned(),
            _ => {}
        }
        let mut out = String::new();
        let mut chars = served.chars();
        while let Some(c) = chars.next() {
            let raw = match c {
                QUOTE => chars.next().unwrap(),
                SLASH => '/',
                DELETE => '\u{7F}',
                '\u{2426}' => '\u{FFFE}',
                '\u{2427}' => '\u{FFFF}',
                '\u{2400}'..='\u{241F}' => char::from_u32(c as u32 - 0x2400).unwrap(),
                c => c,
            };
            out.push(raw);
        }
        out
    }

    #[test]
    fn plain_names_stay() {
        for name in [
            "a.txt",
            "Über uns.pdf",
            "#%?&+;[x] 😀",
            "...",
            ".hidden",
            "a\\b:c",
        ] {
            assert_eq!(served(name), name);
        }
    }

    #[test]
    fn impossible_names_are_shown() {
        assert_eq!(served("a/b"), "a\u{FF0F}b");
        assert_eq!(served("."), "\u{FF0E}");
        assert_eq!(served(".."), "\u{FF0E}\u{FF0E}");
        assert_eq!(served(""), "\u{2422}");
        assert_eq!(served("a\r\nb\0"), "a\u{240D}\u{240A}b\u{2400}");
        assert_eq!(served("\u{FF0F}"), "\u{201B}\u{FF0F}");
    }

    #[test]
    fn decomposed_becomes_composed() {
        assert_eq!(served("U\u{308}ber"), "\u{DC}ber");
    }

    #[test]
    fn marks_go_before_the_extension() {
        assert_eq!(told_apart("a.tar.gz", "214"), "a.tar~214.gz");
        assert_eq!(told_apart(".profile", "7"), ".profile~7");
        assert_eq!(told_apart("x", "items/ABCDEF0123456789"), "x~EF0123456789");
    }

    proptest! {
        #[test]
        fn no_served_name_breaks_a_path_or_xml(name in any::<String>()) {
            let served = served(&name);
            prop_assert!(!served.is_empty() && served != "." && served != "..");
            let impossible = |c: char| c == '/' || (c as u32) < 0x20 || matches!(c, '\u{7F}' | '\u{FFFE}' | '\u{FFFF}');
            prop_assert!(!served.chars().any(impossible), "{:?}", served);
        }

        #[test]
        fn the_way_back_is_unambiguous(name in any::<String>()) {
            prop_assume!(nfc(&name) == name && nfc(&map(&name)) == map(&name));
            prop_assert_eq!(original(&served(&name)), name);
        }
    }
}
