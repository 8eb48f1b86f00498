//! A call to make.

use bytes::Bytes;
use http::Method;
use secrecy::SecretString;
use url::Url;

/// One call. Its address is the provider's own; nothing of it is logged.
pub struct Request<'a> {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) token: Option<&'a SecretString>,
    pub(super) accept: &'static str,
    pub(super) body: Option<Bytes>,
    /// Of the body.
    pub(super) content_type: &'static str,
    pub(super) repeatable: bool,
}

impl<'a> Request<'a> {
    /// `GET` with a bearer token; repeatable.
    #[must_use]
    pub fn get(url: Url, token: &'a SecretString) -> Self {
        Self {
            method: Method::GET,
            url,
            token: Some(token),
            accept: "application/json",
            body: None,
            content_type: "application/json",
            repeatable: true,
        }
    }

    /// `POST` with a bearer token and a JSON body (empty: no body); not repeatable.
    #[must_use]
    pub fn post(url: Url, token: &'a SecretString, body: Bytes) -> Self {
        Self {
            method: Method::POST,
            body: Some(body),
            repeatable: false,
            ..Self::get(url, token)
        }
    }

    /// `POST` of a form without a bearer token; not repeatable.
    #[must_use]
    pub fn form(url: Url, fields: &[(&str, &str)]) -> Request<'static> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let body = form.extend_pairs(fields).finish();
        Request {
            method: Method::POST,
            url,
            token: None,
            accept: "application/json",
            body: Some(body.into()),
            content_type: "application/x-www-form-urlencoded",
            repeatable: false,
        }
    }

    /// A call that changes nothing, or the same when made twice: may be repeated in trouble.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Another `Accept`.
    #[must_use]
    pub fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }
}
