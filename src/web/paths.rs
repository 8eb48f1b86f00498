//! The addresses of the page.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

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

/// Rounds in which a path is decoded; one that is still not plain is written by nobody in earnest.
const ROUNDS: usize = 8;

/// The path as it may be logged: without one-time links, however they are spelled. Addresses of
/// the protocol stay as they are: they hold names, and some are called like this.
#[must_use]
pub fn without_secrets(path: &str) -> Cow<'_, str> {
    let mut walked: Vec<String> = Vec::new();
    for segment in plain(path).split(['/', '\\']) {
        let segment = segment.split(';').next().unwrap_or_default().trim();
        match segment {
            "" | "." => {}
            ".." => drop(walked.pop()),
            _ => walked.push(segment.to_owned()),
        }
        let names: Vec<&str> = walked.iter().map(String::as_str).collect();
        match names.as_slice() {
            ["dav", ..] => {}
            [.., "welcome", _] => return Cow::Borrowed("/welcome/…"),
            [.., "devices", "login", _] => return Cow::Borrowed("/devices/login/…"),
            _ => {}
        }
    }
    Cow::Borrowed(path)
}

/// Decoded until nothing is left to decode, in lower case.
fn plain(path: &str) -> String {
    let mut text = path.to_owned();
    for _ in 0..ROUNDS {
        let decoded = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded == text {
            break;
        }
        text = decoded;
    }
    text.to_lowercase()
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
    use proptest::prelude::*;

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
        for (path, logged) in [
            ("/welcome/s3cret", "/welcome/…"),
            ("/welcome/s3cret/", "/welcome/…"),
            ("/devices/login/s3cret/x", "/devices/login/…"),
            ("/devices//login/s3cret", "/devices/login/…"),
            ("//welcome//s3cret", "/welcome/…"),
            ("/%77elcome/s3cret", "/welcome/…"),
            ("/%2577elcome/s3cret", "/welcome/…"),
            ("/welcome%2Fs3cret", "/welcome/…"),
            ("/Welcome/s3cret", "/welcome/…"),
            ("/./welcome/./s3cret", "/welcome/…"),
            ("/x/../welcome/s3cret", "/welcome/…"),
            ("/welcome/s3cret/../../passwords", "/welcome/…"),
            ("/devices/x/../login/s3cret", "/devices/login/…"),
            ("/devices;a/login;b/s3cret", "/devices/login/…"),
            ("/devices\\login\\s3cret", "/devices/login/…"),
            ("/BRIDGE/welcome/s3cret", "/welcome/…"),
            ("/dav/../welcome/s3cret", "/welcome/…"),
        ] {
            assert_eq!(without_secrets(path), logged, "{path}");
        }
        for path in [
            "/",
            "/devices",
            "/devices/login",
            "/welcome/",
            "/index.php/login/v2",
            "/dav/files/anna/infomaniak/Welcome/to%20us.txt",
        ] {
            assert_eq!(without_secrets(path), path);
        }
    }

    proptest! {
        #[test]
        fn no_spelling_of_a_link_is_logged(
            secret in "[A-Za-z0-9_-]{20,43}",
            link in prop_oneof![Just("welcome"), Just("devices login")],
            before in "(/|//|/\\./|/x/\\.\\./|/bridge/)",
            between in prop::collection::vec("(/|//|/\\./|/y/\\.\\./|%2f|%252F)", 3),
            after in "(|/|//|/\\.|/refuse|/\\.\\./\\.\\./sign-in)",
            spelled in prop::collection::vec(0..4_u8, 20),
        ) {
            let spell = |(c, how): (char, &u8)| match how {
                0 => c.to_ascii_uppercase().to_string(),
                1 => format!("%{:02x}", u32::from(c)),
                2 => format!("%25{:02X}", u32::from(c)),
                _ => c.to_string(),
            };
            let mut path = before;
            for (word, slash) in link.split(' ').zip(&between) {
                path.extend(word.chars().zip(&spelled).map(spell));
                path.push_str(slash);
            }
            let path = format!("{path}{secret}{after}");
            prop_assert!(!without_secrets(&path).contains(&secret), "{}", path);
        }

        #[test]
        fn other_paths_are_logged_as_they_are(path in "/dav(/[a-zA-Z0-9%. ]{0,9}){0,5}") {
            prop_assume!(!path.contains(".."));
            prop_assert_eq!(without_secrets(&path), path.as_str());
        }
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
