//! Stylesheet, script and icon, named by their content so that browsers keep them for ever.

use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use http::header::{ALLOW, CACHE_CONTROL};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use sha2::{Digest, Sha256};

use super::{Answer, answer};

struct Asset {
    path: String,
    kind: &'static str,
    text: &'static str,
}

impl Asset {
    fn new(name: &str, extension: &str, kind: &'static str, text: &'static str) -> Self {
        let digest = HEXLOWER.encode(&Sha256::digest(text.as_bytes())[..8]);
        let path = format!("/assets/{name}.{digest}.{extension}");
        Self { path, kind, text }
    }
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        Asset::new(
            "style",
            "css",
            "text/css; charset=utf-8",
            include_str!("style.css"),
        ),
        Asset::new(
            "script",
            "js",
            "text/javascript; charset=utf-8",
            include_str!("script.js"),
        ),
        Asset::new("icon", "svg", "image/svg+xml", include_str!("icon.svg")),
    ]
});

/// Path of the stylesheet, without the prefix.
pub(super) fn style() -> &'static str {
    &ASSETS[0].path
}

/// Path of the script.
pub(super) fn script() -> &'static str {
    &ASSETS[1].path
}

/// Path of the icon.
pub(super) fn icon() -> &'static str {
    &ASSETS[2].path
}

/// The asset, where one is asked for.
pub(super) fn answer(request: &Parts) -> Option<Answer> {
    let asset = ASSETS
        .iter()
        .find(|asset| asset.path == request.uri.path())?;
    if !matches!(request.method, Method::GET | Method::HEAD) {
        let mut answer = answer::body(StatusCode::METHOD_NOT_ALLOWED, asset.kind, "");
        let methods = HeaderValue::from_static("GET, HEAD");
        answer.headers_mut().insert(ALLOW, methods);
        return Some(answer);
    }
    let mut answer = answer::body(StatusCode::OK, asset.kind, asset.text);
    let ever = HeaderValue::from_static("public, max-age=31536000, immutable");
    answer.headers_mut().insert(CACHE_CONTROL, ever);
    Some(answer)
}
