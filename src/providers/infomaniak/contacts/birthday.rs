//! Birthdays in every unambiguous spelling.

use chrono::NaiveDate;
use serde_json::Value;

use crate::domain::Birthday;

/// A leap year: the 29th of February of an unknown year is a day.
const ANY_YEAR: i32 = 2000;

/// `1980-02-29`, also with a time behind it, `19800229`, `--02-29`, `--0229`, `29.2.1980`, or the
/// same as `value` or `date` of an object.
pub(super) fn read(value: &Value) -> Option<Birthday> {
    match value {
        Value::String(text) => parse(text.trim()),
        Value::Object(record) => read(record.get("value").or_else(|| record.get("date"))?),
        Value::Array(list) => read(list.first()?),
        _ => None,
    }
}

fn parse(text: &str) -> Option<Birthday> {
    if let Some(rest) = text.strip_prefix("--") {
        let digits = rest.replacen('-', "", 1);
        return day(None, digits.get(..2)?, digits.get(2..)?);
    }
    if let [first, second, year] = text.split('.').collect::<Vec<_>>()[..] {
        return day(Some(year), second, first);
    }
    let (date, time) = text.split_at_checked(10).unwrap_or((text, ""));
    if let [year, month, number] = date.split('-').collect::<Vec<_>>()[..] {
        let ends = time.is_empty() || time.starts_with(['T', 't', ' ']);
        return ends.then(|| day(Some(year), month, number))?;
    }
    let basic = text.len() == 8;
    basic.then(|| day(Some(text.get(..4)?), text.get(4..6)?, text.get(6..)?))?
}

fn day(year: Option<&str>, month: &str, number: &str) -> Option<Birthday> {
    let digits = |text: &str, most: usize| {
        let plain = text.bytes().all(|digit| digit.is_ascii_digit());
        (plain && (1..=most).contains(&text.len())).then(|| text.parse::<u32>().ok())?
    };
    let (month, number) = (digits(month, 2)?, digits(number, 2)?);
    let year = match year {
        // what some write where none is known
        Some("0000" | "1604") | None => None,
        Some(year) if year.len() == 4 => Some(i32::try_from(digits(year, 4)?).ok()?),
        Some(_) => return None,
    };
    NaiveDate::from_ymd_opt(year.unwrap_or(ANY_YEAR), month, number)?;
    Some(Birthday {
        year,
        month,
        day: number,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn birthdays_are_days() {
        let known = |year, month, day| Some(Birthday { year, month, day });
        for (told, meant) in [
            ("1980-02-29", known(Some(1980), 2, 29)),
            (" 1980-02-29 ", known(Some(1980), 2, 29)),
            ("1980-02-29T00:00:00+01:00", known(Some(1980), 2, 29)),
            ("1980-02-29 00:00:00", known(Some(1980), 2, 29)),
            ("19800229", known(Some(1980), 2, 29)),
            ("29.2.1980", known(Some(1980), 2, 29)),
            ("29.02.1980", known(Some(1980), 2, 29)),
            ("--02-29", known(None, 2, 29)),
            ("--0229", known(None, 2, 29)),
            ("0000-02-29", known(None, 2, 29)),
            ("1604-02-29", known(None, 2, 29)),
        ] {
            assert_eq!(read(&json!(told)), meant, "{told}");
        }
        assert_eq!(
            read(&json!({"value": "1980-01-02"})),
            known(Some(1980), 1, 2)
        );
        assert_eq!(read(&json!(["1980-01-02"])), known(Some(1980), 1, 2));
    }

    #[test]
    fn what_is_no_day_is_none() {
        for wrong in [
            "",
            "-",
            "--",
            "--02",
            "--02-30",
            "1981-02-29",
            "1980-13-01",
            "80-01-01",
            "1980-01",
            "1980-01-02x",
            "1/2/1980",
            "1.2.80",
            "é980-01-02",
            "--é",
            "99999999",
            "12345",
            "+980-01-02",
            "soon",
            "29.2.1980.1",
        ] {
            assert_eq!(read(&json!(wrong)), None, "{wrong}");
        }
        for wrong in [
            json!(null),
            json!(19_800_229),
            json!({}),
            json!([]),
            json!(true),
        ] {
            assert_eq!(read(&wrong), None, "{wrong}");
        }
    }
}
