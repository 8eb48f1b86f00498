//! One request: its address, its user, its answer.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use futures::FutureExt;
use http::header::{AUTHORIZATION, CONNECTION, CONTENT_LENGTH, EXPECT, HOST};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};
use hyper::body::Incoming;

use super::answer::{self, Sent};
use super::drain::drain;
use super::forwarded::Origin;
use super::record::{Ids, Record};
use super::{Door, Front, RequestBody, Settings};
use crate::accounts::SignIn;
use crate::dav::{Body, Visit};

const REQUEST_ID: &str = "x-request-id";

/// Answers requests of all connections.
pub(super) struct Handler {
    door: Arc<dyn Door>,
    front: Arc<dyn Front>,
    settings: Settings,
    ids: Ids,
}

/// The connection a request came on.
#[derive(Clone)]
pub(super) struct Peer {
    /// The other end.
    pub(super) address: SocketAddr,
    /// Whether we speak TLS on it.
    pub(super) tls: bool,
    /// Whether bytes of a request body are still to come.
    pub(super) unread: Arc<AtomicBool>,
}

impl Handler {
    pub(super) fn new(door: Arc<dyn Door>, front: Arc<dyn Front>, settings: Settings) -> Self {
        Self {
            door,
            front,
            settings,
            ids: Ids::new(),
        }
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Answers one request; never fails.
    pub(super) async fn answer(&self, peer: Peer, request: Request<Incoming>) -> Response<Sent> {
        let trusted = &self.settings.trusted_proxies;
        let origin = Origin::of(request.headers(), peer.address, trusted);
        let path = self.own_path(request.uri()).to_owned();
        let id = self.ids.next();
        let mut record = Record::start(id, &request, &path, origin.client);
        let bodiless = request.method() == Method::HEAD;
        let version = request.version();
        let expects = request.headers().contains_key(EXPECT);

        let limits = &self.settings.limits;
        let limit = match *request.method() {
            Method::PUT => u64::MAX,
            _ => limits.body_bytes,
        };
        let request = request.map(|incoming| {
            RequestBody::new(
                incoming,
                limit,
                limits.body_timeout,
                Arc::clone(&peer.unread),
            )
        });
        let rest = request.body().share();
        let request = self.public(request, &path, &origin, peer.tls);

        let work = AssertUnwindSafe(self.route(request, &path, limit, &origin, &mut record));
        let mut response = work.catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!(id = record.id, "panic while answering");
            answer::text(StatusCode::INTERNAL_SERVER_ERROR, "Internal error.\n")
        });
        // with `Expect` the client waits for our word before it sends: reading would give it
        let read = http_body::Body::is_end_stream(&rest) || (!expects && drain(rest).await);
        if !read && version < Version::HTTP_2 {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        if let Ok(id) = HeaderValue::from_str(&record.id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        Sent::wrap(response, record, bodiless)
    }

    async fn route(
        &self,
        request: Request<RequestBody>,
        path: &str,
        limit: u64,
        origin: &Origin,
        record: &mut Record,
    ) -> Response<Body> {
        if let Some(response) = self.open(&request, path, record).await {
            return response;
        }
        let authorization = credentials(request.headers());
        if authorization.is_none() && request.method() == Method::OPTIONS {
            return self.front.options();
        }
        let caller = match self
            .door
            .sign_in(authorization.as_deref(), origin.client)
            .await
        {
            Ok(SignIn::In(caller)) => caller,
            Ok(SignIn::Missing | SignIn::Refused) => return answer::challenge(),
            Ok(SignIn::Slow { retry_after }) => return answer::slow(retry_after),
            Err(error) => {
                tracing::error!(id = record.id, error = error.chain(), "sign-in failed");
                return answer::trouble();
            }
        };
        record.user = Some(caller.user.clone());
        if announced(request.headers()).is_some_and(|length| length > limit) {
            return answer::text(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large.\n");
        }
        let visit = Visit {
            caller,
            call: record.call.clone(),
            prefix: self.prefix().to_owned(),
        };
        self.front.handle(visit, request).await
    }

    /// What everybody may ask, and what nobody may.
    async fn open(
        &self,
        request: &Request<RequestBody>,
        path: &str,
        record: &mut Record,
    ) -> Option<Response<Body>> {
        let headers = request.headers();
        let size: usize = headers
            .iter()
            .map(|(k, v)| k.as_str().len() + v.len())
            .sum();
        if size > self.settings.limits.header_bytes as usize {
            return Some(answer::text(
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "The headers are too large.\n",
            ));
        }
        match path.strip_suffix('/').unwrap_or(path) {
            "/.well-known/caldav" | "/.well-known/carddav" => {
                Some(answer::moved(&format!("{}/dav/", self.prefix())))
            }
            "/healthz" => Some(self.health(request.method(), record).await),
            "*" if request.method() == Method::OPTIONS => Some(self.front.options()),
            _ if !path.starts_with('/') => {
                Some(answer::text(StatusCode::BAD_REQUEST, "Not a path.\n"))
            }
            _ => None,
        }
    }

    async fn health(&self, method: &Method, record: &mut Record) -> Response<Body> {
        if method != Method::GET && method != Method::HEAD {
            return answer::only("GET, HEAD");
        }
        match self.door.check().await {
            Ok(()) => {
                record.hush();
                answer::text(StatusCode::OK, "ok\n")
            }
            Err(error) => {
                tracing::error!(
                    id = record.id,
                    error = error.chain(),
                    "store does not answer"
                );
                answer::trouble()
            }
        }
    }

    fn prefix(&self) -> &str {
        let public = self.settings.public_url.as_ref();
        public.map_or("", |url| url.prefix())
    }

    fn own_path<'u>(&self, uri: &'u Uri) -> &'u str {
        let public = self.settings.public_url.as_ref();
        public.map_or(uri.path(), |url| url.strip(uri.path()))
    }

    /// The request with the public URI: scheme and host from the public address, else from the
    /// proxy, else from the request; the path without the prefix.
    fn public<B>(
        &self,
        mut request: Request<B>,
        path: &str,
        origin: &Origin,
        tls: bool,
    ) -> Request<B> {
        let public = self.settings.public_url.as_ref();
        let scheme = public.map(|url| url.scheme().clone());
        let scheme = scheme.or_else(|| origin.scheme.clone());
        let scheme = scheme.unwrap_or(if tls { Scheme::HTTPS } else { Scheme::HTTP });
        let authority = public.map(|url| url.authority().clone());
        let authority = authority
            .or_else(|| origin.authority.clone())
            .or_else(|| asked_host(&request));
        let mut parts = http::uri::Parts::default();
        parts.path_and_query = path_and_query(path, request.uri().query());
        if authority.is_some() && parts.path_and_query.is_some() && path.starts_with('/') {
            parts.scheme = Some(scheme);
            parts.authority = authority;
        }
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
        request
    }
}

fn asked_host<B>(request: &Request<B>) -> Option<Authority> {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse().ok());
    request.uri().authority().cloned().or(host)
}

fn path_and_query(path: &str, query: Option<&str>) -> Option<PathAndQuery> {
    match query {
        Some(query) => format!("{path}?{query}").parse().ok(),
        None => path.parse().ok(),
    }
}

/// The Authorization header; several at once are none that could be good.
fn credentials(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let first = values.next()?;
    if values.next().is_some() {
        return Some(String::new());
    }
    Some(String::from_utf8_lossy(first.as_bytes()).into_owned())
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
