//! Downloads.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT_ENCODING, CONTENT_DISPOSITION, RANGE};
use http::{HeaderMap, StatusCode};
use reqwest::{RequestBuilder, Response};
use url::Url;

use super::answer::{Answer, Verdict, is_json, location};
use super::attempt::empty;
use super::client::Client;
use super::content::{Source, changed, content};
use super::hosts::Hosts;
use super::pacer::Pacer;
use super::request::Request;
use super::trouble::Trouble;
use crate::domain::{ByteRange, Call, Content, Error, Kind, Result};

/// A JSON answer to a download up to this size may be an error that rides on 200.
const LONGEST_ERROR: usize = 16 * 1024;

impl Client {
    /// Opens the content of a file, or exactly `range` of it. One redirect to one of `hosts` is
    /// followed, without credentials. The stream runs without a place in the pacer.
    ///
    /// `judge` sees each answer of the API that is neither content nor an allowed redirect, and
    /// small JSON that could be an error on status 200; it gives the answer back when it is
    /// content.
    ///
    /// # Errors
    /// As [`Client::send`]; `Changed` when the file no longer covers the range; `Broken` when the
    /// answer does not fit the request.
    pub async fn open(
        &self,
        call: &Call,
        pacer: &Arc<Pacer>,
        request: &Request<'_>,
        range: Option<ByteRange>,
        hosts: &Hosts,
        judge: impl Fn(Answer) -> Verdict<Answer>,
    ) -> Result<Content> {
        let mut effort = self.effort(call, request);
        loop {
            let permit = effort.turn(pacer).await?;
            let begun = self
                .begin_content(call, pacer, request, |built| shape(built, range))
                .await;
            // a running body must not keep others from listing
            drop(permit);
            let verdict = match begun {
                Ok(response) => match target(&response, hosts) {
                    Some(url) => self.follow(call, url, range).await,
                    None => self.direct(response, range, &judge).await,
                },
                Err(verdict) => verdict,
            };
            match verdict {
                Verdict::Done(result) => return result,
                Verdict::Again(error) => effort.again(error).await?,
            }
        }
    }

    /// The API's own answer.
    async fn direct(
        &self,
        mut response: Response,
        range: Option<ByteRange>,
        judge: &impl Fn(Answer) -> Verdict<Answer>,
    ) -> Verdict<Content> {
        let status = response.status();
        if is_content(status) {
            let headers = response.headers().clone();
            let head = match small(&mut response, &headers).await {
                Ok(Small::No(head)) => head,
                Ok(Small::Whole(body)) => {
                    let answer = Answer {
                        body,
                        ..empty(&response)
                    };
                    return self.judged(answer, range, judge);
                }
                Err(error) => return error.into(),
            };
            let source = Source {
                head,
                rest: Some(response),
            };
            return self.content(status, &headers, range, source);
        }
        if status == StatusCode::RANGE_NOT_SATISFIABLE && range.is_some() {
            return changed().into();
        }
        match self.finish(response).await.map(judge) {
            Ok(Verdict::Again(error)) => Verdict::Again(error),
            Ok(Verdict::Done(Err(error))) | Err(error) => error.into(),
            Ok(Verdict::Done(Ok(_))) => {
                let message = "the cloud answered a download with something else";
                Error::cloud(Kind::Broken, message).into()
            }
        }
    }

    /// A small complete JSON body: an error, or content after all.
    fn judged(
        &self,
        answer: Answer,
        range: Option<ByteRange>,
        judge: &impl Fn(Answer) -> Verdict<Answer>,
    ) -> Verdict<Content> {
        match judge(answer) {
            Verdict::Done(Ok(answer)) => {
                let source = Source {
                    head: Some(answer.body),
                    rest: None,
                };
                self.content(answer.status, &answer.headers, range, source)
            }
            Verdict::Done(Err(error)) => error.into(),
            Verdict::Again(error) => Verdict::Again(error),
        }
    }

    /// The answer of a signed address. Whatever it says besides content tells nothing about the
    /// file: a fresh address may work.
    async fn follow(&self, call: &Call, url: Url, range: Option<ByteRange>) -> Verdict<Content> {
        let begun = self.begin_signed(call, url, |built| shape(built, range));
        let response = match begun.await {
            Ok(response) => response,
            Err(verdict) => return verdict,
        };
        let status = response.status();
        if is_content(status) {
            let headers = response.headers().clone();
            let source = Source {
                head: None,
                rest: Some(response),
            };
            return self.content(status, &headers, range, source);
        }
        if status == StatusCode::RANGE_NOT_SATISFIABLE && range.is_some() {
            return changed().into();
        }
        let message = format!("the signed download address answered {}", status.as_u16());
        Verdict::Again(Error::cloud(Kind::Down, message))
    }

    fn content(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        range: Option<ByteRange>,
        source: Source,
    ) -> Verdict<Content> {
        Verdict::Done(content(
            status,
            headers,
            range,
            self.settings.max_skip_bytes,
            source,
        ))
    }
}

fn shape(request: RequestBuilder, range: Option<ByteRange>) -> RequestBuilder {
    let request = request.header(ACCEPT_ENCODING, "identity");
    match range {
        Some(range) => {
            let value = format!("bytes={}-{}", range.first(), range.last());
            request.header(RANGE, value)
        }
        None => request,
    }
}

fn is_content(status: StatusCode) -> bool {
    matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT)
}

/// Where an allowed redirect points.
fn target(response: &Response, hosts: &Hosts) -> Option<Url> {
    let url = location(response.url(), response.status(), response.headers())?;
    hosts.allow(&url).then_some(url)
}

enum Small {
    /// The whole body, short JSON that does not call itself a download.
    Whole(Bytes),
    /// Anything else, with what was read of it.
    No(Option<Bytes>),
}

/// Reads the body as far as needed to know whether it is short JSON.
async fn small(response: &mut Response, headers: &HeaderMap) -> Result<Small> {
    let longest = u64::try_from(LONGEST_ERROR).unwrap_or(u64::MAX);
    let long = response
        .content_length()
        .is_some_and(|length| length > longest);
    if long || !is_json(headers) || headers.contains_key(CONTENT_DISPOSITION) {
        return Ok(Small::No(None));
    }
    let mut head = BytesMut::new();
    while head.len() <= LONGEST_ERROR {
        let part = response
            .chunk()
            .await
            .map_err(|error| Trouble::from(error).error)?;
        let Some(part) = part else {
            return Ok(Small::Whole(head.freeze()));
        };
        head.extend_from_slice(&part);
    }
    Ok(Small::No(Some(head.freeze())))
}
