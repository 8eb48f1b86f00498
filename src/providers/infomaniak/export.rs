//! Exports: iCalendar as an answer (fact sheet §4.1). It is handed on unread.

use crate::domain::{Error, Kind, Result};

/// Longest export that is handed on, bytes.
const MAX_BYTES: usize = 4 << 20;

/// Whether a body begins as an object does.
pub(super) fn is_object(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let body = body.trim_ascii_start();
    let begin = body.get(.."BEGIN:VCALENDAR".len());
    begin.is_some_and(|begin| begin.eq_ignore_ascii_case(b"BEGIN:VCALENDAR"))
}

/// The object in a body that begins as one.
///
/// # Errors
/// `Broken` when it has no end or is too long.
pub(super) fn read(body: &[u8]) -> Result<String> {
    if body.len() > MAX_BYTES {
        let message = format!("the export is longer than {MAX_BYTES} bytes");
        return Err(Error::cloud(Kind::Broken, message));
    }
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{FEFF}').trim();
    let end = text.len().checked_sub("END:VCALENDAR".len());
    let end = end.and_then(|at| text.get(at..));
    if !end.is_some_and(|end| end.eq_ignore_ascii_case("END:VCALENDAR")) {
        return Err(Error::cloud(Kind::Broken, "the export has no end"));
    }
    Ok(format!("{text}\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBJECT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";

    #[test]
    fn an_object_is_taken_whatever_surrounds_it() {
        for body in [
            OBJECT.to_owned(),
            format!("\u{FEFF}{OBJECT}"),
            format!("\n\n{OBJECT}\n\n"),
            OBJECT.trim_end().to_owned(),
        ] {
            assert!(is_object(body.as_bytes()), "{body:?}");
            assert_eq!(
                read(body.as_bytes()).expect("an object"),
                OBJECT,
                "{body:?}"
            );
        }
        let mixed = "begin:vcalendar\nX-A:\u{FFFD}\nend:vcalendar\r\n";
        assert_eq!(
            read(b"begin:vcalendar\nX-A:\xFF\nend:vcalendar").expect("an object"),
            mixed
        );
    }

    #[test]
    fn half_an_object_is_none() {
        for half in ["BEGIN:VCALENDAR", "BEGIN:VCALENDAR\r\nEND:VEVENT\r\n"] {
            assert!(is_object(half.as_bytes()));
            assert_eq!(read(half.as_bytes()).expect_err(half).kind(), Kind::Broken);
        }
        for other in ["", "{}", "<html>", "BEGIN:VCARD\r\n", "X BEGIN:VCALENDAR"] {
            assert!(!is_object(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn the_length_is_bounded() {
        let long = format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR", "X".repeat(MAX_BYTES));
        assert_eq!(
            read(long.as_bytes()).expect_err("too long").kind(),
            Kind::Broken
        );
    }
}
