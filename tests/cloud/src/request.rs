//! A request as handlers see it.

use bytes::Bytes;
use hyper::HeaderMap;
use serde::de::DeserializeOwned;

/// A request whose body has arrived.
#[derive(Debug)]
pub(crate) struct Request {
    /// Path below the host prefix.
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The pairs of a query string, decoded.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(text: &str) -> Query {
        Query(
            url::form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The first value of `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let pair = self.0.iter().find(|pair| pair.0 == name)?;
        Some(&pair.1)
    }

    /// All values of exactly `name`, whole.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let found = self.0.iter().filter(move |pair| pair.0 == name);
        found.map(|pair| pair.1.as_str())
    }

    /// All values of `name`, `name[]` and `name[0]`, split at commas.
    pub(crate) fn many<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let fits = move |key: &str| {
            let tail = key.strip_prefix(name);
            tail.is_some_and(|tail| tail.is_empty() || tail.starts_with('['))
        };
        let found = self.0.iter().filter(move |pair| fits(&pair.0));
        found
            .flat_map(|pair| pair.1.split(','))
            .filter(|value| !value.is_empty())
    }

    /// Whether `name` is given and not `0` or `false`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value != "0" && value != "false")
    }
}

impl Request {
    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The bearer token, if one is sent.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let value = self.header("authorization")?;
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// The body as JSON; an empty one reads as an empty object.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        if self.body.is_empty() {
            return serde_json::from_slice(b"{}");
        }
        serde_json::from_slice(&self.body)
    }
}
