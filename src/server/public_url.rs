//! The address under which clients reach the bridge.

use std::fmt;

use http::uri::{Authority, Scheme};
use url::Url;

use crate::web::SEGMENTS;

/// First segments of the bridge's own addresses, beside those of the page.
const OWN: [&str; 4] = ["dav", ".well-known", "remote.php", "healthz"];

/// Scheme, host and optional path under which clients reach the bridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    scheme: Scheme,
    authority: Authority,
    prefix: String,
}

impl PublicUrl {
    /// Reads e.g. `https://dav.example.org` or `https://example.org/bridge/`; the error says what
    /// is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("not an address: {error}"))?;
        let scheme = match url.scheme() {
            "https" => Scheme::HTTPS,
            "http" => Scheme::HTTP,
            other => return Err(format!("scheme {other}: must be https or http")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not hold a user or password".into());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("must end with the path: no ? and no #".into());
        }
        let host = url.host_str().ok_or("has no host")?;
        let authority = url
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let authority = authority
            .parse()
            .map_err(|error| format!("host {authority}: {error}"))?;
        let prefix = url.path().trim_end_matches('/').to_owned();
        if prefix.contains("//") {
            return Err("the path must not hold empty parts".into());
        }
        Ok(Self {
            scheme,
            authority,
            prefix,
        })
    }

    /// `http` or `https`.
    #[must_use]
    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    /// Host and, where it is not the scheme's own, port.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Path without a slash at the end: `""` or `"/bridge"`.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The path without the prefix, for proxies that pass it on; a path that comes without it,
    /// because the proxy took it off, stays as it is.
    #[must_use]
    pub fn strip<'p>(&self, path: &'p str) -> &'p str {
        match path.strip_prefix(self.prefix.as_str()) {
            Some("") => "/",
            // only a rest that is an address of ours: with the prefix `/dav`, the path
            // `/dav/principals/` came through a proxy that took a prefix off already
            Some(rest) if rest == "/" || is_own(rest) => rest,
            Some(rest) if rest.starts_with('/') && !is_own(path) => rest,
            _ => path,
        }
    }
}

fn is_own(path: &str) -> bool {
    let first = path
        .strip_prefix('/')
        .and_then(|rest| rest.split('/').next());
    first.is_some_and(|first| OWN.contains(&first) || SEGMENTS.contains(&first))
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::PublicUrl;

    #[test]
    fn parts() {
        let url = PublicUrl::parse("https://dav.example.org:8443/bridge/").expect("good");
        assert_eq!(url.authority().as_str(), "dav.example.org:8443");
        assert_eq!(url.prefix(), "/bridge");
        assert_eq!(url.to_string(), "https://dav.example.org:8443/bridge");
        let root = PublicUrl::parse("https://dav.example.org").expect("good");
        assert_eq!(root.prefix(), "");
        assert_eq!(
            PublicUrl::parse("http://[::1]:80/")
                .expect("good")
                .to_string(),
            "http://[::1]"
        );
    }

    #[test]
    fn refused() {
        for bad in [
            "dav.example.org",
            "ftp://h/",
            "https://u@h/",
            "https://u:p@h/",
            "https://h/?a",
            "https://h/#a",
            "https://h//a",
            "https:///",
        ] {
            assert!(PublicUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn prefix_is_stripped_once_and_only_as_a_whole_segment() {
        let url = PublicUrl::parse("https://h/bridge").expect("good");
        for (path, rest) in [
            ("/bridge", "/"),
            ("/bridge/", "/"),
            ("/bridge/dav/files/", "/dav/files/"),
            ("/bridge/other", "/other"),
            ("/dav/files/", "/dav/files/"),
            ("/bridged/dav/", "/bridged/dav/"),
            ("/", "/"),
        ] {
            assert_eq!(url.strip(path), rest, "{path}");
        }
    }

    #[test]
    fn prefix_named_like_an_own_address() {
        let url = PublicUrl::parse("https://h/dav").expect("good");
        for (path, rest) in [
            ("/dav/dav/principals/", "/dav/principals/"),
            ("/dav/principals/", "/dav/principals/"),
            ("/dav/", "/"),
            ("/dav/healthz", "/healthz"),
        ] {
            assert_eq!(url.strip(path), rest, "{path}");
        }
    }
}
