//! How the two HTTP clients are built.

use std::error::Error as StdError;
use std::fs;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Proxy};

use super::settings::ClientSettings;
use crate::domain::{Error, Kind, Result};

/// For JSON: decompresses, and ends in time.
pub(super) fn for_json(settings: &ClientSettings) -> Result<Client> {
    build(builder(settings)?.timeout(settings.json_timeout))
}

/// For content: never decompresses, and one connection per download, so that a slow reader does
/// not hold up others in a shared HTTP/2 window.
pub(super) fn for_content(settings: &ClientSettings) -> Result<Client> {
    build(builder(settings)?.no_gzip().http1_only())
}

fn build(builder: ClientBuilder) -> Result<Client> {
    builder
        .build()
        .map_err(|error| invalid("the outgoing client", error))
}

fn builder(settings: &ClientSettings) -> Result<ClientBuilder> {
    let mut builder = Client::builder()
        .redirect(Policy::none())
        // repeating is ours, and every attempt is counted
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .user_agent(&settings.user_agent)
        .connect_timeout(settings.connect_timeout)
        .read_timeout(settings.read_timeout)
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(32);
    if let Some(path) = &settings.ca_bundle {
        let wrong = |error: Cause| invalid(&format!("the CA bundle {}", path.display()), error);
        let pem = fs::read(path).map_err(|error| wrong(error.into()))?;
        let bundle = Certificate::from_pem_bundle(&pem).map_err(|error| wrong(error.into()))?;
        if bundle.is_empty() {
            return Err(wrong("no certificate in it".into()));
        }
        builder = builder.tls_certs_merge(bundle);
    }
    if let Some(proxy) = &settings.proxy {
        let proxy = Proxy::all(proxy).map_err(|error| invalid("the proxy", error.without_url()))?;
        builder = builder.proxy(proxy);
    }
    Ok(builder)
}

type Cause = Box<dyn StdError + Send + Sync>;

fn invalid(what: &str, cause: impl Into<Cause>) -> Error {
    Error::bridge(Kind::Invalid, format!("{what} cannot be used")).because(cause)
}
