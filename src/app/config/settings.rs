//! The complete, checked configuration.

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use tracing::Level;

use super::reader::Reader;
use super::values::{bytes, count, network, socket, some_time};
use super::{Written, clouds, folder, oidc};
use crate::domain::Result;
use crate::server::{Limits, PublicUrl};
use crate::{accounts, mirror, providers};

/// Everything the program can be told. [`Default`] is what holds without any configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Data folder.
    pub data_dir: PathBuf,
    /// Key file, where it is not in the data folder.
    pub key_file: Option<PathBuf>,
    /// Addresses to listen on; at least one.
    pub listen: Vec<SocketAddr>,
    /// The address under which clients reach the bridge.
    pub public_url: Option<PublicUrl>,
    /// Whose forwarded headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Certificate and key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Address for Prometheus.
    pub metrics_listen: Option<SocketAddr>,
    /// Log.
    pub log: LogSettings,
    /// Limits of the server.
    pub limits: Limits,
    /// How guessing is slowed.
    pub sign_in: accounts::Settings,
    /// The identity provider.
    pub oidc: Option<accounts::OidcSettings>,
    /// Sizes and ages of the copy.
    pub mirror: mirror::Settings,
    /// The clouds.
    pub providers: providers::Settings,
}

/// The log on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSettings {
    /// Least important level that is written.
    pub level: Level,
    /// Its form.
    pub format: LogFormat,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        Self::read(&Written::default(), &[]).expect("defaults are good: a test reads them")
    }
}

impl Settings {
    /// Types and checks what is written.
    pub(super) fn read(written: &Written, environment: &[(String, String)]) -> Result<Self> {
        let reader = &Reader::new(written);
        Self::read_with(reader, environment)
    }

    pub(super) fn read_with(reader: &Reader<'_>, environment: &[(String, String)]) -> Result<Self> {
        let listen = reader.list("listen", socket)?;
        if listen.is_empty() {
            return Err(reader.wrong("listen", "must name at least one address"));
        }
        let data_dir = reader.path("data_dir")?;
        Ok(Self {
            data_dir: data_dir.unwrap_or_else(|| folder::usual(environment)),
            key_file: reader.path("key_file")?,
            listen,
            public_url: reader.optional("public_url", PublicUrl::parse)?,
            trusted_proxies: reader.list("trusted_proxies", network)?,
            tls: tls(reader)?,
            metrics_listen: reader.optional("metrics.listen", socket)?,
            log: log(reader)?,
            limits: limits(reader)?,
            sign_in: accounts::Settings {
                failures: reader.one("sign_in.failures", count::<1_000_000>)?,
                window: reader.one("sign_in.window", some_time)?,
                session_idle: reader.one("sessions.idle", some_time)?,
                session_longest: reader.one("sessions.longest", some_time)?,
                sign_in_within: reader.optional("passwords.sign_in_within", some_time)?,
                own_passwords: reader.one("oidc.own_passwords", oidc::yes_or_no)?,
            },
            oidc: oidc::read(reader, clouds::client(reader)?)?,
            mirror: mirror::Settings {
                freshness: freshness(reader)?,
                folder_cache: reader.one("cache.folders", bytes)?,
                listing_cache: reader.one("cache.listings", bytes)?,
            },
            providers: clouds::read(reader)?,
        })
    }
}

fn tls(reader: &Reader<'_>) -> Result<Option<(PathBuf, PathBuf)>> {
    match (reader.path("tls.certificate")?, reader.path("tls.key")?) {
        (Some(certificate), Some(key)) => Ok(Some((certificate, key))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(reader.wrong("tls.certificate", "needs tls.key as well")),
        (None, Some(_)) => Err(reader.wrong("tls.key", "needs tls.certificate as well")),
    }
}

fn log(reader: &Reader<'_>) -> Result<LogSettings> {
    let levels = [
        ("error", Level::ERROR),
        ("warn", Level::WARN),
        ("info", Level::INFO),
        ("debug", Level::DEBUG),
        ("trace", Level::TRACE),
    ];
    let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
    Ok(LogSettings {
        level: reader.word("log.level", &levels)?,
        format: reader.word("log.format", &formats)?,
    })
}

fn limits(reader: &Reader<'_>) -> Result<Limits> {
    let headers = |text: &str| {
        let size = u32::try_from(bytes(text)?).ok();
        let size = size.filter(|size| (8 << 10..=64 << 10).contains(size));
        size.ok_or_else(|| "must be between 8KiB and 64KiB".to_owned())
    };
    Ok(Limits {
        connections: reader.one("limits.connections", count::<1_000_000>)? as usize,
        header_bytes: reader.one("limits.headers", headers)?,
        streams: reader.one("limits.streams", count::<10_000>)?,
        body_bytes: reader.one("limits.body", bytes)?,
        header_timeout: reader.one("limits.header_timeout", some_time)?,
        body_timeout: reader.one("limits.body_timeout", some_time)?,
        write_timeout: reader.one("limits.write_timeout", some_time)?,
        end_timeout: reader.one("limits.end_timeout", some_time)?,
    })
}

fn freshness(reader: &Reader<'_>) -> Result<mirror::Freshness> {
    Ok(mirror::Freshness {
        folder_feed: reader.one("freshness.folder_feed", some_time)?,
        folder: reader.one("freshness.folder", some_time)?,
        folder_stale_max: reader.one("freshness.folder_stale_max", some_time)?,
        drives: reader.one("freshness.drives", some_time)?,
        quota: reader.one("freshness.quota", some_time)?,
        shelves: reader.one("freshness.shelves", some_time)?,
        events_near: reader.one("freshness.events_near", some_time)?,
        events_full: reader.one("freshness.events_full", some_time)?,
        contacts: reader.one("freshness.contacts", some_time)?,
        horizon_past: reader.one("horizon.past", count::<3660>)?,
        horizon_future: reader.one("horizon.future", count::<3660>)?,
        patience: reader.one("freshness.patience", some_time)?,
        patience_cold: reader.one("freshness.patience_cold", some_time)?,
        ..mirror::Freshness::default()
    })
}
