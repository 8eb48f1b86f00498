//! Cookies: what the browser sent, and what it is told to keep.

use http::HeaderMap;
use http::header::COOKIE;
use secrecy::SecretString;

/// A cookie of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cookie {
    /// The session.
    Session,
    /// A browser that is not signed in: its forms, and sign-in under way elsewhere.
    Guest,
}

/// Longest value that is looked at, in bytes.
const LONGEST: usize = 256;

/// Where the page is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jar<'v> {
    /// Whether it is reached by HTTPS.
    pub(super) secure: bool,
    /// Path of the public address without a slash at its end.
    pub(super) prefix: &'v str,
}

impl Jar<'_> {
    /// By the prefix of the name browsers take the cookie from this host by HTTPS alone, so that
    /// no neighbour plants one; `__Host-` goes with the path `/` only (RFC 6265bis §4.1.3).
    fn name(self, cookie: Cookie) -> String {
        let guarded = match (self.secure, self.prefix) {
            (false, _) => "",
            (true, "") => "__Host-",
            (true, _) => "__Secure-",
        };
        let name = match cookie {
            Cookie::Session => "davbridge",
            Cookie::Guest => "davbridge-guest",
        };
        format!("{guarded}{name}")
    }

    /// A cookie's value: letters, digits, `-` and `_`, as ours all are. Of several of one name
    /// nobody knows which is ours: none is believed.
    pub(super) fn get(self, headers: &HeaderMap, cookie: Cookie) -> Option<SecretString> {
        let name = self.name(cookie);
        let values = headers.get_all(COOKIE).iter();
        let pairs = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        let mut ours = pairs.filter(|(key, _)| *key == name);
        let (_, value) = ours.next()?;
        if ours.next().is_some() {
            return None;
        }
        let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
        let good = !value.is_empty() && value.len() <= LONGEST && value.bytes().all(plain);
        good.then(|| value.into())
    }

    /// A `Set-Cookie` value. `seconds`: how long it is kept, without it until the browser ends.
    pub(super) fn set(self, cookie: Cookie, value: &str, seconds: Option<i64>) -> String {
        let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        let secure = if self.secure { "; Secure" } else { "" };
        let (name, prefix) = (self.name(cookie), self.prefix);
        format!("{name}={value}; Path={prefix}/; HttpOnly; SameSite=Lax{age}{secure}")
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use secrecy::ExposeSecret;

    use super::Cookie::{Guest, Session};
    use super::*;

    const PLAIN: Jar<'_> = jar(false, "");

    const fn jar(secure: bool, prefix: &str) -> Jar<'_> {
        Jar { secure, prefix }
    }

    fn sent(lines: &[&'static str]) -> HeaderMap {
        let lines = lines.iter();
        lines
            .map(|line| (COOKIE, HeaderValue::from_static(line)))
            .collect()
    }

    fn got(jar: Jar<'_>, lines: &[&'static str]) -> Option<String> {
        let value = jar.get(&sent(lines), Session);
        value.map(|value| value.expose_secret().to_owned())
    }

    #[test]
    fn cookies_are_read_as_browsers_write_them() {
        let lines = ["a=b; davbridge=x_Y-9", "davbridge-guest=\"z\""];
        assert_eq!(got(PLAIN, &lines).as_deref(), Some("x_Y-9"));
        let quoted = PLAIN.get(&sent(&lines), Guest);
        assert!(quoted.is_none(), "quotes are none of ours");
        assert_eq!(got(PLAIN, &["a=b"]), None);
    }

    #[test]
    fn of_several_of_one_name_none_is_believed() {
        for lines in [
            &["davbridge=x; davbridge=y"][..],
            &["davbridge=x; davbridge=x"],
            &["davbridge=x", "davbridge=y"],
            &["davbridge=x; davbridge="],
        ] {
            assert_eq!(got(PLAIN, lines), None, "{lines:?}");
        }
        let apart = ["davbridge=x; __Host-davbridge=y; __Secure-davbridge=z"];
        for (jar, value) in [
            (PLAIN, "x"),
            (jar(true, ""), "y"),
            (jar(true, "/bridge"), "z"),
        ] {
            assert_eq!(got(jar, &apart).as_deref(), Some(value));
        }
    }

    #[test]
    fn attributes() {
        let plain = "davbridge=v; Path=/; HttpOnly; SameSite=Lax";
        assert_eq!(PLAIN.set(Session, "v", None), plain);
        let root = "__Host-davbridge-guest=v; Path=/; HttpOnly; SameSite=Lax; Secure";
        assert_eq!(jar(true, "").set(Guest, "v", None), root);
        let below =
            "__Secure-davbridge=v; Path=/bridge/; HttpOnly; SameSite=Lax; Max-Age=60; Secure";
        assert_eq!(jar(true, "/bridge").set(Session, "v", Some(60)), below);
        let plain = "davbridge=v; Path=/bridge/; HttpOnly; SameSite=Lax";
        assert_eq!(jar(false, "/bridge").set(Session, "v", None), plain);
    }
}
