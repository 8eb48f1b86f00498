//! What is posted to a token endpoint.

use data_encoding::BASE64;
use percent_encoding::percent_decode_str;

use crate::request::{Query, Request};

/// A form, and the application that sends it.
pub(crate) struct Post {
    pub(crate) form: Query,
    pub(crate) client: String,
    pub(crate) secret: Option<String>,
}

impl Post {
    /// Reads the form and the application's credentials, from the form or from HTTP Basic; `None`
    /// where the body is no form.
    pub(crate) fn read(request: &Request) -> Option<Post> {
        let kind = request.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return None;
        }
        let form = Query::parse(std::str::from_utf8(&request.body).ok()?);
        let (client, secret) = match basic(request) {
            Some((client, secret)) => (client, Some(secret)),
            None => (
                form.get("client_id").unwrap_or_default().to_owned(),
                form.get("client_secret").map(str::to_owned),
            ),
        };
        Some(Post {
            form,
            client,
            secret,
        })
    }

    /// A parameter that is given and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.form.get(name).filter(|value| !value.is_empty())
    }
}

/// Id and secret, each URL-encoded before they are joined (RFC 6749 §2.3.1).
fn basic(request: &Request) -> Option<(String, String)> {
    let (scheme, value) = request.header("authorization")?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = BASE64.decode(value.trim().as_bytes()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (client, secret) = text.split_once(':')?;
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Some((plain(client), plain(secret)))
}
