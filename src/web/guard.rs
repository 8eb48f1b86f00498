//! What keeps other sites from filling in our forms.

use http::HeaderMap;
use http::header::ORIGIN;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// Whether a request that changes something comes from a page of ours, as browsers tell: by
/// `Origin`, and by `Sec-Fetch-Site`, which they send to HTTPS and loopback only.
pub(super) fn is_own(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let site = text("sec-fetch-site");
    let good_site = site.is_none_or(|site| site == "same-origin");
    match headers.get(ORIGIN) {
        Some(told) => good_site && told.to_str().is_ok_and(|told| same(told, origin)),
        None => site == Some("same-origin"),
    }
}

fn same(told: &str, own: &str) -> bool {
    plain(told) == plain(own)
}

/// In lower case, without the scheme's own port: proxies write it, browsers do not.
fn plain(origin: &str) -> String {
    let origin = origin.to_ascii_lowercase();
    let port = if origin.starts_with("https:") {
        ":443"
    } else {
        ":80"
    };
    origin.strip_suffix(port).unwrap_or(&origin).to_owned()
}

/// Whether two secrets are equal, in a time that tells nothing about them.
pub(super) fn equal(one: &SecretString, other: &str) -> bool {
    let digest = |text: &str| Sha256::digest(text.as_bytes());
    !other.is_empty() && digest(one.expose_secret()) == digest(other)
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn own(headers: &[(&'static str, &str)], origin: &str) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            map.insert(HeaderName::from_static(name), value);
        }
        is_own(&map, origin)
    }

    #[test]
    fn only_pages_of_ours_may_send_forms() {
        let us = "https://h.example";
        for good in [
            vec![("origin", us)],
            vec![("origin", "https://H.example:443")],
            vec![("origin", us), ("sec-fetch-site", "same-origin")],
            vec![("sec-fetch-site", "same-origin")],
        ] {
            assert!(own(&good, us), "{good:?}");
        }
        for bad in [
            vec![],
            vec![("origin", "null")],
            vec![("origin", "http://h.example")],
            vec![("origin", "https://h.example.evil")],
            vec![
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "same-origin"),
            ],
            vec![("origin", us), ("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("sec-fetch-site", "none")],
        ] {
            assert!(!own(&bad, us), "{bad:?}");
        }
        assert!(own(&[("origin", "http://h:8080")], "http://h:8080"));
        assert!(!own(&[("origin", "http://h")], "http://h:8080"));
    }

    #[test]
    fn equal_is_equal() {
        let secret = SecretString::from("abc");
        assert!(equal(&secret, "abc"));
        assert!(!equal(&secret, "abd") && !equal(&SecretString::from(""), ""));
    }
}
