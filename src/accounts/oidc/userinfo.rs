//! What the provider tells only when asked (OpenID Connect Core 1.0 §5.3).

use secrecy::SecretString;
use url::Url;

use super::claims::Claims;
use super::error::OidcError;
use super::fault::TokenFault;
use super::provider::Oidc;
use crate::domain::{Call, Error, Kind};
use crate::upstream::{Answer, Request, Verdict, json};

impl Oidc {
    /// The claims, with those of the userinfo endpoint where it has one and the ID token leaves
    /// out what is needed: many put names and groups there only.
    pub(super) async fn completed(
        &self,
        call: &Call,
        claims: Claims,
        place: Option<&Url>,
        access: &SecretString,
    ) -> Result<Claims, OidcError> {
        let named = claims.has("preferred_username") && claims.has("email");
        let Some(place) = place.filter(|_| !named || self.settings.roles.lacks(&claims)) else {
            return Ok(claims);
        };
        let request = Request::get(place.clone(), access);
        let told = self
            .client
            .send(call, &self.pacer, &request, |answer| judge(&answer))
            .await;
        let told = told.map_err(OidcError::Unexpected)?;
        // §5.3.2: else the answer must not be used
        if told.subject()? != claims.subject()? {
            return Err(TokenFault::Subject.into());
        }
        Ok(claims.and(told))
    }
}

fn judge(answer: &Answer) -> Verdict<Claims> {
    match answer.status() {
        200 => Verdict::Done(json(answer.body()).map(Claims::new)),
        status => {
            let message = format!("the identity provider's userinfo answered with status {status}");
            match status {
                500.. => Verdict::Again(Error::cloud(Kind::Down, message)),
                _ => Verdict::Done(Err(Error::cloud(Kind::Broken, message))),
            }
        }
    }
}
