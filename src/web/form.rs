//! What a form sends.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use secrecy::SecretString;
use secrecy::zeroize::Zeroize;
use url::form_urlencoded;

use super::BoxError;
use super::refusal::Refusal;

/// Longest form in bytes; a token may have 16 KiB.
const LONGEST: usize = 64 * 1024;
/// Most fields.
const MOST: usize = 200;

/// The fields of a form, wiped when dropped.
#[derive(Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the body of a request.
    pub(super) async fn read<B>(headers: &HeaderMap, body: B) -> Result<Self, Refusal>
    where
        B: http_body::Body<Data = Bytes> + Send,
        B::Error: Into<BoxError>,
    {
        let kind = headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
        let body = Box::pin(Limited::new(body, LONGEST).collect()).await;
        let body = body.map_err(|error| match error.is::<LengthLimitError>() {
            true => Refusal::TooLarge,
            false => Refusal::Unreadable,
        })?;
        let bytes = body.to_bytes();
        match kind {
            _ if bytes.is_empty() => Ok(Self::default()),
            Some(kind) if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") => {
                Ok(Self::parse(&bytes))
            }
            _ => Err(Refusal::Unreadable),
        }
    }

    fn parse(bytes: &[u8]) -> Self {
        let fields = form_urlencoded::parse(bytes).into_owned();
        Self(fields.take(MOST).collect())
    }

    /// A field's text, empty where it is not there.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// A field that is not shown to anybody.
    pub(super) fn secret(&self, name: &str) -> SecretString {
        SecretString::from(self.get(name))
    }
}

impl Drop for Form {
    fn drop(&mut self) {
        for (_, value) in &mut self.0 {
            value.zeroize();
        }
    }
}
