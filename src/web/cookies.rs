//! Cookies: what the browser sent, and what it is told to keep.

use http::HeaderMap;
use http::header::COOKIE;
use secrecy::SecretString;

/// The session.
pub(super) const SESSION: &str = "davbridge";
/// A browser that is not signed in: its forms, and sign-in under way elsewhere.
pub(super) const GUEST: &str = "davbridge-guest";

/// Longest value that is looked at, in bytes.
const LONGEST: usize = 256;

/// A cookie's value: letters, digits, `-` and `_`, as ours all are.
pub(super) fn get(headers: &HeaderMap, name: &str) -> Option<SecretString> {
    let values = headers.get_all(COOKIE).iter();
    let pairs = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let mut ours = pairs.filter(|(key, _)| *key == name);
    let (_, value) = ours.next()?;
    let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    let good = !value.is_empty() && value.len() <= LONGEST && value.bytes().all(plain);
    good.then(|| value.into())
}

/// A `Set-Cookie` value. `secure`: to be sent by HTTPS only; `seconds`: how long it is kept,
/// without it until the browser ends.
pub(super) fn set(
    name: &str,
    value: &str,
    prefix: &str,
    secure: bool,
    seconds: Option<i64>,
) -> String {
    let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path={prefix}/; HttpOnly; SameSite=Lax{age}{secure}")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::COOKIE;
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn cookies_are_read_as_browsers_write_them() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=b; davbridge=x_Y-9"));
        headers.append(COOKIE, HeaderValue::from_static("davbridge-guest=\"z\""));
        let session = get(&headers, SESSION).unwrap();
        assert_eq!(session.expose_secret(), "x_Y-9");
        assert!(get(&headers, GUEST).is_none(), "quotes are none of ours");
        assert!(get(&headers, "b").is_none());
    }

    #[test]
    fn attributes() {
        let plain = "davbridge=v; Path=/; HttpOnly; SameSite=Lax";
        assert_eq!(set(SESSION, "v", "", false, None), plain);
        let full = "davbridge=v; Path=/bridge/; HttpOnly; SameSite=Lax; Max-Age=60; Secure";
        assert_eq!(set(SESSION, "v", "/bridge", true, Some(60)), full);
    }
}
