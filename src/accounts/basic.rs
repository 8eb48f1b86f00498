//! The `Authorization` header as clients really write it.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use secrecy::zeroize::Zeroizing;

/// Longest header value with a password that is looked at, in bytes.
const LONGEST: usize = 4096;

/// Some clients leave out the padding, some leave bits in the last letter.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What a header says.
// Only tests may print a password.
#[cfg_attr(test, derive(Debug, PartialEq, Eq))]
pub(super) enum Credentials {
    /// User and password, not checked.
    Basic {
        user: String,
        password: Zeroizing<String>,
    },
    /// Basic, but not readable.
    Unreadable,
    /// An access token, not checked.
    Bearer(Zeroizing<String>),
    /// Another scheme.
    Other,
}

/// Reads a header value: `Basic` with any case and blanks, base64 of `user:password` in UTF-8,
/// or else in ISO-8859-1.
pub(super) fn parse(header: &str) -> Credentials {
    let header = header.trim();
    let (scheme, rest) = header.split_once([' ', '\t']).unwrap_or((header, ""));
    if scheme.eq_ignore_ascii_case("bearer") {
        return Credentials::Bearer(Zeroizing::new(rest.trim().to_owned()));
    }
    if header.len() > LONGEST {
        return Credentials::Unreadable;
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return Credentials::Other;
    }
    decode(rest.trim()).unwrap_or(Credentials::Unreadable)
}

fn decode(encoded: &str) -> Option<Credentials> {
    let bytes = Zeroizing::new(LENIENT.decode(encoded).ok()?);
    let text = Zeroizing::new(std::str::from_utf8(&bytes).map_or_else(
        |_| bytes.iter().copied().map(char::from).collect(),
        str::to_owned,
    ));
    let (user, password) = text.split_once(':')?;
    Some(Credentials::Basic {
        user: user.to_owned(),
        password: Zeroizing::new(password.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic(user: &str, password: &str) -> Credentials {
        Credentials::Basic {
            user: user.to_owned(),
            password: Zeroizing::new(password.to_owned()),
        }
    }

    #[test]
    fn reads_what_clients_write() {
        for (header, expected) in [
            ("Basic YW5uYTpwdw==", basic("anna", "pw")),
            ("basic   YW5uYTpwdw==", basic("anna", "pw")),
            (" BASIC\tYW5uYTpwdw ", basic("anna", "pw")),
            ("Basic YW5uYTpwdx==", basic("anna", "pw")),
            ("Basic YW5uYTo=", basic("anna", "")),
            ("Basic OnB3", basic("", "pw")),
            ("Basic YTpiOmM=", basic("a", "b:c")),
            // "anna:pä" in UTF-8, then in ISO-8859-1
            ("Basic YW5uYTpww6Q=", basic("anna", "pä")),
            ("Basic YW5uYTpw5A==", basic("anna", "pä")),
        ] {
            assert_eq!(parse(header), expected, "{header}");
        }
    }

    #[test]
    fn access_tokens_are_taken_as_they_are() {
        for (header, token) in [
            ("Bearer a.b.c", "a.b.c"),
            ("bearer\t a.b.c ", "a.b.c"),
            ("Bearer", ""),
            ("Bearer a b", "a b"),
        ] {
            let expected = Credentials::Bearer(Zeroizing::new(token.to_owned()));
            assert_eq!(parse(header), expected, "{header}");
        }
    }

    #[test]
    fn refuses_what_is_not_basic() {
        for header in ["Basic", "Basic !!!", "Basic YW5uYQ==", "Basic =", "Basic "] {
            assert_eq!(parse(header), Credentials::Unreadable, "{header}");
        }
        let long = format!("Basic {}", "YTpi".repeat(2000));
        assert_eq!(parse(&long), Credentials::Unreadable);
        for header in ["Bearerx abc", "Digest username=\"a\"", "", "Basicx YTpi"] {
            assert_eq!(parse(header), Credentials::Other, "{header}");
        }
    }
}
