//! Public address, path prefix, forwarded headers.

use davbridge::server::{PublicUrl, Settings};

use super::fake::{RIGHT, Server, start, start_on};
use super::wire::{ask, with};

async fn seen(server: &Server, path: &str, headers: &[&str]) -> String {
    let right = with(RIGHT);
    let headers = [&[right.as_str()], headers].concat();
    ask(server.address, "PROPFIND", path, &headers).await.body
}

#[tokio::test]
async fn without_a_public_address_the_request_tells() {
    let server = start(Settings::default());
    let forged = ["x-forwarded-proto: https", "x-forwarded-host: evil.example"];
    let wanted = "http://h.example/dav/a%20b?q=1 \"\"";
    assert_eq!(seen(&server, "/dav/a%20b?q=1", &forged).await, wanted);
}

#[tokio::test]
async fn a_public_address_is_the_only_source() {
    let server = start(Settings {
        public_url: Some(PublicUrl::parse("https://dav.example:8443/bridge").unwrap()),
        trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
        ..Settings::default()
    });
    let forwarded = ["x-forwarded-proto: http", "x-forwarded-host: other.example"];
    for path in ["/bridge/dav/files/", "/dav/files/"] {
        let wanted = "https://dav.example:8443/dav/files/ \"/bridge\"";
        assert_eq!(seen(&server, path, &forwarded).await, wanted, "{path}");
    }
    let root = "https://dav.example:8443/ \"/bridge\"";
    assert_eq!(seen(&server, "/bridge", &[]).await, root);
}

#[tokio::test]
async fn a_trusted_proxy_tells_client_scheme_and_host() {
    let server = start(Settings {
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    });
    let headers = [
        "x-forwarded-for: 198.51.100.7, 203.0.113.5",
        "x-forwarded-proto: https",
        "x-forwarded-host: dav.example",
    ];
    assert_eq!(
        seen(&server, "/dav/", &headers).await,
        "https://dav.example/dav/ \"\""
    );
    let peers = server.door.peers.lock().unwrap().clone();
    assert_eq!(peers, ["203.0.113.5".parse::<std::net::IpAddr>().unwrap()]);
}

#[tokio::test]
async fn a_stranger_cannot_choose_its_address() {
    let server = start(Settings {
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    });
    seen(
        &server,
        "/dav/",
        &["x-forwarded-for: 203.0.113.5", "forwarded: for=203.0.113.5"],
    )
    .await;
    let peers = server.door.peers.lock().unwrap().clone();
    assert_eq!(peers, ["127.0.0.1".parse::<std::net::IpAddr>().unwrap()]);
}

#[tokio::test]
async fn ipv6_and_ipv4_side_by_side() {
    let addresses = ["127.0.0.1:0".parse().unwrap(), "[::1]:0".parse().unwrap()];
    assert_eq!(davbridge::server::bind(&addresses).unwrap().len(), 2);
    let six = start_on(&["[::1]:0"], Settings::default());
    assert_eq!(seen(&six, "/", &[]).await, "http://h.example/ \"\"");
    let four = davbridge::server::bind(&["0.0.0.0:0".parse().unwrap()]).unwrap();
    let port = four[0].local_addr().unwrap().port();
    drop(four);
    let both = [
        ([0, 0, 0, 0], port).into(),
        (std::net::Ipv6Addr::UNSPECIFIED, port).into(),
    ];
    assert_eq!(davbridge::server::bind(&both).unwrap().len(), 2);
}

#[tokio::test]
async fn a_taken_address_is_named() {
    let server = start(Settings::default());
    let (address, error) = davbridge::server::bind(&[server.address]).unwrap_err();
    assert_eq!(address, server.address);
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}
