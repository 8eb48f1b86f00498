//! The listeners, and the way of a request through the simulation.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::control;
use crate::infomaniak::drive::feed::Wait;
use crate::infomaniak::gate;
use crate::infomaniak::routes::{self, Host, Params, Route, UNKNOWN};
use crate::infomaniak::state::{Addresses, State};
use crate::options::Options;
use crate::payload::Cut;
use crate::reply::Reply;
use crate::request::{Query, Request};
use crate::traffic::{Entry, Traffic};

/// Largest body taken, bytes: the vendor's limit for one upload and a little more.
const LARGEST: usize = (1 << 30) + 1024;

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) addresses: Arc<Addresses>,
    pub(crate) traffic: Traffic,
    state: Mutex<State>,
}

/// The tasks that accept connections; they end when this is dropped.
pub(crate) struct Listeners {
    #[expect(dead_code, reason = "aborts its tasks when dropped")]
    tasks: JoinSet<()>,
}

impl Shared {
    /// The one lock.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn reset(&self) {
        *self.state() = State::new(&self.options, Arc::clone(&self.addresses));
        self.traffic.reset();
    }
}

/// Binds both listeners and starts to accept.
pub(crate) async fn start(
    listen: SocketAddr,
    options: Options,
) -> std::io::Result<(Arc<Shared>, Listeners)> {
    let api = TcpListener::bind(listen).await?;
    let cdn = TcpListener::bind(SocketAddr::new(listen.ip(), 0)).await?;
    let addresses = Arc::new(Addresses {
        base: format!("http://{}", api.local_addr()?),
        cdn: format!("http://{}", cdn.local_addr()?),
    });
    let shared = Arc::new(Shared {
        state: Mutex::new(State::new(&options, Arc::clone(&addresses))),
        addresses,
        traffic: Traffic::default(),
        options,
    });
    let mut tasks = JoinSet::new();
    tasks.spawn(accept(api, None, Arc::clone(&shared)));
    tasks.spawn(accept(cdn, Some(Host::Cdn), Arc::clone(&shared)));
    Ok((shared, Listeners { tasks }))
}

async fn accept(listener: TcpListener, host: Option<Host>, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        // answers are one write each: nothing is gained by waiting for more
        let _ = stream.set_nodelay(true);
        connections.spawn(connection(stream, host, Arc::clone(&shared)));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, host: Option<Host>, shared: Arc<Shared>) {
    let service = service_fn(|request| serve(&shared, host, request));
    let mut http = http1::Builder::new();
    let http = http.timer(TokioTimer::new());
    // an error is a client that went away, or a cut on purpose
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

async fn serve(
    shared: &Shared,
    host: Option<Host>,
    request: hyper::Request<Incoming>,
) -> Result<Reply, Cut> {
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    let query = head.uri.query().unwrap_or_default();
    if host.is_none() && path.starts_with("/_control") {
        let body = collect(body).await?;
        return Ok(control::answer(shared, head.method.as_str(), &path, &body));
    }
    let split = match host {
        Some(host) => Some((host, path.as_str())),
        None => Host::split(&path),
    };
    let found = split.and_then(|(host, rest)| {
        let found = routes::find(host, head.method.as_str(), rest)?;
        Some((rest, found))
    });
    let route = found.as_ref().map_or(UNKNOWN, |found| found.1.0.key);
    let flight = shared.traffic.begin(route);
    let query = Query::parse(query);
    let body = collect(body).await?;
    let reply = match found {
        None => gate::unknown(),
        Some((rest, (route, params))) => {
            let request = Request {
                path: rest.to_owned(),
                query,
                headers: head.headers,
                body,
            };
            answer(shared, route, &params, &request).await
        }
    };
    note(shared, route, path, reply.status().as_u16());
    Ok(reply.map(|payload| payload.carry(flight)))
}

/// Asks the handler; for a long poll again, until there is something to tell or the time is over.
async fn answer(shared: &Shared, route: &Route, params: &Params<'_>, request: &Request) -> Reply {
    let ask = || gate::answer(&mut shared.state(), route, params.clone(), request);
    let reply = ask();
    let Some(Wait(most)) = reply.extensions().get().copied() else {
        return reply;
    };
    let end = Instant::now() + most;
    let mut changes = shared.state().pulse.subscribe();
    loop {
        let reply = ask();
        let waits = reply.extensions().get::<Wait>().is_some();
        if !waits || Instant::now() >= end {
            return reply;
        }
        // an error is the end of the time, or a reset
        if let Ok(Err(_)) = tokio::time::timeout_at(end, changes.changed()).await {
            return reply;
        }
    }
}

async fn collect(body: Incoming) -> Result<Bytes, Cut> {
    let body = Limited::new(body, LARGEST).collect().await;
    body.map(|body| body.to_bytes()).map_err(|_| Cut)
}

fn note(shared: &Shared, route: &'static str, mut path: String, status: u16) {
    if route.contains("{ticket}") {
        path.truncate(path.rfind('/').unwrap_or(0));
    }
    let entry = Entry {
        route,
        path,
        status,
    };
    shared.traffic.note(entry, shared.options.log);
}
