//! Dates as properties and headers have them.

use std::borrow::Cow;
use std::time::SystemTime;

use chrono::{DateTime, Datelike, Utc};

/// RFC 9110 §5.6.7; years that fit only.
pub(in crate::dav) fn http_date(instant: DateTime<Utc>) -> Option<Cow<'static, str>> {
    fits(instant).map(|instant| httpdate::fmt_http_date(SystemTime::from(instant)).into())
}

/// RFC 3339 in UTC.
pub(super) fn iso_date(instant: DateTime<Utc>) -> Option<Cow<'static, str>> {
    fits(instant).map(|instant| instant.format("%Y-%m-%dT%H:%M:%SZ").to_string().into())
}

/// Dates that every client can hold.
fn fits(instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (1970..=9999).contains(&instant.year()).then_some(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_as_clients_parse_them() {
        let instant = DateTime::from_timestamp(1_513_720_956, 0).unwrap();
        assert_eq!(http_date(instant).unwrap(), "Tue, 19 Dec 2017 22:02:36 GMT");
        assert_eq!(iso_date(instant).unwrap(), "2017-12-19T22:02:36Z");
        assert!(http_date(DateTime::<Utc>::MAX_UTC).is_none());
        assert!(iso_date(DateTime::<Utc>::MIN_UTC).is_none());
    }
}
