//! The simulated Infomaniak behind the adapter, and another of its clients that writes.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use cloud::{Cloud, Options};
use davbridge::domain::{
    ConnectionId, Connector, EntryId, Error, Kind, Provider, Result, SystemClock, Vault,
};
use davbridge::providers::infomaniak::{FeedMode, Infomaniak, Settings};
use davbridge::upstream::PaceSettings;
use secrecy::SecretString;
use serde_json::{Value, json};

/// A vault with one token.
pub struct OneToken(pub SecretString);

#[async_trait]
impl Vault for OneToken {
    async fn load(&self, _: ConnectionId) -> Result<SecretString> {
        Ok(self.0.clone())
    }

    async fn replace(&self, _: ConnectionId, _: &SecretString, _: &SecretString) -> Result<()> {
        Err(Error::bridge(
            Kind::Unsupported,
            "tokens of this cloud are not replaced",
        ))
    }
}

/// Settings of the adapter for a simulation, without pacing.
pub fn settings(cloud: &Cloud) -> Settings {
    let base = |path: &str| format!("{}/{path}", cloud.base_url()).parse().unwrap();
    let cdn = cloud.cdn_url().trim_start_matches("http://").to_owned();
    Settings {
        api_base: base("api"),
        kdrive_base: base("kdrive"),
        contacts_base: base("contacts"),
        download_hosts: vec![cdn],
        pace: PaceSettings {
            per_minute: 600_000,
            burst: 10_000,
            ..PaceSettings::default()
        },
        ..Settings::default()
    }
}

/// A simulation of its own.
pub async fn start(options: Options) -> Cloud {
    Cloud::start("127.0.0.1:0".parse().unwrap(), options)
        .await
        .unwrap()
}

/// The sample account, signed in.
pub fn provider(cloud: &Cloud, change_feed: FeedMode) -> Arc<dyn Provider> {
    let settings = Settings {
        change_feed,
        ..settings(cloud)
    };
    open(cloud, settings)
}

/// The sample account behind a client that does not try for long.
pub fn hurried_provider(cloud: &Cloud, change_feed: FeedMode) -> Arc<dyn Provider> {
    let mut settings = settings(cloud);
    settings.change_feed = change_feed;
    settings.client.attempts = 2;
    settings.client.backoff = Duration::from_millis(1);
    settings.client.retry_within = Duration::from_millis(200);
    settings.client.interactive_wait = Duration::from_millis(200);
    settings.client.read_timeout = Duration::from_secs(2);
    open(cloud, settings)
}

fn open(cloud: &Cloud, settings: Settings) -> Arc<dyn Provider> {
    let connector = Infomaniak::new(settings, Arc::new(SystemClock)).unwrap();
    let vault = OneToken(SecretString::from(cloud.token().to_owned()));
    connector.open(ConnectionId(1), Arc::new(vault))
}

/// Another client of the same account; speaks the vendor's API as the fact sheet has it.
pub struct OtherClient {
    http: reqwest::Client,
    base: String,
    token: String,
    pub drive: u64,
}

impl OtherClient {
    pub async fn new(cloud: &Cloud) -> Self {
        let mut client = Self {
            http: reqwest::Client::new(),
            base: cloud.base_url(),
            token: cloud.token().to_owned(),
            drive: 0,
        };
        let accounts = client.call("GET", "/api/1/accounts", None).await;
        for account in accounts.as_array().unwrap() {
            let drives = client
                .call(
                    "GET",
                    &format!("/api/2/drive?account_id={}", account["id"]),
                    None,
                )
                .await;
            if let Some(drive) = drives.get(0).filter(|_| client.drive == 0) {
                client.drive = drive["id"].as_u64().unwrap();
            }
        }
        assert_ne!(client.drive, 0, "the sample account has a drive");
        client
    }

    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let method = method.parse().unwrap();
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        Self::data(request, path).await
    }

    async fn data(request: reqwest::RequestBuilder, what: &str) -> Value {
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["result"], "success", "{what}: {answer}");
        answer["data"].clone()
    }

    async fn on_drive(&self, method: &str, version: u8, path: &str, body: Option<Value>) -> Value {
        let path = format!("/kdrive/{version}/drive/{}/{path}", self.drive);
        self.call(method, &path, body).await
    }

    /// Id of the folder `Private`.
    pub async fn private(&self) -> EntryId {
        let children = self
            .on_drive("GET", 3, "files/1/files?limit=100", None)
            .await;
        let spaces = children.as_array().unwrap();
        let private = spaces
            .iter()
            .find(|space| space["visibility"] == "is_private_space")
            .unwrap();
        id(private)
    }

    pub async fn make_folder(&self, parent: &EntryId, name: &str) -> EntryId {
        let path = format!("files/{parent}/directory");
        id(&self
            .on_drive("POST", 3, &path, Some(json!({ "name": name })))
            .await)
    }

    pub async fn put(&self, parent: &EntryId, name: &str, content: Bytes) -> EntryId {
        let size = content.len().to_string();
        let query = [
            ("directory_id", parent.as_str()),
            ("file_name", name),
            ("total_size", &size),
            ("conflict", "error"),
        ];
        id(&self.upload(&query, content).await)
    }

    pub async fn replace(&self, file: &EntryId, content: Bytes) {
        let size = content.len().to_string();
        let query = [("file_id", file.as_str()), ("total_size", &size)];
        self.upload(&query, content).await;
    }

    async fn upload(&self, query: &[(&str, &str)], content: Bytes) -> Value {
        let url = format!("{}/kdrive/3/drive/{}/upload", self.base, self.drive);
        let request = self.http.post(url).query(query).bearer_auth(&self.token);
        let length = content.len();
        Self::data(
            request.header("content-length", length).body(content),
            "upload",
        )
        .await
    }

    pub async fn rename(&self, file: &EntryId, name: &str) {
        self.on_drive(
            "POST",
            2,
            &format!("files/{file}/rename"),
            Some(json!({ "name": name })),
        )
        .await;
    }

    pub async fn move_to(&self, file: &EntryId, parent: &EntryId) {
        self.on_drive(
            "POST",
            3,
            &format!("files/{file}/move/{parent}"),
            Some(json!({})),
        )
        .await;
    }

    pub async fn delete(&self, file: &EntryId) {
        self.on_drive("DELETE", 2, &format!("files/{file}"), None)
            .await;
    }
}

fn id(record: &Value) -> EntryId {
    EntryId::new(record["id"].to_string())
}
