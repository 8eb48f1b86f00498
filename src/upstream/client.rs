//! The one outgoing HTTP client.

use std::sync::Arc;

use reqwest::{RequestBuilder, Response};

use super::answer::{Answer, Verdict};
use super::attempt::empty;
use super::build;
use super::effort::Effort;
use super::pacer::Pacer;
use super::request::Request;
use super::settings::ClientSettings;
use crate::domain::{Call, Clock, ProviderName, Result};

/// Talks to the hosts of one provider. Follows no redirect by itself.
pub struct Client {
    pub(super) provider: ProviderName,
    pub(super) settings: ClientSettings,
    pub(super) clock: Arc<dyn Clock>,
    api: reqwest::Client,
    /// For content: never decompresses, and one connection per download, so that a slow reader
    /// does not hold up others in a shared HTTP/2 window.
    content: reqwest::Client,
}

/// How much of an answer is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    /// Without the body when the status is 2xx.
    Head,
}

impl Client {
    /// # Errors
    /// `Invalid` when the CA bundle or proxy cannot be used.
    pub fn new(
        provider: ProviderName,
        settings: ClientSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        Ok(Self {
            provider,
            api: build::for_json(&settings)?,
            content: build::for_content(&settings)?,
            settings,
            clock,
        })
    }

    /// Makes a JSON call: waits for its turn, sends, and repeats while `judge` says
    /// [`Verdict::Again`] and the request is repeatable. `judge` sees every answer but 429.
    ///
    /// # Errors
    /// `Busy` when the account's pace or the cloud's 429 does not let it go in time, `Down` when
    /// the cloud cannot be reached, else what `judge` says.
    pub async fn send<T>(
        &self,
        call: &Call,
        pacer: &Arc<Pacer>,
        request: &Request<'_>,
        judge: impl Fn(Answer) -> Verdict<T>,
    ) -> Result<T> {
        self.repeat(call, pacer, request, Part::Whole, judge).await
    }

    /// Like [`Client::send`] where the body does not matter: `judge` gets an answer with an empty
    /// body when the status is 2xx, and what was not read is thrown away.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn head_of<T>(
        &self,
        call: &Call,
        pacer: &Arc<Pacer>,
        request: &Request<'_>,
        judge: impl Fn(Answer) -> Verdict<T>,
    ) -> Result<T> {
        self.repeat(call, pacer, request, Part::Head, judge).await
    }

    async fn repeat<T>(
        &self,
        call: &Call,
        pacer: &Arc<Pacer>,
        request: &Request<'_>,
        part: Part,
        judge: impl Fn(Answer) -> Verdict<T>,
    ) -> Result<T> {
        let mut effort = self.effort(call, request);
        loop {
            let permit = effort.turn(pacer).await?;
            let verdict = match self.exchange(call, pacer, request, part).await {
                Ok(answer) => judge(answer),
                Err(verdict) => verdict,
            };
            drop(permit);
            match verdict {
                Verdict::Done(result) => return result,
                Verdict::Again(error) => effort.again(error).await?,
            }
        }
    }

    pub(super) fn effort<'a>(&'a self, call: &Call, request: &Request<'_>) -> Effort<'a> {
        Effort::new(
            &self.settings,
            self.clock.as_ref(),
            call,
            request.repeatable,
        )
    }

    async fn exchange<T>(
        &self,
        call: &Call,
        pacer: &Pacer,
        request: &Request<'_>,
        part: Part,
    ) -> Result<Answer, Verdict<T>> {
        let client = match part {
            Part::Whole => &self.api,
            Part::Head => &self.content,
        };
        let response = self.begin(call, pacer, client, request).await?;
        if part == Part::Head && response.status().is_success() {
            return Ok(empty(&response));
        }
        self.finish(response).await.map_err(Verdict::from)
    }

    /// Sends a call for content; the answer's headers are there.
    pub(super) async fn begin_content<T>(
        &self,
        call: &Call,
        pacer: &Pacer,
        request: &Request<'_>,
        shape: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Response, Verdict<T>> {
        let built = shape(self.build(&self.content, request)?);
        self.attempt(call, Some(pacer), request.repeatable, built)
            .await
    }

    /// Sends a request without credentials to a signed address. It does not count for the
    /// account's pace, in neither direction.
    pub(super) async fn begin_signed<T>(
        &self,
        call: &Call,
        url: url::Url,
        shape: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Response, Verdict<T>> {
        let built = shape(self.content.get(url));
        self.attempt(call, None, true, built).await
    }

    async fn begin<T>(
        &self,
        call: &Call,
        pacer: &Pacer,
        client: &reqwest::Client,
        request: &Request<'_>,
    ) -> Result<Response, Verdict<T>> {
        let built = self.build(client, request)?;
        self.attempt(call, Some(pacer), request.repeatable, built)
            .await
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
