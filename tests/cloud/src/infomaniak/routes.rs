//! The table of routes and how a path finds its row.

use super::state::Handler;
use super::{accounts, drive, pim};
use crate::template::{Params, matched};

/// Which host, by the first segment of the path on the listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// `api.infomaniak.com`: `/api`.
    Api,
    /// `api.kdrive.infomaniak.com`: `/kdrive`.
    Kdrive,
    /// `notify.kdrive.infomaniak.com`: `/notify`.
    Notify,
    /// `calendar.infomaniak.com`: `/calendar`.
    Calendar,
    /// `contacts.infomaniak.com`: `/contacts`.
    Contacts,
    /// `mail.infomaniak.com`: `/mail`.
    Mail,
    /// `login.infomaniak.com`: `/login`.
    Login,
    /// The signed download addresses, a listener of their own.
    Cdn,
}

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Anyone; a token is not looked at.
    Nothing,
    /// A token with this scope.
    Scope(&'static str),
    /// A token with the scope of contacts, whose name is a switch.
    Contacts,
    /// A first-party token: personal access tokens are sent to the sign-in page.
    SignIn,
}

/// A row of the table.
#[derive(Clone, Copy)]
pub(crate) struct Route {
    /// `GET /1/accounts`, or `GET contacts:/api/pim/addressbook` for hosts of their own.
    pub(crate) key: &'static str,
    pub(crate) needs: Needs,
    pub(crate) handler: Handler,
}

/// The `{…}` that are no numbers.
const TEXTS: [&str; 3] = ["{token}", "{ticket}", "{contact}"];

/// Counted for requests that no route fits.
pub(crate) const UNKNOWN: &str = "(unknown)";

impl Host {
    /// Splits `/api/1/accounts` into the host and `/1/accounts`.
    pub(crate) fn split(path: &str) -> Option<(Host, &str)> {
        let rest = path.strip_prefix('/')?;
        let (first, rest) = rest.split_at(rest.find('/')?);
        let host = match first {
            "api" => Host::Api,
            "kdrive" => Host::Kdrive,
            "notify" => Host::Notify,
            "calendar" => Host::Calendar,
            "contacts" => Host::Contacts,
            "mail" => Host::Mail,
            "login" => Host::Login,
            _ => return None,
        };
        Some((host, rest))
    }

    /// What stands before the path in route keys of this host.
    fn mark(self) -> &'static str {
        match self {
            Host::Api | Host::Kdrive => "",
            Host::Notify => "notify:",
            Host::Calendar => "calendar:",
            Host::Contacts => "contacts:",
            Host::Mail => "mail:",
            Host::Login => "login:",
            Host::Cdn => "cdn:",
        }
    }

    /// Whether this host serves the path at all.
    fn serves(self, path: &str) -> bool {
        self != Host::Kdrive || path.starts_with("/2/drive") || path.starts_with("/3/drive")
    }
}

/// All rows; a row with fixed words stands before one with `{…}` in their place.
fn rows() -> impl Iterator<Item = &'static Route> {
    let drive = drive::TABLES.iter().copied().flatten();
    accounts::ROUTES.iter().chain(drive).chain(pim::ROUTES)
}

/// All route keys.
pub(crate) fn keys() -> impl Iterator<Item = &'static str> {
    rows().map(|route| route.key)
}

/// The row for a request, and the values in its path.
pub(crate) fn find<'p>(
    host: Host,
    method: &str,
    path: &'p str,
) -> Option<(&'static Route, Params<'p>)> {
    if !host.serves(path) {
        return None;
    }
    rows().find_map(|route| {
        let template = route.key.strip_prefix(method)?.strip_prefix(' ')?;
        let template = template.strip_prefix(host.mark())?;
        Some((route, matched(template, path, &TEXTS)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(method: &str, path: &str) -> Option<&'static str> {
        let (host, rest) = Host::split(path)?;
        find(host, method, rest).map(|found| found.0.key)
    }

    #[test]
    fn paths_find_their_template() {
        let listing = "GET /3/drive/{drive}/files/{file}/files";
        assert_eq!(
            key("GET", "/api/3/drive/598431/files/5/files"),
            Some(listing)
        );
        assert_eq!(
            key("GET", "/kdrive/3/drive/598431/files/5/files"),
            Some(listing)
        );
        assert_eq!(key("GET", "/api/1/accounts"), Some("GET /1/accounts"));
        assert_eq!(key("GET", "/kdrive/1/accounts"), None);
        assert_eq!(key("GET", "/api/3/drive/x/files/5/files"), None);
        assert_eq!(key("GET", "/elsewhere/1/accounts"), None);
        assert_eq!(key("POST", "/api/1/accounts"), None);
    }
}
