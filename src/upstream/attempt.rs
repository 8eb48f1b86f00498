//! One attempt of a call: the request as it goes out, the answer as it comes in.

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};

use super::answer::{Answer, Verdict};
use super::client::Client;
use super::pacer::Pacer;
use super::request::Request;
use super::trouble::Trouble;
use super::wait;
use crate::domain::{Call, Error, Kind, Result};

impl Client {
    pub(super) fn build<T>(
        &self,
        client: &reqwest::Client,
        request: &Request<'_>,
    ) -> Result<RequestBuilder, Verdict<T>> {
        let mut built = client
            .request(request.method.clone(), request.url.clone())
            .header(ACCEPT, request.accept);
        if let Some(token) = request.token {
            built = built.header(AUTHORIZATION, credentials("Bearer", token)?);
        }
        if let Some(pair) = &request.basic {
            built = built.header(AUTHORIZATION, credentials("Basic", pair)?);
        }
        Ok(match &request.body {
            Some(body) if body.is_empty() => built.header(CONTENT_LENGTH, 0),
            Some(body) => built
                .header(CONTENT_TYPE, request.content_type)
                .body(body.clone()),
            None => built,
        })
    }

    /// One attempt, counted. 429 pauses the account.
    pub(super) async fn attempt<T>(
        &self,
        call: &Call,
        pacer: Option<&Pacer>,
        repeatable: bool,
        request: RequestBuilder,
    ) -> Result<Response, Verdict<T>> {
        call.count_upstream();
        let response = request.send().await.map_err(Trouble::from);
        let outcome = response
            .as_ref()
            .map_or_else(|trouble| trouble.outcome, outcome);
        metrics::counter!(
            "upstream_requests_total", "provider" => self.provider.0, "outcome" => outcome
        )
        .increment(1);
        match response {
            Ok(response) if response.status() == StatusCode::TOO_MANY_REQUESTS => {
                let retry_after = wait::asked(response.headers(), self.clock.now());
                if let Some(pacer) = pacer {
                    pacer.pause(retry_after);
                }
                let message = "the cloud asks to come back later";
                Err(Verdict::Again(Error::cloud(
                    Kind::Busy { retry_after },
                    message,
                )))
            }
            Ok(response) => {
                if let Some(pacer) = pacer {
                    pacer.went_well();
                }
                Ok(response)
            }
            Err(trouble) if trouble.again && repeatable => Err(Verdict::Again(trouble.error)),
            Err(trouble) => Err(Verdict::Done(Err(trouble.error))),
        }
    }

    /// Reads the bounded body.
    pub(super) async fn finish(&self, mut response: Response) -> Result<Answer> {
        let most = self.settings.max_json_bytes;
        let mut body = BytesMut::new();
        while let Some(part) = response
            .chunk()
            .await
            .map_err(|error| Trouble::from(error).error)?
        {
            if body.len() + part.len() > most {
                let message = format!("the answer is longer than {most} bytes");
                return Err(Error::cloud(Kind::Broken, message));
            }
            body.extend_from_slice(&part);
        }
        Ok(Answer {
            body: body.freeze(),
            ..empty(&response)
        })
    }
}

fn credentials(scheme: &str, token: &SecretString) -> Result<HeaderValue> {
    let text = format!("{scheme} {}", token.expose_secret());
    let mut value = HeaderValue::try_from(text).map_err(|_| {
        let message = "the token holds characters that no token has";
        Error::cloud(Kind::SignedOut, message)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// The answer without its body.
pub(super) fn empty(response: &Response) -> Answer {
    Answer {
        url: response.url().clone(),
        status: response.status(),
        headers: response.headers().clone(),
        body: Bytes::new(),
    }
}

fn outcome(response: &Response) -> &'static str {
    match response.status().as_u16() {
        429 => "rate_limited",
        200..=299 => "ok",
        300..=399 => "redirect",
        400..=499 => "client_error",
        _ => "server_error",
    }
}
