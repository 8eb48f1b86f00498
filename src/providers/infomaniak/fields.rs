//! Fields of calendars, events and contacts, of which few are certain: each is read by itself,
//! and what makes no sense is as if it were not there.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::wire::{self, Record};

/// A text that says something, unchanged.
pub(super) fn told(record: &Record, name: &str) -> Option<String> {
    let text = wire::text(record, name)?;
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// A switch, also spelled as a number or text.
pub(super) fn truth(record: &Record, name: &str) -> bool {
    match record.get(name) {
        Some(Value::Bool(truth)) => *truth,
        Some(Value::Number(number)) => number.as_u64() == Some(1),
        Some(Value::String(text)) => text == "1" || text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// A whole number, also spelled as text.
pub(super) fn whole(record: &Record, name: &str) -> Option<i64> {
    let value = record.get(name)?;
    let text = || value.as_str()?.trim().parse().ok();
    value.as_i64().or_else(text)
}

/// The letters and digits of a field's name, in lower case: names differ in how they join words.
pub(super) fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The records of a list; everything else in it is passed over.
pub(super) fn records<'a>(record: &'a Record, name: &str) -> impl Iterator<Item = &'a Record> {
    let list = record.get(name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_object)
}

/// An instant in epoch seconds or ISO 8601 with an offset.
pub(super) fn instant(record: &Record, name: &str) -> Option<DateTime<Utc>> {
    if let Some(epoch) = whole(record, name) {
        return DateTime::from_timestamp(epoch, 0);
    }
    let text = wire::text(record, name)?.trim();
    Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc())
}

/// A colour as `#RRGGBB`; three digits are doubled, transparency is cut off.
pub(super) fn color(record: &Record, name: &str) -> Option<String> {
    let digits = wire::text(record, name)?.trim().strip_prefix('#')?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let digits = match digits.len() {
        3 | 4 => digits
            .chars()
            .take(3)
            .flat_map(|digit| [digit; 2])
            .collect(),
        6 | 8 => digits.get(..6)?.to_owned(),
        _ => return None,
    };
    Some(format!("#{}", digits.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(value: &Value) -> Record {
        json!({ "x": value }).as_object().expect("a record").clone()
    }

    #[test]
    fn colours_are_six_digits_or_none() {
        let read = |text: &str| color(&record(&json!(text)), "x");
        for (told, meant) in [
            ("#0098FF", "#0098FF"),
            (" #0098ff ", "#0098FF"),
            ("#0098ff80", "#0098FF"),
            ("#09f", "#0099FF"),
            ("#09f8", "#0099FF"),
        ] {
            assert_eq!(read(told).as_deref(), Some(meant), "{told}");
        }
        for wrong in [
            "",
            "#",
            "0098FF",
            "#0098F",
            "#0098F\u{00C9}",
            "#ggg",
            "red",
            "#ééé",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(color(&record(&json!(0x98FF)), "x"), None);
    }

    #[test]
    fn instants_come_in_two_spellings() {
        let then = DateTime::from_timestamp(1_760_000_000, 0);
        for told in [
            json!(1_760_000_000),
            json!("1760000000"),
            json!("2025-10-09T08:53:20Z"),
            json!("2025-10-09T10:53:20+02:00"),
        ] {
            assert_eq!(instant(&record(&told), "x"), then, "{told}");
        }
        for wrong in [
            json!(null),
            json!(""),
            json!("soon"),
            json!(i64::MAX),
            json!([1]),
        ] {
            assert_eq!(instant(&record(&wrong), "x"), None, "{wrong}");
        }
    }

    #[test]
    fn switches_and_numbers_come_in_every_spelling() {
        for (told, truth, whole) in [
            (json!(true), true, None),
            (json!(1), true, Some(1)),
            (json!("1"), true, Some(1)),
            (json!("True"), true, None),
            (json!(0), false, Some(0)),
            (json!("no"), false, None),
            (json!(null), false, None),
            (json!(1.5), false, None),
            (json!("-10"), false, Some(-10)),
        ] {
            let record = record(&told);
            assert_eq!(super::truth(&record, "x"), truth, "{told}");
            assert_eq!(super::whole(&record, "x"), whole, "{told}");
        }
    }
}
