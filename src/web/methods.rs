//! Which methods an address takes.

/// It shows something.
const LOOK: &str = "GET, HEAD";
/// It changes something.
const SEND: &str = "POST";
/// It shows a form and takes it.
const BOTH: &str = "GET, HEAD, POST";
/// It shows something once: programs that only try an address are not to use it up.
const ONCE: &str = "GET";
/// The same, with a form.
const ONCE_BOTH: &str = "GET, POST";

/// The methods of an address as `Allow` tells them; `None` where there is no such address.
pub(super) fn of(segments: &[&str]) -> Option<&'static str> {
    Some(match segments {
        ["sign-in" | "passwords"] | ["connect", _] | ["connect", _, _] => BOTH,
        ["sign-in", "oidc"] | ["sign-in", "oidc", "back"] => ONCE,
        ["welcome" | "oauth", _] | ["devices", "login", _] => ONCE_BOTH,
        [] | ["connect" | "devices" | "sessions" | "account"] | ["connections", _] => LOOK,
        ["connections", _, "reconnect" | "disconnect"] | ["devices", _] => BOTH,
        ["sign-out"] | ["connect", _, _, "cancel"] | ["account", "password"] => SEND,
        ["connections", _, "check" | "hide" | "rename"] => SEND,
        ["passwords", _, "revoke"] | ["sessions", _, "end"] => SEND,
        ["devices", "login", _, "refuse"] | ["devices", _, "profile"] => SEND,
        ["admin", rest @ ..] => return of_administrators(rest),
        ["index.php", "login", "v2"] | ["index.php", "login", "v2", "poll"] => SEND,
        _ => return None,
    })
}

fn of_administrators(rest: &[&str]) -> Option<&'static str> {
    match rest {
        ["connections" | "log"] => Some(LOOK),
        ["users"] | ["users", _, "remove"] => Some(BOTH),
        ["users", _, "link" | "role" | "disable" | "enable"] => Some(SEND),
        _ => None,
    }
}

/// Whether a method is one of those.
pub(super) fn allows(methods: &str, method: &http::Method) -> bool {
    methods.split(", ").any(|known| known == method.as_str())
}
