//! Who really asks: forwarded headers, believed only from configured proxies.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use http::uri::{Authority, Scheme};
use ipnet::IpNet;

/// Where a request comes from, and the address it was meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// The client, or the last proxy that can be believed.
    pub(super) client: IpAddr,
    /// Scheme the client used, where a proxy told.
    pub(super) scheme: Option<Scheme>,
    /// Host the client asked for, where a proxy told.
    pub(super) authority: Option<Authority>,
}

impl Origin {
    /// Reads the headers of a request that came from `peer`.
    pub(super) fn of(headers: &HeaderMap, peer: SocketAddr, trusted: &[IpNet]) -> Self {
        let peer = peer.ip().to_canonical();
        if !is_trusted(peer, trusted) {
            return Self {
                client: peer,
                scheme: None,
                authority: None,
            };
        }
        let elements = forwarded(headers);
        let last = |name: &str| elements.last().and_then(|element| element.get(name));
        let scheme = list(headers, "x-forwarded-proto")
            .pop()
            .or_else(|| last("proto"));
        let authority = list(headers, "x-forwarded-host")
            .pop()
            .or_else(|| last("host"));
        Self {
            client: client(headers, &elements, peer, trusted),
            scheme: scheme.and_then(|text| match text.to_ascii_lowercase().as_str() {
                "https" => Some(Scheme::HTTPS),
                "http" => Some(Scheme::HTTP),
                _ => None,
            }),
            authority: authority.and_then(|text| text.parse().ok()),
        }
    }
}

/// The client by either header. A proxy sets one of the two and may pass the other on as the
/// client wrote it: where both are there and differ, neither is believed.
fn client(headers: &HeaderMap, elements: &[Element], peer: IpAddr, trusted: &[IpNet]) -> IpAddr {
    let plain = list(headers, "x-forwarded-for");
    let named: Vec<String> = elements
        .iter()
        .map(|element| element.get("for").unwrap_or_default())
        .collect();
    match (plain.is_empty(), named.is_empty()) {
        (true, true) => peer,
        (false, true) => walk(&plain, peer, trusted),
        (true, false) => walk(&named, peer, trusted),
        (false, false) => {
            let (one, other) = (walk(&plain, peer, trusted), walk(&named, peer, trusted));
            if one == other { one } else { peer }
        }
    }
}

/// From the nearest proxy outwards, to the first address that is no trusted proxy.
fn walk(chain: &[String], peer: IpAddr, trusted: &[IpNet]) -> IpAddr {
    let mut nearest = peer;
    for text in chain.iter().rev() {
        let Some(address) = address(text) else { break };
        nearest = address;
        if !is_trusted(address, trusted) {
            break;
        }
    }
    nearest
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(&address))
}

/// `1.2.3.4`, `1.2.3.4:5`, `::1`, `[::1]`, `[::1]:5`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse::<IpAddr>()
        .ok()
        .or_else(with_port)
        .map(|address| address.to_canonical())
}

/// All values of a comma-separated header, in order.
fn list(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    texts
        .flat_map(|text| text.split(','))
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// One element of `Forwarded`.
struct Element(Vec<(String, String)>);

impl Element {
    fn get(&self, name: &str) -> Option<String> {
        let mut pairs = self.0.iter();
        let found = pairs.find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    }
}

/// `Forwarded: for=192.0.2.60;proto=https;host=h, for="[2001:db8::1]:47"` (RFC 7239). A comma
/// or semicolon inside quotes does not occur in an address, scheme or host.
fn forwarded(headers: &HeaderMap) -> Vec<Element> {
    let pair = |text: &str| {
        let (key, value) = text.split_once('=')?;
        let value = value.trim().trim_matches('"');
        Some((key.trim().to_owned(), value.to_owned()))
    };
    list(headers, "forwarded")
        .iter()
        .map(|element| Element(element.split(';').filter_map(pair).collect()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(peer: &str, trusted: &[&str], headers: &[(&'static str, &str)]) -> Origin {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("header"));
        }
        let trusted: Vec<IpNet> = trusted
            .iter()
            .map(|net| net.parse().expect("net"))
            .collect();
        Origin::of(&map, peer.parse().expect("address"), &trusted)
    }

    fn client(peer: &str, trusted: &[&str], headers: &[(&'static str, &str)]) -> String {
        origin(peer, trusted, headers).client.to_string()
    }

    const PROXY: &str = "10.0.0.1:9";
    const TRUST: &[&str] = &["10.0.0.0/8", "::1/128"];

    #[test]
    fn strangers_are_not_believed() {
        let headers = [
            ("x-forwarded-for", "1.1.1.1"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "evil.example"),
            ("forwarded", "for=1.1.1.1"),
        ];
        let got = origin("203.0.113.5:9", TRUST, &headers);
        assert_eq!(got.client.to_string(), "203.0.113.5");
        assert_eq!((got.scheme, got.authority), (None, None));
    }

    #[test]
    fn first_stranger_from_the_right_is_the_client() {
        let chain = [("x-forwarded-for", "6.6.6.6, 203.0.113.5, 10.2.3.4")];
        assert_eq!(client(PROXY, TRUST, &chain), "203.0.113.5");
        let lines = [
            ("x-forwarded-for", "203.0.113.5"),
            ("x-forwarded-for", "10.2.3.4"),
        ];
        assert_eq!(client(PROXY, TRUST, &lines), "203.0.113.5");
        let inside = [("x-forwarded-for", "10.9.9.9, 10.2.3.4")];
        assert_eq!(client(PROXY, TRUST, &inside), "10.9.9.9");
        let broken = [("x-forwarded-for", "203.0.113.5, unknown, 10.2.3.4")];
        assert_eq!(client(PROXY, TRUST, &broken), "10.2.3.4");
        assert_eq!(client(PROXY, TRUST, &[]), "10.0.0.1");
    }

    #[test]
    fn addresses_with_ports_and_mapped_ones() {
        let v6 = [(
            "forwarded",
            r#"for="[2001:db8::1]:47";proto=https;host=h.example:8443"#,
        )];
        let got = origin("[::1]:5", TRUST, &v6);
        assert_eq!(got.client.to_string(), "2001:db8::1");
        assert_eq!(got.scheme, Some(Scheme::HTTPS));
        assert_eq!(
            got.authority,
            Some(Authority::from_static("h.example:8443"))
        );
        let v4 = [("x-forwarded-for", "203.0.113.5:4711")];
        assert_eq!(client("[::ffff:10.0.0.1]:5", TRUST, &v4), "203.0.113.5");
    }

    #[test]
    fn headers_that_disagree_are_not_believed() {
        let differ = [
            ("x-forwarded-for", "203.0.113.5"),
            ("forwarded", "for=6.6.6.6"),
        ];
        assert_eq!(client(PROXY, TRUST, &differ), "10.0.0.1");
        let agree = [
            ("x-forwarded-for", "203.0.113.5"),
            ("forwarded", "for=203.0.113.5"),
        ];
        assert_eq!(client(PROXY, TRUST, &agree), "203.0.113.5");
    }

    #[test]
    fn nearest_proxy_tells_scheme_and_host() {
        let headers = [
            ("x-forwarded-proto", "http, https"),
            ("x-forwarded-host", "dav.example.org"),
        ];
        let got = origin(PROXY, TRUST, &headers);
        assert_eq!(got.scheme, Some(Scheme::HTTPS));
        assert_eq!(
            got.authority,
            Some(Authority::from_static("dav.example.org"))
        );
    }
}
