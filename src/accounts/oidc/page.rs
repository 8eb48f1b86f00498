//! Sign-in on the page by the identity provider.

use std::sync::Arc;

use chrono::TimeDelta;
use secrecy::SecretString;

use super::{Oidc, OidcError, Person};
use crate::accounts::{Accounts, By, Callback, CallbackAnswer, Client, NewSession, Subject};
use crate::domain::{Call, Kind, Redemption, Role};
use crate::store::{NewSignIn, SignInRow};

/// How long the provider's page may stay open.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// Why a user is disabled by a sign-in, for the log.
const NO_ROLE: &str = "the identity provider grants no role";

/// A browser that came back and is signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Its session.
    pub session: NewSession,
    /// Where on the page it goes on, as [`Accounts::begin_oidc`] was told.
    pub back: String,
}

impl Accounts {
    /// Whether there is an identity provider.
    #[must_use]
    pub fn has_oidc(&self) -> bool {
        self.oidc.is_some()
    }

    /// Begins a sign-in: the address of the provider's page. `browser` is a secret that only
    /// this browser has, `redirect` the address it is sent back to, and `back` where on the page
    /// it goes on afterwards. The address holds secrets: not for logs.
    pub async fn begin_oidc(
        &self,
        browser: &SecretString,
        redirect: &str,
        back: &str,
    ) -> Result<String, OidcError> {
        let oidc = self.provider()?;
        let started = oidc.start(&Call::interactive(), redirect).await?;
        let now = self.clock.now();
        let new = NewSignIn {
            state: &started.state,
            browser,
            nonce: &started.nonce,
            verifier: &started.verifier,
            redirect,
            back,
            expires: now + PATIENCE,
            now,
        };
        let begun = self.store.begin_sign_in(new).await;
        begun.map_err(OidcError::Store)?;
        Ok(started.page)
    }

    /// Ends what was begun in the same browser: `query` is the query, or the whole address, that
    /// it came back with. Good once. At first sight of a person a user is made; a known one whom
    /// the provider grants no role any more is disabled.
    pub async fn finish_oidc(
        &self,
        browser: &SecretString,
        query: &str,
        client: &Client,
    ) -> Result<SignedIn, OidcError> {
        let signed_in = self.come_back(browser, query, client).await;
        if let Err(error) = &signed_in {
            tracing::warn!(%error, "sign-in by the identity provider failed");
            if !matches!(error, OidcError::Unexpected(_) | OidcError::Store(_)) {
                self.refused(None, client.address, &By::stranger(client));
            }
        }
        signed_in
    }

    async fn come_back(
        &self,
        browser: &SecretString,
        query: &str,
        client: &Client,
    ) -> Result<SignedIn, OidcError> {
        let oidc = self.provider()?;
        let callback = Callback::parse(query).ok_or(OidcError::Stale)?;
        let now = self.clock.now();
        let begun = self.store.take_sign_in(&callback.state, browser, now).await;
        let begun = begun.map_err(OidcError::Store)?.ok_or(OidcError::Stale)?;
        let person = redeem(oidc, &callback, &begun).await?;
        let Some(role) = person.role else {
            self.shut_out(&person, client).await?;
            return Err(OidcError::NoRole);
        };
        Ok(SignedIn {
            session: self.welcome_person(oidc, &person, role, client).await?,
            back: begun.back,
        })
    }

    async fn welcome_person(
        &self,
        oidc: &Oidc,
        person: &Person,
        role: Role,
        client: &Client,
    ) -> Result<NewSession, OidcError> {
        let subject = Subject {
            issuer: &person.issuer,
            subject: &person.subject,
            wish: &person.wish,
            display_name: person.display_name.as_deref(),
            email: person.email.as_deref(),
            role,
            // without a claim, the default is for new users: later the administrator decides
            keeps_role: !oidc.tells_roles(),
        };
        let user = self.find_or_create_by_subject(subject, client).await;
        let user = user.map_err(OidcError::Store)?;
        let session = self.open_session(&user.name, client).await;
        session.map_err(|error| match error.kind() {
            Kind::Forbidden => OidcError::Disabled(user.name),
            _ => OidcError::Store(error),
        })
    }

    /// Disables a known person who has no role any more: sessions end, app passwords and tokens
    /// open nothing, until the provider grants a role again.
    async fn shut_out(&self, person: &Person, client: &Client) -> Result<(), OidcError> {
        let by = By::stranger(client);
        let (issuer, subject) = (&person.issuer, &person.subject);
        let done = self
            .store
            .shut_out(issuer, subject, NO_ROLE, self.trace(&by));
        done.await.map_err(OidcError::Store)
    }

    fn provider(&self) -> Result<&Arc<Oidc>, OidcError> {
        self.oidc.as_ref().ok_or(OidcError::NotConfigured)
    }
}

async fn redeem(
    oidc: &Arc<Oidc>,
    callback: &Callback,
    begun: &SignInRow,
) -> Result<Person, OidcError> {
    let call = Call::interactive();
    oidc.check_issuer(&call, callback.issuer.as_deref()).await?;
    let code = match &callback.answer {
        CallbackAnswer::Code(code) => code,
        CallbackAnswer::Denied => return Err(OidcError::Denied),
        CallbackAnswer::Failed { code } => return Err(OidcError::Failed { code: code.clone() }),
    };
    let redemption = Redemption {
        code,
        redirect: &begun.redirect,
        verifier: &begun.verifier,
    };
    oidc.redeem(&call, redemption, |nonce| begun.is_nonce(nonce))
        .await
}
