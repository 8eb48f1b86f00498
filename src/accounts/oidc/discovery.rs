//! The discovery document (OpenID Connect Discovery 1.0 §3 and §4).

use serde::Deserialize;
use url::Url;

use crate::domain::{Error, Kind, Result};
use crate::upstream::json;
use crate::upstream::oauth::Proof;

/// Where the provider is to be asked, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metadata {
    /// The sign-in page.
    pub(super) authorize: Url,
    /// Codes are exchanged here.
    pub(super) token: Url,
    /// The keys that sign.
    pub(super) keys: Url,
    /// More claims.
    pub(super) userinfo: Option<Url>,
    /// How the client's secret is shown.
    pub(super) proof: Proof,
    /// Whether answers name the issuer (RFC 9207).
    pub(super) names_issuer: bool,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    authorization_response_iss_parameter_supported: Option<bool>,
}

/// Address of the document.
///
/// # Errors
/// `Invalid` where the issuer is no http(s) address, or holds credentials, a query or a fragment.
pub(super) fn address(issuer: &str) -> Result<Url> {
    let bad = || Error::bridge(Kind::Invalid, "the issuer is not an http(s) address");
    let url = Url::parse(issuer).map_err(|_| bad())?;
    let plain = url.query().is_none() && url.fragment().is_none() && is_anonymous(&url);
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !plain {
        return Err(bad());
    }
    let whole = format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    );
    Url::parse(&whole).map_err(|_| bad())
}

fn is_anonymous(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

/// Reads the document.
///
/// # Errors
/// `Broken` where it is none, is another issuer's, or names an address that is neither HTTPS nor
/// at the issuer's own host.
pub(super) fn read(issuer: &str, body: &[u8]) -> Result<Metadata> {
    let document: Document = json(body)?;
    if document.issuer != issuer {
        let named: String = document.issuer.chars().take(200).collect();
        let message = format!(
            "the identity provider calls itself {named:?}: oidc.issuer has to be exactly that"
        );
        return Err(Error::cloud(Kind::Broken, message));
    }
    let home = address(issuer)?;
    let place = |name: &str, text: &str| endpoint(&home, name, text);
    let userinfo = document.userinfo_endpoint.as_deref();
    Ok(Metadata {
        authorize: place("authorization_endpoint", &document.authorization_endpoint)?,
        token: place("token_endpoint", &document.token_endpoint)?,
        keys: place("jwks_uri", &document.jwks_uri)?,
        userinfo: userinfo
            .map(|text| place("userinfo_endpoint", text))
            .transpose()?,
        proof: proof(document.token_endpoint_auth_methods_supported.as_deref()),
        names_issuer: document
            .authorization_response_iss_parameter_supported
            .unwrap_or(false),
    })
}

/// Basic is what a provider that says nothing takes (OpenID Connect Discovery §3), and what most
/// expect of a client they know nothing else of.
fn proof(methods: Option<&[String]>) -> Proof {
    let knows = |name: &str| methods.is_none_or(|list| list.iter().any(|one| one == name));
    if !knows("client_secret_basic") && knows("client_secret_post") {
        Proof::Form
    } else {
        Proof::Basic
    }
}

fn endpoint(home: &Url, name: &str, text: &str) -> Result<Url> {
    let broken = || {
        let message = format!(
            "the identity provider's {name} is neither an https address nor at the issuer's host"
        );
        Error::cloud(Kind::Broken, message)
    };
    let url = Url::parse(text).map_err(|_| broken())?;
    let trusted = url.scheme() == "https" || url.origin() == home.origin();
    if trusted && url.has_host() && is_anonymous(&url) && url.fragment().is_none() {
        Ok(url)
    } else {
        Err(broken())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ISSUER: &str = "http://idp.home:8080/realms/a";

    fn with(changes: &[(&str, Value)]) -> Result<Metadata> {
        let mut document = json!({
            "issuer": ISSUER,
            "authorization_endpoint": format!("{ISSUER}/auth"),
            "token_endpoint": format!("{ISSUER}/token"),
            "jwks_uri": format!("{ISSUER}/certs"),
        });
        for (name, value) in changes {
            document[name] = value.clone();
        }
        read(ISSUER, document.to_string().as_bytes())
    }

    #[test]
    fn the_address_follows_from_the_issuer() {
        for (issuer, expected) in [
            (
                ISSUER,
                "http://idp.home:8080/realms/a/.well-known/openid-configuration",
            ),
            (
                "https://x.example/",
                "https://x.example/.well-known/openid-configuration",
            ),
            (
                "https://x.example",
                "https://x.example/.well-known/openid-configuration",
            ),
        ] {
            assert_eq!(address(issuer).unwrap().as_str(), expected);
        }
        for bad in [
            "",
            "x.example",
            "ftp://x",
            "https://u@x",
            "https://x?a=b",
            "https://x/#a",
        ] {
            assert_eq!(address(bad).unwrap_err().kind(), Kind::Invalid, "{bad}");
        }
    }

    #[test]
    fn another_issuers_document_is_refused_and_named() {
        for other in [
            "http://idp.home:8080/realms/b",
            "http://idp.home:8080/realms/a/",
        ] {
            let error = with(&[("issuer", other.into())]).unwrap_err();
            assert_eq!(error.kind(), Kind::Broken);
            assert!(error.message().contains(other), "{}", error.message());
        }
    }

    #[test]
    fn endpoints_are_https_or_at_home() {
        for good in ["https://elsewhere.example/x", "http://idp.home:8080/y?p=q"] {
            assert!(with(&[("token_endpoint", good.into())]).is_ok(), "{good}");
        }
        for bad in [
            "http://idp.home/x",
            "http://idp.home:8081/x",
            "http://169.254.169.254/x",
            "https://u:p@elsewhere.example/x",
            "file:///etc/passwd",
            "/x",
        ] {
            for name in [
                "authorization_endpoint",
                "token_endpoint",
                "jwks_uri",
                "userinfo_endpoint",
            ] {
                let error = with(&[(name, bad.into())]).unwrap_err();
                assert!(error.message().contains(name), "{bad} {}", error.message());
            }
        }
    }

    #[test]
    fn the_secret_goes_where_the_provider_takes_it() {
        let told = |methods: Value| {
            let read = with(&[("token_endpoint_auth_methods_supported", methods)]);
            read.unwrap().proof
        };
        assert_eq!(told(Value::Null), Proof::Basic);
        assert_eq!(
            told(json!(["client_secret_post", "client_secret_basic"])),
            Proof::Basic
        );
        assert_eq!(told(json!(["client_secret_post", "none"])), Proof::Form);
    }
}
