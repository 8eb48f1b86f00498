//! Who really asks: forwarded headers, believed only from configured proxies.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use http::uri::{Authority, Scheme};
use ipnet::IpNet;

/// The spelling that is no standard, header by header.
const PLAIN: [&str; 3] = ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"];

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
        let told = Told::read(headers);
        Self {
            client: told.client(peer, trusted),
            scheme: told.agreed("x-forwarded-proto", "proto", scheme),
            authority: told.agreed("x-forwarded-host", "host", |text| text.parse().ok()),
        }
    }
}

fn scheme(text: &str) -> Option<Scheme> {
    match text.to_ascii_lowercase().as_str() {
        "https" => Some(Scheme::HTTPS),
        "http" => Some(Scheme::HTTP),
        _ => None,
    }
}

/// What proxies told, in both spellings. A proxy writes one of the two and may pass the other on
/// as the client wrote it: where both are there, only that is believed which both say.
struct Told<'h> {
    headers: &'h HeaderMap,
    elements: Vec<Element>,
    both: bool,
}

impl<'h> Told<'h> {
    fn read(headers: &'h HeaderMap) -> Self {
        let elements = forwarded(headers);
        let mut plain = PLAIN.iter().filter(|name| headers.contains_key(**name));
        let both = !elements.is_empty() && plain.next().is_some();
        Self {
            headers,
            elements,
            both,
        }
    }

    /// What the nearest proxy told.
    fn agreed<T: PartialEq>(
        &self,
        plain: &str,
        named: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let plain = list(self.headers, plain).pop();
        let named = self.elements.last().and_then(|last| last.get(named));
        let [plain, named] = [plain, named].map(|text| text.and_then(|text| read(&text)));
        if self.both {
            plain.filter(|plain| named.as_ref() == Some(plain))
        } else {
            plain.or(named)
        }
    }

    fn client(&self, peer: IpAddr, trusted: &[IpNet]) -> IpAddr {
        let named = self.elements.iter();
        let named: Vec<String> = named
            .map(|element| element.get("for").unwrap_or_default())
            .collect();
        let plain = walk(&list(self.headers, "x-forwarded-for"), peer, trusted);
        let named = walk(&named, peer, trusted);
        match (self.both, self.elements.is_empty()) {
            (true, _) if plain == named => plain,
            (true, _) => peer,
            (false, true) => plain,
            (false, false) => named,
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
