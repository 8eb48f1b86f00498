//! Sign-in of DAV requests by access tokens of the identity provider.

use std::net::IpAddr;
use std::sync::Arc;

use secrecy::SecretString;

use super::Oidc;
use super::bearer::Bearer;
use crate::accounts::{Accounts, SignIn, User};
use crate::domain::{Access, Call, Caller, Result, Role, Services};

impl Accounts {
    /// Whether access tokens are credentials here.
    #[must_use]
    pub fn takes_bearer(&self) -> bool {
        self.bearer_provider().is_some()
    }

    /// Checks an access token; its person must have signed in on the page once.
    pub(in crate::accounts) async fn sign_in_with_token(
        &self,
        token: &SecretString,
        peer: IpAddr,
    ) -> Result<SignIn> {
        let Some(oidc) = self.bearer_provider() else {
            return Ok(SignIn::Missing);
        };
        let whose = match oidc.bearer(&Call::interactive(), token).await? {
            Bearer::Of(whose) => whose,
            Bearer::Not(fault) => {
                tracing::debug!(%fault, "access token refused");
                return Ok(self.failed(None, peer));
            }
        };
        let user = self.find_by_subject(oidc.issuer(), &whose.subject).await?;
        match user.filter(|user| !user.disabled) {
            Some(user) => Ok(SignIn::In(caller(user, whose.role))),
            None => {
                tracing::debug!("access token of nobody who may come in");
                Ok(self.failed(None, peer))
            }
        }
    }

    fn bearer_provider(&self) -> Option<&Arc<Oidc>> {
        self.oidc.as_ref().filter(|oidc| oidc.takes_bearer())
    }
}

/// A token may tell less than the last sign-in, and is believed; but not more: it may be older.
fn caller(user: User, told: Option<Role>) -> Caller {
    let reads = [Some(user.role), told].contains(&Some(Role::Viewer));
    Caller {
        user: user.name,
        display_name: user.display_name,
        access: if reads {
            Access::Read
        } else {
            Access::ReadWrite
        },
        services: Services::All,
    }
}
