//! What it answers.

use std::collections::HashMap;
use std::sync::Mutex;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use chrono::Utc;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::signer::{Signer, id_token};
use super::{CLIENT, Knobs, over};

pub(super) async fn answer(
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
    let expected = format!("Basic {}", BASE64_STANDARD.encode(pair));
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
    let signer = *knobs.signers.last().unwrap();
    let id_token = id_token(signer, knobs.signature, &claims);
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
