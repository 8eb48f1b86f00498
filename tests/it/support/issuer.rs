//! A small identity provider that does what it is told, also what no good one would.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use chrono::Utc;
use davbridge::accounts::{Audience, OidcSettings, RoleRules};
use davbridge::domain::Role;
use davbridge::upstream::ClientSettings;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use url::Url;

/// The bridge at the provider.
pub const CLIENT: &str = "davbridge";
const SECRET: &str = "s:e/c r%t";

/// A key that signs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signer {
    One,
    Two,
    /// The same key as One, with another padding.
    Pss,
    P256,
    P384,
    Ed25519,
}

impl Signer {
    pub const ALL: [Self; 6] = [
        Self::One,
        Self::Two,
        Self::Pss,
        Self::P256,
        Self::P384,
        Self::Ed25519,
    ];

    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::One => Algorithm::RS256,
            Self::Two => Algorithm::RS512,
            Self::Pss => Algorithm::PS384,
            Self::P256 => Algorithm::ES256,
            Self::P384 => Algorithm::ES384,
            Self::Ed25519 => Algorithm::EdDSA,
        }
    }

    fn key(self) -> EncodingKey {
        let one = include_bytes!("../../../fixtures/oidc/rsa-one.der");
        match self {
            Self::One | Self::Pss => EncodingKey::from_rsa_der(one),
            Self::Two => {
                EncodingKey::from_rsa_der(include_bytes!("../../../fixtures/oidc/rsa-two.der"))
            }
            Self::P256 => {
                EncodingKey::from_ec_der(include_bytes!("../../../fixtures/oidc/p256.der"))
            }
            Self::P384 => {
                EncodingKey::from_ec_der(include_bytes!("../../../fixtures/oidc/p384.der"))
            }
            Self::Ed25519 => {
                EncodingKey::from_ed_der(include_bytes!("../../../fixtures/oidc/ed25519.der"))
            }
        }
    }

    pub fn id(self) -> String {
        format!("{self:?}")
    }

    /// The public key as it is published.
    pub fn published(self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key(), self.algorithm()).unwrap();
        jwk.common.key_id = Some(self.id());
        jwk.common.key_algorithm = Some(KeyAlgorithm::from(self.algorithm()));
        let mut value = serde_json::to_value(jwk).unwrap();
        value["use"] = "sig".into();
        value
    }

    pub fn sign(self, header: &Header, claims: &Value) -> String {
        let header = Header {
            alg: self.algorithm(),
            kid: header.kid.clone().or_else(|| Some(self.id())),
            ..header.clone()
        };
        jsonwebtoken::encode(&header, claims, &self.key()).unwrap()
    }

    /// A token with exactly this head.
    pub fn signed(self, head: &Value, body: &str) -> String {
        let signed = format!("{}.{body}", BASE64_URL_SAFE_NO_PAD.encode(head.to_string()));
        let key = self.key();
        let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key, self.algorithm());
        format!("{signed}.{}", signature.unwrap())
    }
}

/// How ID tokens are signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signature {
    Right,
    /// `alg: none`, without a signature.
    None,
    /// HS256, the public key taken for a shared secret.
    PublicKeyAsSecret,
    /// By another key, under the id of the right one.
    ForeignKey,
    /// By a right key, after which the claims were changed.
    Altered,
}

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
                    let answer = service_fn(|request| answer(&issuer, &shared, request));
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

/// A head of that kind.
pub fn header(kind: &str) -> Header {
    Header {
        typ: Some(kind.to_owned()),
        ..Header::default()
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

/// A token with this head and these claims, and the signature as it is.
pub fn assembled(head: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(head), part(claims))
}

fn id_token(knobs: &Knobs, claims: &Value) -> String {
    let signer = *knobs.signers.last().unwrap();
    let right = signer.sign(&header("JWT"), claims);
    match knobs.signature {
        Signature::Right => right,
        Signature::None => {
            let head = json!({ "alg": "none", "typ": "JWT", "kid": signer.id() });
            assembled(&head, claims, "")
        }
        Signature::PublicKeyAsSecret => {
            let published = signer.published()["n"].as_str().unwrap().to_owned();
            let key = EncodingKey::from_secret(published.as_bytes());
            let head = Header {
                kid: Some(signer.id()),
                ..Header::new(Algorithm::HS256)
            };
            jsonwebtoken::encode(&head, claims, &key).unwrap()
        }
        Signature::ForeignKey => {
            let head = Header {
                kid: Some(signer.id()),
                ..header("JWT")
            };
            assert_eq!(signer, Signer::One);
            let head = Header {
                alg: Algorithm::RS256,
                ..head
            };
            jsonwebtoken::encode(&head, claims, &Signer::Two.key()).unwrap()
        }
        Signature::Altered => {
            let (signed, signature) = right.rsplit_once('.').unwrap();
            let (head, _) = signed.split_once('.').unwrap();
            let other = over(claims.clone(), &json!({ "sub": "0" }));
            let other = BASE64_URL_SAFE_NO_PAD.encode(other.to_string());
            format!("{head}.{other}.{signature}")
        }
    }
}

async fn answer(
    issuer: &str,
    knobs: &Mutex<Knobs>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let mut knobs = knobs.lock().unwrap();
    let path = head
        .uri
        .path()
        .trim_start_matches("/realms/home")
        .to_owned();
    *knobs.hits.entry(path.clone()).or_default() += 1;
    if knobs.down {
        return Ok(reply(503, &json!({})));
    }
    let authorization = head.headers.get("authorization");
    let authorization = authorization.map(|value| value.to_str().unwrap());
    Ok(match path.as_str() {
        "/.well-known/openid-configuration" => reply(200, &document(issuer, &knobs)),
        "/keys" => {
            let mut keys: Vec<_> = knobs.signers.iter().map(|one| one.published()).collect();
            keys.splice(0..0, strange_keys());
            reply(200, &json!({ "keys": keys }))
        }
        "/authorize" => authorize(&mut knobs, head.uri.query().unwrap()),
        "/token" => token(issuer, &mut knobs, authorization, &body),
        "/userinfo" if authorization == Some("Bearer opaque") => {
            reply(200, &over(knobs.person.clone(), &knobs.userinfo_over))
        }
        _ => reply(404, &json!({})),
    })
}

fn document(issuer: &str, knobs: &Knobs) -> Value {
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "authorization_response_iss_parameter_supported": true,
    });
    over(document, &knobs.document_over)
}

/// Keys that sign nothing of ours.
fn strange_keys() -> Vec<Value> {
    let mut encryption = Signer::Two.published();
    encryption["use"] = "enc".into();
    encryption["alg"] = "RSA-OAEP".into();
    vec![
        encryption,
        json!({ "kty": "oct", "k": "c2VjcmV0", "kid": "One", "alg": "HS256", "use": "sig" }),
        json!({ "kty": "quantum", "kid": "One", "q": 1 }),
        json!("no key"),
    ]
}

/// The person is signed in already: back at once.
fn authorize(knobs: &mut Knobs, query: &str) -> Response<Full<Bytes>> {
    let asked = fields(query.as_bytes());
    assert_eq!(asked["client_id"], CLIENT);
    assert_eq!(
        (&*asked["response_type"], &*asked["code_challenge_method"]),
        ("code", "S256")
    );
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
    let code = format!("code-{}", knobs.codes.len());
    let mut back = Url::parse(&asked["redirect_uri"]).unwrap();
    back.query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", &asked["state"]);
    if let Some(named) = &knobs.named {
        back.query_pairs_mut().append_pair("iss", named);
    }
    knobs.codes.insert(code, asked);
    let response = Response::builder()
        .status(302)
        .header("location", back.as_str());
    response.body(Full::default()).unwrap()
}

fn token(
    issuer: &str,
    knobs: &mut Knobs,
    authorization: Option<&str>,
    body: &[u8],
) -> Response<Full<Bytes>> {
    let form = fields(body);
    // both parts in form encoding, as RFC 6749 §2.3.1 wants them
    let pair = "davbridge:s%3Ae%2Fc+r%25t";
    let expected = format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(pair));
    if authorization != Some(&*expected) || form.contains_key("client_secret") {
        return reply(401, &json!({ "error": "invalid_client" }));
    }
    let Some(asked) = form.get("code").and_then(|code| knobs.codes.remove(code)) else {
        return reply(400, &json!({ "error": "invalid_grant" }));
    };
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    let verified = !knobs.pkce || challenge == asked["code_challenge"];
    if !verified || form["redirect_uri"] != asked["redirect_uri"] {
        return reply(400, &json!({ "error": "invalid_grant" }));
    }
    let now = Utc::now().timestamp();
    let base = json!({
        "iss": issuer, "aud": CLIENT, "sub": knobs.person["sub"], "nonce": asked["nonce"],
        "iat": now, "exp": now + 300,
    });
    let all = match knobs.in_token {
        true => over(knobs.person.clone(), &base),
        false => base,
    };
    let claims = over(all, &knobs.over);
    let id_token = id_token(knobs, &claims);
    let answer = json!({
        "access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": id_token,
    });
    reply(200, &answer)
}

fn fields(text: &[u8]) -> HashMap<String, String> {
    let pairs = url::form_urlencoded::parse(text);
    pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

fn reply(status: u16, body: &Value) -> Response<Full<Bytes>> {
    let response = Response::builder().status(status);
    let response = response.header("content-type", "application/json");
    response.body(Full::from(body.to_string())).unwrap()
}
