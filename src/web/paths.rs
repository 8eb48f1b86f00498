//! The addresses of the page.

use std::borrow::Cow;

/// First segments of all addresses of the page but `/`.
pub const SEGMENTS: [&str; 13] = [
    "sign-in",
    "sign-out",
    "welcome",
    "connections",
    "connect",
    "oauth",
    "devices",
    "passwords",
    "sessions",
    "account",
    "admin",
    "assets",
    "index.php",
];

/// Whether a path, without the prefix, is one of the page's; `/` is shared with the protocol.
#[must_use]
pub fn is_page(path: &str) -> bool {
    let first = path
        .strip_prefix('/')
        .and_then(|rest| rest.split('/').next());
    first.is_some_and(|first| SEGMENTS.contains(&first))
}

/// The path as it may be logged: without one-time links.
#[must_use]
pub fn without_secrets(path: &str) -> Cow<'_, str> {
    for open in ["/welcome/", "/devices/login/"] {
        if path.len() > open.len() && path.starts_with(open) {
            return Cow::Owned(format!("{open}…"));
        }
    }
    Cow::Borrowed(path)
}

/// Where somebody may be sent after signing in.
const BACK: [&str; 7] = [
    "connections",
    "connect",
    "devices",
    "passwords",
    "sessions",
    "account",
    "admin",
];

/// A path of ours to go back to. `None` for everything else: no address of anybody else can be
/// told here.
pub(super) fn back(text: &str) -> Option<&str> {
    if text == "/" {
        return Some(text);
    }
    let mut segments = text.strip_prefix('/')?.split('/');
    let plain = |segment: &str| {
        let letters = segment
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.'));
        letters && !segment.is_empty() && !segment.starts_with('.')
    };
    let first = segments.next()?;
    (text.len() <= 200 && BACK.contains(&first) && segments.all(plain)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_segments_are_the_pages() {
        for page in ["/sign-in", "/welcome/abc", "/admin/users", "/assets/"] {
            assert!(is_page(page), "{page}");
        }
        for other in ["/", "/dav/", "/sign-inn", "/x/sign-in", "sign-in", ""] {
            assert!(!is_page(other), "{other}");
        }
    }

    #[test]
    fn links_are_not_logged() {
        assert_eq!(without_secrets("/welcome/s3cret"), "/welcome/…");
        assert_eq!(
            without_secrets("/devices/login/s3cret/x"),
            "/devices/login/…"
        );
        assert_eq!(without_secrets("/devices"), "/devices");
    }

    #[test]
    fn nobody_is_sent_elsewhere() {
        for good in ["/", "/passwords", "/connections/infomaniak-2", "/admin/log"] {
            assert_eq!(back(good), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "/connections/../../evil",
            "/connections//evil.example",
            "/passwords?x=1",
            "/passwords/",
            "/sign-out",
            "/dav/",
            "passwords",
            "/passwords\r\nset-cookie: a=b",
        ] {
            assert_eq!(back(bad), None, "{bad}");
        }
    }
}
