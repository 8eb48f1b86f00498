//! The outgoing client over TLS.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use davbridge::domain::{Call, Kind, ProviderName, Result, SystemClock};
use davbridge::upstream::{Answer, Client, ClientSettings, PaceSettings, Pacer, Request, Verdict};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/tls")
        .join(name)
}

/// A cloud that answers one call over TLS; gives its port.
async fn cloud() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let chain = CertificateDer::pem_file_iter(fixture("certificate.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(fixture("key.pem")).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain.map(|one| one.unwrap()).collect(), key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        }
    });
    port
}

async fn ask(ca_bundle: Option<PathBuf>) -> Result<u16> {
    let url = format!("https://localhost:{}/", cloud().await)
        .parse()
        .unwrap();
    let settings = ClientSettings {
        ca_bundle,
        attempts: 1,
        ..ClientSettings::default()
    };
    let clock = Arc::new(SystemClock);
    let client = Client::new(ProviderName("test"), settings, clock.clone()).unwrap();
    let pacer = Pacer::new(PaceSettings::default(), clock);
    let token = "token".to_owned().into();
    let judge = |answer: Answer| Verdict::Done(Ok(answer.status()));
    let request = Request::get(url, &token);
    client
        .send(&Call::interactive(), &pacer, &request, judge)
        .await
}

#[tokio::test]
async fn a_cloud_with_a_certificate_of_the_bundle_is_trusted() {
    assert_eq!(ask(Some(fixture("authority.pem"))).await.unwrap(), 200);
}

#[tokio::test]
async fn a_cloud_with_an_unknown_certificate_is_not_reached() {
    let error = ask(None).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Down);
    assert!(
        error.chain().to_lowercase().contains("certificate"),
        "{}",
        error.chain()
    );
}
