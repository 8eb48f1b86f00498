//! TLS, HTTP/2, and certificates that change.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use davbridge::server::{Settings, Tls};
use http::Version;
use reqwest::{Certificate, Client, ClientBuilder};
use tokio::io::AsyncWriteExt;

use super::fake::{RIGHT, Server, start};
use super::wire::Wire;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/tls")
        .join(name)
}

fn secure(certificate: &Path, key: &Path) -> Server {
    start(Settings {
        tls: Some(Arc::new(Tls::load(certificate, key).unwrap())),
        ..Settings::default()
    })
}

fn client() -> ClientBuilder {
    let authority = fs::read(fixture("authority.pem")).unwrap();
    let authority = Certificate::from_pem(&authority).unwrap();
    Client::builder()
        .no_proxy()
        .tls_certs_only([authority])
        .tls_info(true)
}

fn url(scheme: &str, server: &Server) -> String {
    format!("{scheme}://localhost:{}/dav/?q", server.address.port())
}

async fn ask(client: ClientBuilder, url: &str) -> reqwest::Response {
    let client = client.build().unwrap();
    client
        .get(url)
        .header("authorization", RIGHT)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn https_speaks_both_versions() {
    let server = secure(&fixture("certificate.pem"), &fixture("key.pem"));
    let url = url("https", &server);
    let two = ask(client(), &url).await;
    assert_eq!(
        (two.status().as_u16(), two.version()),
        (207, Version::HTTP_2)
    );
    assert!(
        two.text().await.unwrap().starts_with(&url),
        "the scheme is known"
    );
    let one = ask(client().http1_only(), &url).await;
    assert_eq!(
        (one.status().as_u16(), one.version()),
        (207, Version::HTTP_11)
    );
    assert!(one.text().await.unwrap().starts_with(&url));
}

#[tokio::test]
async fn plain_http2_with_prior_knowledge() {
    let server = start(Settings::default());
    let answer = ask(client().http2_prior_knowledge(), &url("http", &server)).await;
    assert_eq!(
        (answer.status().as_u16(), answer.version()),
        (207, Version::HTTP_2)
    );
    assert!(answer.headers().get("connection").is_none());
}

#[tokio::test]
async fn a_changed_certificate_is_read_again_and_a_bad_one_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
    // each copy is newer than the one before, whatever the clock's steps are
    let mut age = Duration::from_secs(1000);
    let mut put = |from: &str, to: &Path| {
        fs::copy(fixture(from), to).unwrap();
        age -= Duration::from_secs(10);
        let file = fs::File::options().write(true).open(to).unwrap();
        file.set_modified(SystemTime::now() - age).unwrap();
    };
    put("certificate.pem", &certificate);
    put("key.pem", &key);
    let server = secure(&certificate, &key);
    let url = url("https", &server);
    let shown = async || {
        let answer = ask(client(), &url).await;
        let info = answer.extensions().get::<reqwest::tls::TlsInfo>().unwrap();
        info.peer_certificate().unwrap().to_vec()
    };
    let first = shown().await;
    put("other-certificate.pem", &certificate);
    assert_eq!(
        shown().await,
        first,
        "a pair that does not fit is not taken"
    );
    put("other-key.pem", &key);
    let second = shown().await;
    assert_ne!(second, first);
    fs::write(&certificate, "nonsense").unwrap();
    assert_eq!(shown().await, second);
    fs::remove_file(&key).unwrap();
    assert_eq!(shown().await, second);
}

#[test]
fn errors_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    fs::write(&empty, "").unwrap();
    let missing = folder.path().join("missing.pem");
    let (certificate, key) = (fixture("certificate.pem"), fixture("key.pem"));
    let why = |certificate: &Path, key: &Path| Tls::load(certificate, key).unwrap_err().chain();
    for (error, file, part) in [
        (why(&missing, &key), &missing, "certificate file"),
        (why(&empty, &key), &empty, "no certificate in it"),
        (why(&key, &key), &key, "no certificate in it"),
        (why(&certificate, &missing), &missing, "private key file"),
        (
            why(&certificate, &certificate),
            &certificate,
            "private key file",
        ),
        (
            why(&certificate, &fixture("other-key.pem")),
            &fixture("other-key.pem"),
            "does not fit",
        ),
    ] {
        let name = file.display().to_string();
        assert!(
            error.contains(&name) && error.contains(part),
            "{part}: {error}"
        );
    }
}

#[tokio::test]
async fn a_failed_handshake_harms_nobody() {
    let server = secure(&fixture("certificate.pem"), &fixture("key.pem"));
    let mut wire = Wire::to(server.address).await;
    wire.tcp
        .write_all(b"GET / HTTP/1.1\r\nhost: h\r\n\r\n")
        .await
        .unwrap();
    while wire.more().await > 0 {}
    assert_eq!(ask(client(), &url("https", &server)).await.status(), 207);
}
