//! A call to make.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use url::{Url, form_urlencoded};

/// One call. Its address is the provider's own; nothing of it is logged.
pub struct Request<'a> {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) token: Option<&'a SecretString>,
    /// `user:password`, already in base64.
    pub(super) basic: Option<SecretString>,
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
            token: Some(token),
            ..Request::public(url)
        }
    }

    /// `GET` of what everybody may read; repeatable.
    #[must_use]
    pub fn public(url: Url) -> Request<'static> {
        Request {
            method: Method::GET,
            url,
            token: None,
            basic: None,
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
        let mut form = form_urlencoded::Serializer::new(String::new());
        let body = form.extend_pairs(fields).finish();
        Request {
            method: Method::POST,
            body: Some(body.into()),
            content_type: "application/x-www-form-urlencoded",
            repeatable: false,
            ..Request::public(url)
        }
    }

    /// With Basic credentials as RFC 6749 §2.3.1 writes them: both parts in form encoding.
    #[must_use]
    pub fn basic(mut self, user: &str, password: &SecretString) -> Self {
        let part =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let password = Zeroizing::new(part(password.expose_secret()));
        let pair = Zeroizing::new(format!("{}:{}", part(user), *password));
        self.basic = Some(STANDARD.encode(pair.as_bytes()).into());
        self
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
