//! A simulated Infomaniak, the adapter on it, and edits as another client of the cloud makes them.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use cloud::{Cloud, Options, Switches};
use davbridge::domain::{
    Call, ConnectionId, Connector, Content, DriveId, Entry, EntryId, Files, Provider, Result,
    SystemClock, Vault,
};
use davbridge::providers::infomaniak::{FeedMode, Infomaniak, Settings};
use davbridge::upstream::{ClientSettings, PaceSettings};
use futures::StreamExt;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::bridge::connection;

/// The first sample drive.
pub const DRIVE: u64 = 598_431;
/// `Private` in every sample drive.
pub const PRIVATE: u64 = 5;

/// A simulation and one account signed in to it.
pub struct Sim {
    pub cloud: Cloud,
    pub provider: Arc<dyn Provider>,
    pub files: Arc<dyn Files>,
    http: reqwest::Client,
}

/// A vault with one token.
pub struct OneToken(pub String);

#[async_trait]
impl Vault for OneToken {
    async fn load(&self, _: ConnectionId) -> Result<SecretString> {
        Ok(self.0.clone().into())
    }

    async fn replace(&self, _: ConnectionId, _: &SecretString, _: &SecretString) -> Result<()> {
        unreachable!("these tokens are never replaced")
    }
}

/// Settings for a simulation: fast, and impatient.
pub fn settings(cloud: &Cloud) -> Settings {
    let base = |host: &str| format!("{}/{host}", cloud.base_url()).parse().unwrap();
    let cdn = cloud.cdn_url();
    Settings {
        api_base: base("api"),
        kdrive_base: base("kdrive"),
        calendar_base: base("api/1/calendar/pim"),
        contacts_base: base("contacts"),
        download_hosts: vec![cdn.trim_start_matches("http://").to_owned()],
        pace: PaceSettings {
            per_minute: 0,
            burst: 1,
            concurrent: 8,
        },
        client: ClientSettings {
            read_timeout: Duration::from_millis(500),
            backoff: Duration::from_millis(5),
            ..ClientSettings::default()
        },
        ..Settings::default()
    }
}

pub async fn cloud(options: Options) -> Cloud {
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Cloud::start(listen, options).await.unwrap()
}

/// The sample account behind a client that does not try for long.
pub fn hurried_provider(cloud: &Cloud, change_feed: FeedMode) -> Arc<dyn Provider> {
    let mut settings = settings(cloud);
    settings.change_feed = change_feed;
    settings.client.attempts = 2;
    settings.client.retry_within = Duration::from_millis(200);
    settings.client.interactive_wait = Duration::from_millis(200);
    settings.client.read_timeout = Duration::from_secs(2);
    let connector = Infomaniak::new(settings, Arc::new(SystemClock)).unwrap();
    let vault = OneToken(cloud.token().to_owned());
    connector.open(&connection(connector.name()), Arc::new(vault))
}

impl Sim {
    pub async fn new() -> Self {
        Self::with(Options::default(), |_| {}).await
    }

    /// With these switches set.
    pub async fn switched(switches: Switches) -> Self {
        let options = Options {
            switches,
            ..Options::default()
        };
        Self::with(options, |_| {}).await
    }

    pub async fn with(options: Options, change: impl FnOnce(&mut Settings)) -> Self {
        let cloud = cloud(options).await;
        let mut settings = settings(&cloud);
        change(&mut settings);
        let connector = Infomaniak::new(settings, Arc::new(SystemClock)).unwrap();
        let vault = OneToken(cloud.token().to_owned());
        let provider = connector.open(&connection(connector.name()), Arc::new(vault));
        Self {
            files: provider.files().unwrap(),
            provider,
            cloud,
            http: reqwest::Client::new(),
        }
    }

    pub async fn children(&self, folder: u64) -> Result<Vec<Entry>> {
        let listing = self.files.children(&call(), &drive(), &id(folder)).await?;
        assert!(listing.unreadable.is_empty(), "{:?}", listing.unreadable);
        Ok(listing.entries)
    }

    /// The entry at a path below `Private`.
    pub async fn find(&self, path: &str) -> Entry {
        let mut folder = PRIVATE;
        let mut found = None;
        for name in path.split('/') {
            let children = self.children(folder).await.unwrap();
            let child = children.into_iter().find(|child| child.name == name);
            let child = child.unwrap_or_else(|| panic!("{name} of {path}"));
            folder = child.id.as_str().parse().unwrap();
            found = Some(child);
        }
        found.unwrap()
    }

    /// A call of the vendor's API as another client makes it; gives `data`.
    pub async fn edit(&self, method: &str, path: &str, body: impl Into<Bytes>) -> Value {
        self.ask(method, path, body.into()).await["data"].take()
    }

    /// The same without a body; gives the whole answer.
    pub async fn top(&self, method: &str, path: &str) -> Value {
        self.ask(method, path, Bytes::new()).await
    }

    async fn ask(&self, method: &str, path: &str, body: Bytes) -> Value {
        let url = format!("{}/api{path}", self.cloud.base_url());
        let answer = self
            .http
            .request(method.parse().unwrap(), url)
            .bearer_auth(self.cloud.token())
            .header("content-type", "application/json")
            // the cloud wants the length of nothing, too
            .header("content-length", body.len())
            .body(body)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn make_folder(&self, parent: &EntryId, name: &str) -> EntryId {
        let path = format!("/3/drive/{DRIVE}/files/{parent}/directory");
        let made = self.edit("POST", &path, json!({ "name": name }).to_string());
        id(made.await["id"].as_u64().unwrap())
    }

    /// Uploads; `target` is the rest of the query.
    pub async fn upload(&self, target: &[(&str, &str)], content: Bytes) -> EntryId {
        let size = content.len().to_string();
        let path = {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("total_size", &size).extend_pairs(target);
            format!("/3/drive/{DRIVE}/upload?{}", query.finish())
        };
        id(self.edit("POST", &path, content).await["id"]
            .as_u64()
            .unwrap())
    }

    pub async fn put(&self, parent: &EntryId, name: &str, content: Bytes) -> EntryId {
        let target = [("directory_id", parent.as_str()), ("file_name", name)];
        self.upload(&target, content).await
    }

    pub async fn rename(&self, file: &EntryId, name: &str) {
        let path = format!("/2/drive/{DRIVE}/files/{file}/rename");
        self.edit("POST", &path, json!({ "name": name }).to_string())
            .await;
    }

    pub async fn move_to(&self, file: &EntryId, parent: &EntryId) {
        let path = format!("/3/drive/{DRIVE}/files/{file}/move/{parent}");
        self.edit("POST", &path, "{}").await;
    }

    pub async fn delete(&self, file: &EntryId) {
        let path = format!("/2/drive/{DRIVE}/files/{file}");
        self.edit("DELETE", &path, "").await;
    }
}

pub fn call() -> Call {
    Call::interactive()
}

pub fn drive() -> DriveId {
    DriveId::new(DRIVE.to_string())
}

pub fn id(id: u64) -> EntryId {
    EntryId::new(id.to_string())
}

/// The bytes of a content, or its error.
pub async fn bytes(mut content: Content) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(part) = content.stream.next().await {
        bytes.extend_from_slice(&part?);
    }
    Ok(bytes)
}
