//! Hosts that a redirect may lead to.

use url::Url;

use crate::domain::{Error, Kind, Result};

/// An allow list of hosts.
#[derive(Debug, Clone, Default)]
pub struct Hosts(Vec<Rule>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    /// This host and those below it, over HTTPS on its own port.
    Suffix(String),
    /// Exactly this host and port, over HTTP or HTTPS.
    Exact(String, u16),
}

impl Hosts {
    /// Reads `example.org` (that host and all below it, HTTPS only) and `127.0.0.1:9001`
    /// (exactly that, HTTP too).
    ///
    /// # Errors
    /// `Invalid` for anything else.
    pub fn parse<S: AsRef<str>>(list: &[S]) -> Result<Self> {
        let rules = list.iter().map(|entry| {
            let entry = entry.as_ref();
            rule(entry).ok_or_else(|| {
                let message = format!("not a host or host:port: {entry:?}");
                Error::bridge(Kind::Invalid, message)
            })
        });
        rules.collect::<Result<_>>().map(Self)
    }

    /// Whether a redirect to `url` may be followed.
    #[must_use]
    pub fn allow(&self, url: &Url) -> bool {
        let plain = url.username().is_empty() && url.password().is_none();
        let Some(host) = url.host_str() else {
            return false;
        };
        plain
            && self.0.iter().any(|rule| match rule {
                Rule::Suffix(suffix) => {
                    url.scheme() == "https" && url.port().is_none() && is_below(host, suffix)
                }
                Rule::Exact(name, port) => {
                    matches!(url.scheme(), "http" | "https")
                        && host == name
                        && url.port_or_known_default() == Some(*port)
                }
            })
    }
}

fn is_below(host: &str, suffix: &str) -> bool {
    let head = host.strip_suffix(suffix);
    head.is_some_and(|head| head.is_empty() || head.ends_with('.'))
}

fn rule(entry: &str) -> Option<Rule> {
    // the URL parser spells hosts the way redirects will be spelled
    let url = Url::parse(&format!("http://{entry}/")).ok()?;
    let host = url.host_str()?.to_owned();
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !bare || !url.username().is_empty() {
        return None;
    }
    let colon = entry
        .rsplit_once(':')
        .filter(|(_, port)| !port.contains(']'));
    match colon {
        Some((_, port)) => Some(Rule::Exact(host, port.parse().ok()?)),
        None => Some(Rule::Suffix(host)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(list: &[&str], url: &str) -> bool {
        let hosts = Hosts::parse(list).expect("a list");
        hosts.allow(&Url::parse(url).expect("a URL"))
    }

    #[test]
    fn a_suffix_is_the_host_and_what_lies_below() {
        let list = ["download.example.com"];
        assert!(allows(&list, "https://download.example.com/x?sig=1"));
        assert!(allows(&list, "https://1-34.download.example.com/x"));
        for foreign in [
            "http://download.example.com/x",
            "https://download.example.com:8443/x",
            "https://evildownload.example.com/x",
            "https://download.example.com.evil.org/x",
            "https://user@download.example.com/x",
            "https://example.com/x",
            "ftp://download.example.com/x",
        ] {
            assert!(!allows(&list, foreign), "{foreign}");
        }
    }

    #[test]
    fn a_port_makes_it_exact() {
        let list = ["127.0.0.1:9001", "[::1]:9001", "cdn.test:80"];
        assert!(allows(&list, "http://127.0.0.1:9001/x"));
        assert!(allows(&list, "http://[::1]:9001/x"));
        assert!(allows(&list, "http://cdn.test/x"));
        assert!(!allows(&list, "http://127.0.0.1:9002/x"));
        assert!(!allows(&list, "http://127.0.0.2:9001/x"));
        assert!(!allows(&list, "http://a.cdn.test/x"));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "http://x", "a/b", "a:b", "a b", "u@h", "h?q"] {
            assert!(Hosts::parse(&[bad]).is_err(), "{bad}");
        }
    }
}
