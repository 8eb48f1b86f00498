//! What headers of a request mean to every method.

use http::{HeaderMap, HeaderValue};

use crate::domain::{Error, Kind, Result};

/// Whether members are asked for; `None` for a depth of infinity. Without a header the depth is
/// taken for 1: clients that leave it out want a listing.
pub(super) fn depth(headers: &HeaderMap) -> Result<Option<bool>> {
    match headers.get("depth").map(HeaderValue::as_bytes) {
        None | Some(b"1") => Ok(Some(true)),
        Some(b"0") => Ok(Some(false)),
        Some(other) if other.eq_ignore_ascii_case(b"infinity") => Ok(None),
        Some(b"1,noroot") => Ok(Some(true)),
        Some(_) => Err(Error::client(
            Kind::Invalid,
            "Depth must be 0, 1 or infinity",
        )),
    }
}

/// `Prefer: return=minimal` (RFC 8144) or Apple's `Brief: t`.
pub(super) fn wants_minimal(headers: &HeaderMap) -> bool {
    let has = |name: &str, wanted: &str| {
        let mut values = headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok());
        values.any(|value| {
            value
                .split([',', ';'])
                .any(|part| part.trim().eq_ignore_ascii_case(wanted))
        })
    };
    has("prefer", "return=minimal") || has("brief", "t")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depths() {
        let depth = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("depth", HeaderValue::from_str(value).unwrap());
            super::depth(&headers)
        };
        assert_eq!(depth("0").unwrap(), Some(false));
        assert_eq!(depth("Infinity").unwrap(), None);
        assert_eq!(super::depth(&HeaderMap::new()).unwrap(), Some(true));
        assert_eq!(depth("2").unwrap_err().kind(), Kind::Invalid);
    }

    #[test]
    fn minimal_in_either_spelling() {
        let minimal = |name: &'static str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_str(value).unwrap());
            wants_minimal(&headers)
        };
        assert!(minimal("prefer", "respond-async, return=minimal"));
        assert!(minimal("brief", "t"));
        assert!(!minimal("brief", "f"));
    }
}
