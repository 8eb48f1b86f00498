//! Calls to Infomaniak.

use std::sync::Arc;

use bytes::Bytes;
use secrecy::SecretString;
use tracing::info;
use url::Url;

use super::NAME;
use super::export;
use super::refusal::Refusal;
use super::settings::Settings;
use super::wire::{Envelope, Failure};
use crate::domain::{ByteRange, Call, Clock, Content, Error, Kind, Result};
use crate::upstream::{Answer, Client, Hosts, Pacer, Request, Verdict};

/// The company's servers, the same for all accounts.
pub(super) struct Cloud {
    pub(super) settings: Settings,
    client: Client,
    hosts: Hosts,
    clock: Arc<dyn Clock>,
}

impl Cloud {
    pub(super) fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        for base in [
            &settings.api_base,
            &settings.kdrive_base,
            &settings.calendar_base,
            &settings.contacts_base,
        ] {
            if base.cannot_be_a_base() || !matches!(base.scheme(), "http" | "https") {
                let message = format!("not a base address of a cloud: {base}");
                return Err(Error::bridge(Kind::Invalid, message));
            }
        }
        if !(5..=1000).contains(&settings.page_limit) {
            let message = format!("the page limit {} is not in 5 to 1000", settings.page_limit);
            return Err(Error::bridge(Kind::Invalid, message));
        }
        Ok(Self {
            client: Client::new(NAME, settings.client.clone(), Arc::clone(&clock))?,
            hosts: Hosts::parse(&settings.download_hosts)?,
            settings,
            clock,
        })
    }

    /// A pacer for one account.
    pub(super) fn pacer(&self) -> Arc<Pacer> {
        Pacer::new(self.settings.pace, Arc::clone(&self.clock))
    }
}

/// The servers as one token sees them.
#[derive(Clone, Copy)]
pub(super) struct Api<'a> {
    pub(super) cloud: &'a Cloud,
    pub(super) pacer: &'a Arc<Pacer>,
    pub(super) token: &'a SecretString,
    pub(super) call: &'a Call,
}

impl Api<'_> {
    /// `GET` of JSON.
    pub(super) async fn get(&self, url: Url) -> Result<Envelope, Refusal> {
        self.send(&Request::get(url, self.token)).await
    }

    /// `POST` of nothing, of a call that changes nothing.
    pub(super) async fn ask(&self, url: Url) -> Result<Envelope, Refusal> {
        self.send(&Request::post(url, self.token, Bytes::new()).repeatable())
            .await
    }

    /// `GET` of one exported object.
    pub(super) async fn export(&self, url: Url) -> Result<String, Refusal> {
        let request = Request::get(url, self.token).accept("text/calendar, */*;q=0.5");
        let judge = |answer: Answer| match judge_export(&answer) {
            Ok(text) => Verdict::Done(Ok(Ok(text))),
            Err(failure) => self
                .again(&answer, failure)
                .map_or_else(|refusal| Verdict::Done(Ok(Err(refusal))), Verdict::Again),
        };
        let client = &self.cloud.client;
        let sent = client.send(self.call, self.pacer, &request, judge);
        sent.await.map_err(Refusal::from)?
    }

    async fn send(&self, request: &Request<'_>) -> Result<Envelope, Refusal> {
        let judge = |answer: Answer| match judge(&answer) {
            Ok(envelope) => Verdict::Done(Ok(Ok(envelope))),
            Err(failure) => self
                .again(&answer, failure)
                .map_or_else(|refusal| Verdict::Done(Ok(Err(refusal))), Verdict::Again),
        };
        let sent = self
            .cloud
            .client
            .send(self.call, self.pacer, request, judge);
        sent.await.map_err(Refusal::from)?
    }

    /// A header of a `POST` whose body is not wanted.
    pub(super) async fn header(
        &self,
        url: Url,
        accept: &'static str,
        name: &'static str,
    ) -> Result<String, Refusal> {
        let request = Request::post(url, self.token, Bytes::new())
            .repeatable()
            .accept(accept);
        let judge = |answer: Answer| {
            if (200..=299).contains(&answer.status()) {
                let value = answer.header(name).filter(|value| !value.is_empty());
                let missing = || Error::cloud(Kind::Broken, "the answer lacks its header").into();
                return Verdict::Done(Ok(value.map(str::to_owned).ok_or_else(missing)));
            }
            let failure = match judge(&answer) {
                Err(failure) => failure,
                Ok(_) => Refusal::bare(answer.status()).into(),
            };
            match self.again(&answer, failure) {
                Ok(error) => Verdict::Again(error),
                Err(refusal) => Verdict::Done(Ok(Err(refusal))),
            }
        };
        let sent = self
            .cloud
            .client
            .head_of(self.call, self.pacer, &request, judge);
        sent.await.map_err(Refusal::from)?
    }

    /// Content of a file.
    pub(super) async fn open(&self, url: Url, range: Option<ByteRange>) -> Result<Content> {
        let request = Request::get(url, self.token).accept("*/*");
        let judge = |answer: Answer| {
            let failure = match judge(&answer) {
                Err(failure) if !whole(&answer) || failure.told => failure,
                // a file that is JSON, or calls itself so
                _ => return Verdict::Done(Ok(answer)),
            };
            match self.again(&answer, failure) {
                Ok(error) => Verdict::Again(error),
                Err(refusal) => Verdict::Done(Err(refusal.into())),
            }
        };
        let (client, hosts) = (&self.cloud.client, &self.cloud.hosts);
        client
            .open(self.call, self.pacer, &request, range, hosts, judge)
            .await
    }

    /// The error with which to ask again, or the refusal that is final. Only server errors
    /// without a known code may pass by themselves (§1.6, §4.3).
    fn again(&self, answer: &Answer, failure: Failure) -> Result<Error, Refusal> {
        if answer.status() < 500 || failure.is_final {
            return Err(failure.refusal);
        }
        let error = failure.refusal.error;
        let asked = answer.retry_after(self.cloud.clock.now());
        Ok(match asked {
            Some(wait) => {
                let kind = Kind::Busy {
                    retry_after: Some(wait),
                };
                Error::cloud(kind, "the cloud asks to come back later").because(error)
            }
            None => error,
        })
    }
}

/// Whether the status is one of content.
fn whole(answer: &Answer) -> bool {
    matches!(answer.status(), 200 | 206)
}

/// An answer that may be an exported object, whatever it calls itself.
fn judge_export(answer: &Answer) -> Result<String, Failure> {
    let success = (200..=299).contains(&answer.status());
    if success && export::is_object(answer.body()) {
        return export::read(answer.body()).map_err(|error| Refusal::from(error).into());
    }
    let no_object = Error::cloud(Kind::Broken, "the answer holds no exported object");
    judge(answer).and_then(|_| Err(Refusal::from(no_object).into()))
}

fn judge(answer: &Answer) -> Result<Envelope, Failure> {
    let location = answer.location();
    let Some(location) = location else {
        return Envelope::read(answer);
    };
    let refusal = if is_sign_in(&location) {
        info!(
            host = location.host_str(),
            "a call takes no tokens: redirected to the sign-in page"
        );
        Refusal::sign_in_page()
    } else {
        let message = "the cloud redirects to a host that is not allowed";
        Error::cloud(Kind::Broken, message).into()
    };
    Err(refusal.into())
}

/// Whether a redirect leads to `login.infomaniak.com/authorize`.
fn is_sign_in(location: &Url) -> bool {
    let host = location.host_str().unwrap_or_default();
    host.starts_with("login.") || location.path().ends_with("/login/authorize")
}

/// `base` with `path` below it; both are ours.
pub(super) fn below(base: &Url, path: &str, query: &[(&str, &str)]) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}
