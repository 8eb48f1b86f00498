//! The code flow (OpenID Connect Core 1.0 §3.1) with PKCE, state and nonce.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::error::OidcError;
use super::fault::TokenFault;
use super::identity::{self, Expected};
use super::person::Person;
use super::provider::{Oidc, Opened};
use crate::domain::{Ask, Call, Error, Kind, Purpose, Redemption};
use crate::upstream::oauth::{self, GrantError};

/// A sign-in that begins.
pub(in crate::accounts) struct Started {
    /// Where the browser goes. Holds state and nonce: not for logs.
    pub(in crate::accounts) page: String,
    pub(in crate::accounts) state: SecretString,
    pub(in crate::accounts) nonce: SecretString,
    pub(in crate::accounts) verifier: SecretString,
}

impl Oidc {
    /// Makes the address of the sign-in page.
    pub(in crate::accounts) async fn start(
        &self,
        call: &Call,
        redirect: &str,
    ) -> Result<Started, OidcError> {
        let desk = self.desk(call).await.map_err(OidcError::Unexpected)?;
        let random = || oauth::random().map_err(OidcError::Store);
        let (state, nonce, verifier) = (random()?, random()?, random()?);
        let ask = Ask {
            redirect,
            state: state.expose_secret(),
            challenge: &oauth::challenge(&verifier),
            purpose: Purpose::Connect,
        };
        let scopes = self.settings.scopes.join(" ");
        let page = desk
            .oauth
            .page(&ask, &scopes, &[("nonce", nonce.expose_secret())]);
        Ok(Started {
            page,
            state,
            nonce,
            verifier,
        })
    }

    /// Whether an answer that names this issuer, or none, can be the provider's (RFC 9207): a
    /// code of another one is not to be sent here.
    pub(in crate::accounts) async fn check_issuer(
        &self,
        call: &Call,
        named: Option<&str>,
    ) -> Result<(), OidcError> {
        let good = match named {
            Some(named) => named == self.settings.issuer,
            None => {
                let desk = self.desk(call).await.map_err(OidcError::Unexpected)?;
                !desk.metadata.names_issuer
            }
        };
        if good {
            Ok(())
        } else {
            Err(TokenFault::Issuer.into())
        }
    }

    /// Exchanges a code, and checks who comes with it. `is_nonce` tells the nonce that was sent.
    pub(in crate::accounts) async fn redeem(
        self: &Arc<Self>,
        call: &Call,
        redemption: Redemption<'_>,
        is_nonce: impl Fn(&str) -> bool,
    ) -> Result<Person, OidcError> {
        let desk = self.desk(call).await.map_err(OidcError::Unexpected)?;
        let granted = desk.oauth.exchange(call, redemption).await;
        let granted = granted.map_err(|error| match error {
            GrantError::NotAccepted { code } => OidcError::NotAccepted { code },
            GrantError::Trouble(error) => OidcError::Unexpected(error),
        })?;
        let token = granted.identity.ok_or_else(|| {
            let message = "the identity provider gave no ID token: is the scope openid allowed?";
            OidcError::Unexpected(Error::cloud(Kind::Broken, message))
        })?;
        let Opened { head, claims, .. } = self.open(call, &token).await?;
        let expected = Expected {
            issuer: &self.settings.issuer,
            client: &self.settings.client_id,
            is_nonce,
            now: self.clock.now(),
        };
        identity::check(&head, &claims, &expected)?;
        let userinfo = desk.metadata.userinfo.as_ref();
        let claims = self
            .completed(call, claims, userinfo, &granted.access)
            .await?;
        Ok(Person::read(
            &claims,
            &self.settings.issuer,
            &self.settings.roles,
        )?)
    }
}
