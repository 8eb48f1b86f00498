//! Tests of [`super::forwarded`].

use http::HeaderMap;
use http::uri::{Authority, Scheme};
use ipnet::IpNet;

use super::forwarded::Origin;

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
    let silent = [
        ("x-forwarded-for", "203.0.113.5"),
        ("forwarded", "host=evil.example;proto=https"),
    ];
    let got = origin(PROXY, TRUST, &silent);
    assert_eq!(got.client.to_string(), "10.0.0.1");
    assert_eq!((got.scheme, got.authority), (None, None));
}

#[test]
fn scheme_and_host_count_where_both_spellings_agree() {
    let host = Some(Authority::from_static("dav.example"));
    let https = Some(Scheme::HTTPS);
    for (forwarded, scheme, authority) in [
        ("proto=HTTPS;host=DAV.example", https.clone(), host.clone()),
        ("proto=https;host=evil.example", https.clone(), None),
        ("proto=http;host=dav.example", None, host.clone()),
        ("host=dav.example", None, host.clone()),
        ("proto=https", https, None),
        ("for=203.0.113.5", None, None),
        ("proto=gopher;host=dav.example", None, host),
    ] {
        let headers = [
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "dav.example"),
            ("forwarded", forwarded),
        ];
        let got = origin(PROXY, TRUST, &headers);
        assert_eq!(
            (got.scheme, got.authority),
            (scheme, authority),
            "{forwarded}"
        );
    }
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
