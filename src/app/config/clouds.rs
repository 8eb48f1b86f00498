//! The clouds: how they are talked to, and what each is told.

use super::reader::Reader;
use super::secret::secret;
use super::values::{base, count, host, proxy, some_time};
use crate::domain::Result;
use crate::providers::{Settings, google, infomaniak, microsoft};
use crate::upstream::oauth::{App, Proof};
use crate::upstream::{ClientSettings, PaceSettings};

/// Settings of all companies.
pub(super) fn read(reader: &Reader<'_>) -> Result<Settings> {
    Ok(Settings {
        infomaniak: infomaniak(reader)?,
        google: app(reader, "google")?.map(google::Settings::new),
        microsoft: microsoft(reader)?,
    })
}

/// How the clouds are talked to.
pub(super) fn client(reader: &Reader<'_>) -> Result<ClientSettings> {
    Ok(ClientSettings {
        ca_bundle: reader.path("upstream.ca_bundle")?,
        proxy: reader.optional("upstream.proxy", proxy)?,
        connect_timeout: reader.one("upstream.connect_timeout", some_time)?,
        read_timeout: reader.one("upstream.read_timeout", some_time)?,
        json_timeout: reader.one("upstream.json_timeout", some_time)?,
        ..ClientSettings::default()
    })
}

fn infomaniak(reader: &Reader<'_>) -> Result<infomaniak::Settings> {
    let feeds = [
        ("probe", infomaniak::FeedMode::Probe),
        ("off", infomaniak::FeedMode::Off),
    ];
    let rate = count::<100_000_000>;
    let concurrent = reader.one("providers.infomaniak.concurrent", count::<10_000>)?;
    Ok(infomaniak::Settings {
        api_base: reader.one("providers.infomaniak.api_base", base)?,
        kdrive_base: reader.one("providers.infomaniak.kdrive_base", base)?,
        calendar_base: reader.one("providers.infomaniak.calendar_base", base)?,
        contacts_base: reader.one("providers.infomaniak.contacts_base", base)?,
        download_hosts: reader.list("providers.infomaniak.download_hosts", host)?,
        pace: PaceSettings {
            per_minute: reader.one("providers.infomaniak.requests_per_minute", rate)?,
            burst: reader.one("providers.infomaniak.burst", rate)?,
            concurrent: concurrent as usize,
        },
        change_feed: reader.word("providers.infomaniak.change_feed", &feeds)?,
        client: client(reader)?,
        ..infomaniak::Settings::default()
    })
}

/// The operator's application at a company that asks for consent on its own page.
fn app(reader: &Reader<'_>, company: &str) -> Result<Option<App>> {
    let name = |key: &str| format!("providers.{company}.{key}");
    let id = reader.optional(&name("client_id"), |text| Ok(text.to_owned()))?;
    let secret = secret(reader, &name("client_secret"), &name("client_secret_file"))?;
    match (id, secret) {
        (Some(id), secret) => Ok(Some(App {
            id,
            secret,
            proof: Proof::Form,
        })),
        (None, None) => Ok(None),
        (None, Some(_)) => {
            let why = "is missing beside the client secret";
            Err(reader.wrong(&name("client_id"), why))
        }
    }
}

fn microsoft(reader: &Reader<'_>) -> Result<Option<microsoft::Settings>> {
    let tenant = reader.one("providers.microsoft.tenant", word)?;
    let app = app(reader, "microsoft")?;
    Ok(app.map(|app| microsoft::Settings {
        tenant,
        ..microsoft::Settings::new(app)
    }))
}

/// A part of a path.
fn word(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    match text.chars().all(plain) {
        true => Ok(text.to_owned()),
        false => Err("must be a word, an id or a domain".to_owned()),
    }
}
