//! JSON as clouds really send it.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use crate::domain::{Error, Kind, Result};

/// Reads a JSON document. Unpaired surrogates in strings and bytes that are not UTF-8 become
/// U+FFFD instead of spoiling the whole answer.
///
/// # Errors
/// `Broken` when it is no JSON, or not of that shape; the message tells the place, no content.
pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let text = String::from_utf8_lossy(bytes);
    let text = repair(&text);
    serde_json::from_str(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message =
            format!("the answer is not the JSON it should be at line {line} column {column}");
        Error::cloud(Kind::Broken, message)
    })
}

/// Replaces `\uD800`…`\uDFFF` escapes that are not a pair by `\uFFFD`.
fn repair(text: &str) -> Cow<'_, str> {
    let mut fixed = String::new();
    let mut done = 0;
    let mut at = 0;
    let bytes = text.as_bytes();
    while let Some(step) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|&b| b == b'\\'))
    {
        at += step;
        let unit = unit(text, at);
        let next = unit.and_then(|_| self::unit(text, at + 6));
        match (unit, next) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => at += 12,
            (Some(0xD800..=0xDFFF), _) => {
                fixed.push_str(text.get(done..at).unwrap_or_default());
                fixed.push_str("\\uFFFD");
                at += 6;
                done = at;
            }
            (Some(_), _) => at += 6,
            // a backslash and what it escapes
            (None, _) => at += 2,
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    fixed.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(fixed)
}

/// The UTF-16 unit of the `\uXXXX` that begins at `at`.
fn unit(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    plain.then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn text(document: &str) -> String {
        let value: Value = json(document.as_bytes()).expect("JSON");
        value.as_str().expect("a string").to_owned()
    }

    #[test]
    fn lone_surrogates_are_replaced_and_pairs_kept() {
        assert_eq!(text(r#""a\ud83d\ude00b""#), "a😀b");
        assert_eq!(text(r#""a\ud83db""#), "a\u{FFFD}b");
        assert_eq!(text(r#""\ude00""#), "\u{FFFD}");
        assert_eq!(text(r#""\ud83d\ud83d\ude00""#), "\u{FFFD}😀");
        assert_eq!(text(r#""\ud83dA""#), "\u{FFFD}A");
        assert_eq!(text(r#""\\ud83d""#), r"\ud83d");
        assert_eq!(text(r#""\\\ud83d""#), "\\\u{FFFD}");
        assert_eq!(text(r#""\ud83d\\""#), "\u{FFFD}\\");
        assert_eq!(text(r#""é\"\uDBFFé""#), "é\"\u{FFFD}é");
    }

    #[test]
    fn broken_utf8_is_replaced() {
        let value: Value = json(b"{\"name\":\"a\xFFb\"}").expect("JSON");
        assert_eq!(value["name"], "a\u{FFFD}b");
    }

    #[test]
    fn what_is_no_json_is_broken() {
        for bad in [
            "",
            "<html>",
            "{\"a\":",
            "{\"a\":1}x",
            r#""\u12"#,
            "\\",
            "\\u",
        ] {
            let error = json::<Value>(bad.as_bytes()).expect_err(bad);
            assert_eq!(error.kind(), Kind::Broken, "{bad}");
        }
        let deep = "[".repeat(100_000);
        assert!(json::<Value>(deep.as_bytes()).is_err(), "depth is bounded");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_are_read_without_panic(bytes: Vec<u8>) {
            let _ = json::<Value>(&bytes);
        }

        #[test]
        fn any_sequence_of_units_is_read(units: Vec<u16>) {
            let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let read = text(&format!("\"{escaped}\""));
            prop_assert_eq!(read, String::from_utf16_lossy(&units));
        }
    }
}
