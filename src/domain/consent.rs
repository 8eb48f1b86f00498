//! The port to a company's page of consent (OAuth 2.0, RFC 6749 and 7636).

use async_trait::async_trait;
use secrecy::SecretString;

use super::{Call, Error, Kind, Probe, Result, Scope};

/// What the page is asked with.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Where the browser is sent back to, as registered with the company.
    pub redirect: &'a str,
    /// What comes back unchanged, to know the browser by. Letters, digits, `-` and `_`.
    pub state: &'a str,
    /// SHA-256 of the verifier in base64url (RFC 7636 §4.2).
    pub challenge: &'a str,
    /// Why.
    pub purpose: Purpose<'a>,
}

/// Why consent is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// An account is connected: the user picks which.
    Connect,
    /// The account of this label is connected again, with all scopes of today.
    Reconnect {
        /// Its label.
        label: &'a str,
    },
}

/// What the browser came back with.
#[derive(Debug, Clone, Copy)]
pub struct Redemption<'a> {
    /// The code.
    pub code: &'a SecretString,
    /// The address the page was asked to send the browser to.
    pub redirect: &'a str,
    /// What the challenge was made from.
    pub verifier: &'a SecretString,
}

/// A consent that was given.
#[derive(Debug)]
pub struct Consented {
    /// All that is needed to go on, as one text for the vault; only the provider reads it.
    pub token: SecretString,
    /// Whose account it is, and which of the scopes asked for were granted.
    pub probe: Probe,
}

/// Why no connection comes of what the browser came back with. Nothing is kept.
#[derive(Debug)]
pub enum ConsentFailure {
    /// The company does not take the code (any more): begin anew.
    NotAccepted {
        /// What it says, e.g. `invalid_grant`.
        code: String,
    },
    /// No service was granted.
    NothingGranted,
    /// The consent ends within the hour: no refresh token came with it.
    NotLasting,
    /// The cloud cannot be reached or answered something unexpected.
    Unexpected(Error),
}

/// Connecting by consent.
#[async_trait]
pub trait Consent: Send + Sync {
    /// The scopes of services that are asked for, in the order shown.
    fn scopes(&self) -> Vec<Scope>;

    /// Address of the page of consent.
    fn page(&self, ask: &Ask<'_>) -> String;

    /// Exchanges the code for tokens and asks whose account it is.
    async fn redeem(
        &self,
        call: &Call,
        redemption: Redemption<'_>,
    ) -> Result<Consented, ConsentFailure>;

    /// Tells the company that the token of a connection is not used any more. `Unsupported` where
    /// it has no such call.
    async fn revoke(&self, call: &Call, token: &SecretString) -> Result<()> {
        let _ = (call, token);
        let message = "this company lets only the user take back a consent";
        Err(Error::cloud(Kind::Unsupported, message))
    }
}
