//! How tests go through a simulated sign-in.

use cloud::Cloud;
use serde_json::Value;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::client::{Answer, send};

pub(crate) const BACK: &str = "http://127.0.0.1:8080/oauth";
/// Verifier and challenge of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) type Pairs<'a> = &'a [(&'a str, &'a str)];

pub(crate) fn encode(pairs: Pairs<'_>) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Where the browser was sent back to.
pub(crate) struct Callback(Url);

impl Callback {
    pub(crate) fn of(answer: &Answer) -> Callback {
        assert_eq!(
            answer.status,
            302,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        let to = answer.header("location").expect("a location");
        Callback(Url::parse(to).expect("an address"))
    }

    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let mut pairs = self.0.query_pairs();
        pairs
            .find(|pair| pair.0 == name)
            .map(|pair| pair.1.into_owned())
    }

    pub(crate) fn code(&self) -> String {
        self.get("code").expect("a code")
    }
}

/// One vendor's sign-in with one application.
pub(crate) struct SignIn<'a> {
    pub(crate) cloud: &'a Cloud,
    /// Paths of the page and of the token endpoint.
    pub(crate) page: &'a str,
    pub(crate) token: &'a str,
    pub(crate) client: &'a str,
    pub(crate) secret: Option<&'a str>,
}

impl SignIn<'_> {
    /// Query of the page: the usual parameters, and `more`.
    pub(crate) fn query(&self, scope: &str, more: Pairs<'_>) -> String {
        let mut pairs = vec![
            ("client_id", self.client),
            ("redirect_uri", BACK),
            ("response_type", "code"),
            ("scope", scope),
            ("state", "s1"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        pairs.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        pairs.extend(more.iter().filter(|(_, value)| !value.is_empty()));
        encode(&pairs)
    }

    pub(crate) async fn open(&self, query: &str) -> Answer {
        let url = format!("{}{}?{query}", self.cloud.base_url(), self.page);
        send(&url, "GET", &[], b"").await
    }

    /// Presses a button on the page.
    pub(crate) async fn press(&self, query: &str, form: Pairs<'_>) -> Answer {
        let url = format!("{}{}?{query}", self.cloud.base_url(), self.page);
        post(&url, form).await
    }

    /// Chooses an account and ticks scopes.
    pub(crate) async fn allow(&self, query: &str, account: &str, scopes: &[&str]) -> Callback {
        let mut form = vec![("account", account), ("answer", "allow")];
        form.extend(scopes.iter().map(|scope| ("scope", *scope)));
        Callback::of(&self.press(query, &form).await)
    }

    /// Asks the token endpoint, as the application, with `more`; an empty value leaves the
    /// parameter out.
    pub(crate) async fn ask(&self, more: Pairs<'_>) -> Answer {
        let mut pairs = vec![("client_id", self.client)];
        pairs.extend(self.secret.map(|secret| ("client_secret", secret)));
        pairs.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        pairs.extend(more.iter().filter(|(_, value)| !value.is_empty()));
        post(&format!("{}{}", self.cloud.base_url(), self.token), &pairs).await
    }

    pub(crate) async fn exchange(&self, code: &str, more: Pairs<'_>) -> Answer {
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ];
        pairs.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        pairs.extend_from_slice(more);
        self.ask(&pairs).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.ask(&[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    }

    /// Status and `error` of an answer.
    pub(crate) fn error(answer: &Answer) -> (u16, String) {
        let json = answer.json();
        let error = json["error"].as_str().expect("an error").to_owned();
        assert!(json["error_description"].is_string(), "{json}");
        (answer.status, error)
    }
}

pub(crate) async fn post(url: &str, form: Pairs<'_>) -> Answer {
    let kind = ("content-type", "application/x-www-form-urlencoded");
    send(url, "POST", &[kind], encode(form).as_bytes()).await
}

pub(crate) async fn bearer(cloud: &Cloud, path: &str, token: &str) -> Answer {
    let value = format!("Bearer {token}");
    let url = format!("{}{path}", cloud.base_url());
    send(&url, "GET", &[("authorization", &value)], b"").await
}

/// A text field of a JSON answer.
pub(crate) fn text(json: &Value, name: &str) -> String {
    json[name].as_str().unwrap_or_default().to_owned()
}
