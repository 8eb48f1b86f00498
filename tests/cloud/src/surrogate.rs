//! Halves of surrogate pairs in JSON, which Rust's texts cannot hold: they stand as marks in
//! them while they are in here, and are `\ud83d` on the wire.

use bytes::Bytes;

use crate::payload::Payload;
use crate::reply::Reply;

/// Around the four digits.
const MARK: char = '\u{f8ff}';

/// Replaces unpaired halves by marks, before JSON is read.
pub(crate) fn hide(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let half = half(rest);
        let length = match half {
            Some(high) if high < 0xdc00 && half_low(&rest[6..]) => 12,
            Some(half) => {
                out.push_str(&format!("{MARK}{half:04x}{MARK}"));
                rest = &rest[6..];
                continue;
            }
            // the character after it too, which may be another backslash
            None => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The number of a `\ud800` to `\udfff` that the text starts with.
fn half(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let number = u16::from_str_radix(digits, 16).ok()?;
    (0xd800..0xe000).contains(&number).then_some(number)
}

fn half_low(text: &str) -> bool {
    half(text).is_some_and(|half| half >= 0xdc00)
}

/// Each mark in a text, replaced by what `write` makes of its digits.
fn replaced(text: &str, write: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(MARK) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let digits = from.strip_prefix(MARK).and_then(|digits| digits.get(..4));
        let hex = |digits: &&str| digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let digits = digits.filter(hex);
        let length = MARK.len_utf8() + 4 + MARK.len_utf8();
        let closed = from.get(..length).is_some_and(|mark| mark.ends_with(MARK));
        match digits.filter(|_| closed) {
            Some(digits) => out.push_str(&write(digits)),
            None => {
                out.push(MARK);
                rest = &from[MARK.len_utf8()..];
                continue;
            }
        }
        rest = &from[length..];
    }
    out.push_str(rest);
    out
}

/// Writes the marks of JSON as the halves they stand for.
pub(crate) fn show(json: &str) -> String {
    replaced(json, |digits| format!("\\u{digits}"))
}

/// A text without halves, which only JSON can carry.
pub(crate) fn lossy(text: &str) -> String {
    replaced(text, |_| char::REPLACEMENT_CHARACTER.to_string())
}

/// An answer in JSON with the halves that its marks stand for.
pub(crate) fn shown(reply: Reply) -> Reply {
    reply.map(|body| {
        let text = body
            .whole()
            .and_then(|bytes| std::str::from_utf8(bytes).ok());
        match text.filter(|text| text.contains(MARK)).map(show) {
            Some(text) => Payload::from(Bytes::from(text)),
            None => body,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_come_back_as_they_were() {
        let plain = r#"["\ud83d\ude00", "a\\ud83d", "\n\"é\\"]"#;
        assert_eq!(hide(plain), plain);
        let odd = r#"["\ud83d", "\ude00x", "\ud83d\ud83d\ude00"]"#;
        let hidden = hide(odd);
        let values: Vec<String> = serde_json::from_str(&hidden).expect("JSON");
        assert_eq!(lossy(&values[0]), "\u{fffd}");
        let text = show(&serde_json::to_string(&values).expect("JSON"));
        let wanted = "[\"\\ud83d\",\"\\ude00x\",\"\\ud83d\u{1f600}\"]";
        assert_eq!(text, wanted);
    }
}
