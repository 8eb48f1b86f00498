//! A small identity provider that does what it is told, also what no good one would.

mod answers;
mod signer;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::Utc;
use davbridge::accounts::{Audience, OidcSettings, RoleRules};
use davbridge::domain::Role;
use davbridge::upstream::ClientSettings;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use signer::{Signature, Signer, assembled, header};

/// The bridge at the provider.
pub const CLIENT: &str = "davbridge";
const SECRET: &str = "s:e/c r%t";

/// What it does.
pub struct Knobs {
    /// The published keys; the last one signs.
    pub signers: Vec<Signer>,
    pub signature: Signature,
    /// What it knows of the person who signs in.
    pub person: Value,
    /// Whether that is in the ID token too, or at the userinfo endpoint only.
    pub in_token: bool,
    /// Laid over the ID token's claims; null takes one away.
    pub over: Value,
    /// Laid over the userinfo answer.
    pub userinfo_over: Value,
    /// Laid over the discovery document.
    pub document_over: Value,
    /// The issuer that answers to the browser name.
    pub named: Option<String>,
    /// Whether verifiers are compared.
    pub pkce: bool,
    /// Answers 503 everywhere.
    pub down: bool,
    /// Requests by path.
    pub hits: HashMap<String, u32>,
    codes: HashMap<String, HashMap<String, String>>,
}

pub struct Issuer {
    pub name: String,
    knobs: Arc<Mutex<Knobs>>,
    _tasks: JoinSet<()>,
}

/// Adds and replaces; null takes away.
pub fn over(mut base: Value, changes: &Value) -> Value {
    let fields = base.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            fields.remove(name);
        } else {
            fields.insert(name.clone(), value.clone());
        }
    }
    base
}

impl Issuer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let name = format!("http://{}/realms/home", listener.local_addr().unwrap());
        let knobs = Arc::new(Mutex::new(Knobs {
            signers: vec![Signer::One],
            signature: Signature::Right,
            person: person("1", "anna", &["/equipe-terrain"]),
            in_token: true,
            over: json!({}),
            userinfo_over: json!({}),
            document_over: json!({}),
            named: Some(name.clone()),
            pkce: true,
            down: false,
            hits: HashMap::new(),
            codes: HashMap::new(),
        }));
        let mut tasks = JoinSet::new();
        let (issuer, shared) = (name.clone(), Arc::clone(&knobs));
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((tcp, _)) = listener.accept().await {
                let (issuer, shared) = (issuer.clone(), Arc::clone(&shared));
                connections.spawn(async move {
                    let answer = service_fn(|request| answers::answer(&issuer, &shared, request));
                    let server = hyper::server::conn::http1::Builder::new();
                    let _ = server.serve_connection(TokioIo::new(tcp), answer).await;
                });
            }
        });
        Self {
            name,
            knobs,
            _tasks: tasks,
        }
    }

    pub fn knobs(&self) -> MutexGuard<'_, Knobs> {
        self.knobs.lock().unwrap()
    }

    pub fn hits(&self, path: &str) -> u32 {
        self.knobs().hits.get(path).copied().unwrap_or_default()
    }

    /// What the operator would write.
    pub fn settings(&self) -> OidcSettings {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        OidcSettings {
            issuer: self.name.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: Some(SECRET.into()),
            scopes: words("openid profile email"),
            roles: RoleRules {
                claim: Some("groups".to_owned()),
                admin: words("/admins"),
                editor: words("/equipe-terrain"),
                viewer: words("/consultants"),
                default: None::<Role>,
            },
            audience: vec![Audience::Named(CLIENT.to_owned())],
            client: ClientSettings {
                attempts: 1,
                ..ClientSettings::default()
            },
        }
    }

    /// Claims of an access token as RFC 9068 wants them.
    pub fn access_claims(&self, subject: &str) -> Value {
        let now = Utc::now().timestamp();
        json!({
            "iss": self.name, "sub": subject, "aud": [CLIENT, "account"], "client_id": "telephone",
            "iat": now, "exp": now + 300, "jti": format!("{now}"), "scope": "openid",
        })
    }

    /// An access token of these claims.
    pub fn access(&self, claims: &Value) -> String {
        let signer = *self.knobs().signers.last().unwrap();
        signer.sign(&header("at+jwt"), claims)
    }
}

/// What a provider knows of somebody.
pub fn person(subject: &str, name: &str, groups: &[&str]) -> Value {
    json!({
        "sub": subject, "preferred_username": name, "groups": groups,
        "name": format!("The {name}"), "email": format!("{name}@example.org"),
    })
}

/// Where a browser is sent back to when the person signs in at once.
pub async fn browse(page: &str) -> String {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let answer = builder.build().unwrap().get(page).send().await.unwrap();
    assert_eq!(answer.status(), 302);
    answer.headers()["location"].to_str().unwrap().to_owned()
}
