//! The page on which people sign in, connect accounts and set up devices.
//!
//! A request comes in with its public address; [`Web::handle`] finds who asks ([`scene`]), guards
//! what changes anything ([`guard`], [`limit`]), and lets one file of [`pages`] answer. Pages are
//! written on the server and work without JavaScript; texts are in [`texts`], one file a language.

mod answer;
mod assets;
mod companies;
mod cookies;
mod devices;
mod form;
mod guard;
mod layout;
mod limit;
mod methods;
mod once;
mod pages;
mod parts;
mod paths;
mod refusal;
mod routes;
mod scene;
mod shown;
mod texts;
mod times;

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;

use crate::accounts::Accounts;
use crate::domain::{Call, Clock};
use crate::mirror::Mirror;

pub use paths::{SEGMENTS, is_page, without_secrets};

/// Error of a request's body.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An answer; where somebody is signed in, their [`crate::domain::UserName`] is in its extensions.
pub type Answer = Response<Full<Bytes>>;

/// One request's company.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The client, or the last proxy that can be believed.
    pub client: IpAddr,
    /// Counts calls to clouds.
    pub call: Call,
    /// Path of the public address without a slash at its end.
    pub prefix: String,
}

/// The page.
pub struct Web {
    accounts: Arc<Accounts>,
    mirror: Arc<Mirror>,
    clock: Arc<dyn Clock>,
    limiter: limit::Limiter,
    used: once::Used,
}

impl Web {
    /// Works on these accounts, shows this copy.
    #[must_use]
    pub fn new(accounts: Arc<Accounts>, mirror: Arc<Mirror>, clock: Arc<dyn Clock>) -> Self {
        Self {
            accounts,
            mirror,
            clock,
            limiter: limit::Limiter::default(),
            used: once::Used::default(),
        }
    }

    /// Answers a request whose path is one of [`is_page`], or `/`. Its URI is the public one, the
    /// path without the prefix.
    pub async fn handle<B>(&self, visit: Visit, request: Request<B>) -> Answer
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let (parts, body) = request.into_parts();
        if let Some(asset) = assets::answer(&parts) {
            return asset;
        }
        let scene = match scene::Scene::of(self, visit, parts).await {
            Ok(scene) => scene,
            Err(error) => return refusal::without_scene(error),
        };
        let outcome = Box::pin(routes::answer(&scene, body)).await;
        let mut answer = outcome.unwrap_or_else(|refusal| refusal.answer(&scene));
        scene.dress(&mut answer);
        answer
    }
}
