//! The operator's application, and where the company is.

use secrecy::SecretString;
use url::Url;

/// The application that the operator registered with the company.
#[derive(Debug, Clone)]
pub struct App {
    /// `client_id`.
    pub id: String,
    /// `client_secret`; `None` for a public client, which must not send one.
    pub secret: Option<SecretString>,
    /// How the secret is shown.
    pub proof: Proof,
}

/// How an application shows its secret at the token endpoint (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Proof {
    /// As a field of the form, `client_secret_post`.
    #[default]
    Form,
    /// In the header, `client_secret_basic`.
    Basic,
}

/// Addresses of a company's sign-in.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// The page of consent.
    pub authorize: Url,
    /// Codes and refresh tokens are exchanged here.
    pub token: Url,
    /// Tokens are revoked here, where the company can.
    pub revoke: Option<Url>,
}
