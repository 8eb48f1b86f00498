//! The text of app passwords.

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use crate::domain::{Error, Kind, Result};

/// Lower-case letters and digits without those that look alike: 32, five bits each.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// 160 bits.
const RANDOM_BYTES: usize = 20;
const GROUP: usize = 4;

/// A new app password: 160 random bits as eight groups of four, joined by `-`.
pub(super) fn generate() -> Result<SecretString> {
    let mut random = Zeroizing::new([0; RANDOM_BYTES]);
    getrandom::fill(&mut *random).map_err(|error| {
        Error::bridge(Kind::Down, "the system gives no random numbers").because(error)
    })?;
    let letters: Vec<u8> = data_encoding::BASE32_NOPAD
        .encode(&*random)
        .bytes()
        .map(ours)
        .collect();
    let groups: Vec<_> = letters.chunks(GROUP).map(String::from_utf8_lossy).collect();
    Ok(SecretString::from(groups.join("-")))
}

/// From RFC 4648's 32 letters to ours.
fn ours(letter: u8) -> u8 {
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        _ => letter - b'2' + 26,
    };
    ALPHABET[usize::from(value)]
}

/// The one spelling under which a password is kept and looked up: lower case, without blanks
/// and dashes of any kind, as people retype what they were shown.
pub(super) fn normalise(password: &str) -> Zeroizing<String> {
    let dash = |c: char| matches!(c, '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}');
    let kept = password.chars().filter(|&c| !dash(c) && !blank(c));
    Zeroizing::new(kept.flat_map(char::to_lowercase).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn passwords_are_long_readable_and_never_the_same() {
        let mut seen = HashSet::new();
        let mut letters = HashSet::new();
        for _ in 0..200 {
            let secret = generate().unwrap();
            let secret = secret.expose_secret();
            assert_eq!(secret.len(), 39, "{secret}");
            assert!(secret.split('-').all(|group| group.len() == 4), "{secret}");
            letters.extend(secret.bytes());
            assert!(seen.insert(secret.to_owned()));
        }
        // 160 bits come from 32 letters, all in use; and the dash.
        assert_eq!(letters.len(), 33);
        let in_use = |letter: &u8| letters.contains(letter);
        assert!(ALPHABET.iter().all(in_use));
    }

    #[test]
    fn retyped_passwords_are_the_same() {
        for typed in [
            "abcd-ef23-gh45",
            "ABCD-EF23-GH45",
            " abcd ef23\tgh45 ",
            "abcd\u{2013}ef23\u{a0}gh45",
            "Abcdef23gh45",
        ] {
            assert_eq!(*normalise(typed), "abcdef23gh45", "{typed}");
        }
        assert_ne!(*normalise("abcd"), *normalise("abce"));
    }
}
