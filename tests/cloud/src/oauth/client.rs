//! Applications that operators registered with a vendor.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// An application.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct OAuthClient {
    /// Its `client_id`.
    pub id: String,
    /// Its secret; none makes it a public client, which must not send one.
    #[serde(default)]
    pub secret: Option<String>,
    /// Addresses the browser may be sent back to, compared letter by letter.
    #[serde(default)]
    pub redirects: Vec<String>,
    /// Whether `http://127.0.0.1`, `http://[::1]` and `http://localhost` are taken too, with any
    /// port and path.
    #[serde(default)]
    pub loopback: bool,
}

impl OAuthClient {
    /// Whether the browser may be sent there.
    pub(crate) fn allows(&self, redirect: &str) -> bool {
        self.redirects.iter().any(|known| known == redirect)
            || (self.loopback && is_loopback(redirect))
    }
}

fn is_loopback(redirect: &str) -> bool {
    let Ok(url) = Url::parse(redirect) else {
        return false;
    };
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    here && url.scheme() == "http" && url.fragment().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_registered_or_loopback_addresses_are_allowed() {
        let mut client = OAuthClient {
            id: "c".to_owned(),
            secret: None,
            redirects: vec!["https://dav.example/oauth/google".to_owned()],
            loopback: false,
        };
        assert!(client.allows("https://dav.example/oauth/google"));
        for other in [
            "https://dav.example/oauth/google/",
            "https://dav.example/oauth/google?x=1",
            "http://127.0.0.1:8080/oauth/google",
        ] {
            assert!(!client.allows(other), "{other}");
        }
        client.loopback = true;
        for here in [
            "http://127.0.0.1:8080/a",
            "http://[::1]/",
            "http://localhost:1",
        ] {
            assert!(client.allows(here), "{here}");
        }
        for other in [
            "https://127.0.0.1/",
            "http://localhost.example/",
            "http://10.0.0.1/",
        ] {
            assert!(!client.allows(other), "{other}");
        }
    }
}
