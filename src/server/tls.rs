//! Certificate and key from files, read again when the files change.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::domain::{Error, Kind, Result};

/// TLS with a certificate chain and a key from PEM files.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    loaded: Mutex<Loaded>,
}

struct Loaded {
    config: Arc<ServerConfig>,
    stamp: Stamp,
}

/// Time of change and size of both files.
type Stamp = [Option<(SystemTime, u64)>; 2];

impl Tls {
    /// Reads the certificate chain (leaf first) and its key.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self> {
        let stamp = stamp(certificate, key);
        let config = read(certificate, key)?;
        Ok(Self {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            loaded: Mutex::new(Loaded { config, stamp }),
        })
    }

    /// For one handshake. Files that changed since are read again; where they cannot be read,
    /// because they are being replaced, the last good ones stay.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.certificate, &self.key);
        if stamp != loaded.stamp {
            match read(&self.certificate, &self.key) {
                Ok(config) => {
                    loaded.config = config;
                    tracing::info!(file = %self.certificate.display(), "certificate read again");
                }
                Err(error) => tracing::error!(
                    error = error.chain(),
                    "new certificate cannot be used, the old one stays"
                ),
            }
            loaded.stamp = stamp;
        }
        TlsAcceptor::from(Arc::clone(&loaded.config))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("certificate", &self.certificate)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

fn stamp(certificate: &Path, key: &Path) -> Stamp {
    [certificate, key].map(|path| {
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    })
}

fn read(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>> {
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>)
        .map_err(|error| wrong("certificate", certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(wrong("certificate", certificate, "no certificate in it"));
    }
    let secret = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| wrong("private key", key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong("certificate", certificate, error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(|error| {
            let file = certificate.display();
            let why = format!("does not fit the certificate in {file}, or is damaged: {error}");
            wrong("private key", key, why)
        })?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn wrong(what: &str, file: &Path, why: impl Into<String>) -> Error {
    let why: String = why.into();
    Error::bridge(Kind::Invalid, format!("{what} file {}", file.display())).because(why)
}
