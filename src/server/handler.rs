//! One request: its address, its user, its answer.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use futures::FutureExt;
use http::header::{CONNECTION, EXPECT};
use http::uri::Scheme;
use http::{HeaderValue, Method, Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use tracing::Instrument;

use super::answer::{self, Sent};
use super::drain::drain;
use super::forwarded::Origin;
use super::head::{announced, credentials, for_page};
use super::record::{Ids, Record};
use super::uri::{publish, scheme};
use super::{Door, Front, RequestBody, Settings, Site};
use crate::accounts::SignIn;
use crate::dav::{Body, Visit};
use crate::domain::UserName;
use crate::web;

const REQUEST_ID: &str = "x-request-id";

/// Answers requests of all connections.
pub(super) struct Handler {
    door: Arc<dyn Door>,
    front: Arc<dyn Front>,
    site: Arc<dyn Site>,
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
    pub(super) fn new(
        door: Arc<dyn Door>,
        front: Arc<dyn Front>,
        site: Arc<dyn Site>,
        settings: Settings,
    ) -> Self {
        Self {
            door,
            front,
            site,
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
        let public = self.settings.public_url.as_ref();
        let path = public.map_or(request.uri().path(), |url| url.strip(request.uri().path()));
        let path = path.to_owned();
        let id = self.ids.next();
        // all lines written while the request is answered carry its id
        let span = tracing::error_span!("request", id);
        let mut record = Record::start(id, &request, &path, origin.client);
        let bodiless = request.method() == Method::HEAD;
        let version = request.version();
        let expects = request.headers().contains_key(EXPECT);
        let secure = scheme(&origin, peer.tls, public) == Scheme::HTTPS;
        let request = self.guard(publish(request, &path, &origin, peer.tls, public), &peer);
        let rest = request.body().share();

        let work = AssertUnwindSafe(self.route(request, &path, &origin, &mut record));
        let work = work.catch_unwind().instrument(span);
        let mut response = work.await.unwrap_or_else(|_| {
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
        if secure {
            answer::only_https(response.headers_mut());
        }
        Sent::wrap(response, record, bodiless)
    }

    async fn route(
        &self,
        request: Request<RequestBody>,
        path: &str,
        origin: &Origin,
        record: &mut Record,
    ) -> Response<Body> {
        if let Some(response) = self.open(&request, path, record).await {
            return response;
        }
        let authorization = credentials(request.headers());
        if for_page(request.method(), path, authorization.is_some()) {
            return self.page(request, origin, record).await;
        }
        if authorization.is_none() && request.method() == Method::OPTIONS {
            return self.front.options();
        }
        let caller = match self
            .door
            .sign_in(authorization.as_deref(), origin.client)
            .await
        {
            Ok(SignIn::In(caller)) => caller,
            Ok(SignIn::Missing | SignIn::Refused) => {
                return answer::challenge(self.door.takes_bearer());
            }
            Ok(SignIn::Slow { retry_after }) => return answer::slow(retry_after),
            Err(error) => {
                tracing::error!(error = error.chain(), "sign-in failed");
                return answer::trouble(&error);
            }
        };
        record.user = Some(caller.user.clone());
        let limit = self.body_limit(request.method());
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

    /// The page, which has a sign-in of its own.
    async fn page(
        &self,
        request: Request<RequestBody>,
        origin: &Origin,
        record: &mut Record,
    ) -> Response<Body> {
        let visit = web::Visit {
            client: origin.client,
            call: record.call.clone(),
            prefix: self.prefix().to_owned(),
        };
        let response = self.site.handle(visit, request).await;
        record.user = response.extensions().get::<UserName>().cloned();
        response.map(answer::whole)
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
            // the last: where DAVx⁵ goes on after Nextcloud's login flow
            "/.well-known/caldav" | "/.well-known/carddav" | "/remote.php/dav" => {
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
                tracing::error!(error = error.chain(), "store does not answer");
                answer::trouble(&error)
            }
        }
    }

    fn prefix(&self) -> &str {
        let public = self.settings.public_url.as_ref();
        public.map_or("", |url| url.prefix())
    }

    /// Largest body of a request; files are as large as the cloud takes them.
    fn body_limit(&self, method: &Method) -> u64 {
        match *method {
            Method::PUT => u64::MAX,
            _ => self.settings.limits.body_bytes,
        }
    }

    /// Puts limits on the request's body.
    fn guard(&self, request: Request<Incoming>, peer: &Peer) -> Request<RequestBody> {
        let limit = self.body_limit(request.method());
        let patience = self.settings.limits.body_timeout;
        request.map(|body| RequestBody::new(body, limit, patience, Arc::clone(&peer.unread)))
    }
}
