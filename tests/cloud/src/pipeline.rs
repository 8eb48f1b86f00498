//! The way of a request: route, faults, body, handler, faults again.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use tokio::time::Instant;

use crate::control;
use crate::faults::{self, Kind, Seen};
use crate::infomaniak::drive::cursor::Cursor;
use crate::infomaniak::drive::feed::Wait;
use crate::infomaniak::gate;
use crate::infomaniak::outside;
use crate::infomaniak::routes::{self, Host, Route, UNKNOWN};
use crate::infomaniak::sample;
use crate::payload::Cut;
use crate::reply::Reply;
use crate::request::{Query, Request};
use crate::server::{Outage, Shared};
use crate::template::Params;
use crate::traffic::Entry;
use crate::vendors::{self, Style};

/// Largest body taken, bytes: the vendor's limit for one upload and a little more.
const LARGEST: usize = (1 << 30) + 1024;

/// Answers a request; an error closes the connection without an answer.
pub(crate) async fn serve(
    shared: &Arc<Shared>,
    host: Option<Host>,
    request: hyper::Request<Incoming>,
) -> Result<Reply, Cut> {
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    let method = head.method.as_str();
    if host.is_none() && path.starts_with("/_control") {
        let body = collect(body).await?;
        let query = Query::parse(head.uri.query().unwrap_or_default());
        return Ok(control::answer(shared, method, path, &query, &body));
    }
    let split = match host {
        Some(host) => Some((host, path)),
        None => Host::split(path),
    };
    let found = find(split, method, path);
    let route = found.key();
    if *shared.outage.borrow() != Outage::None {
        return Err(Cut);
    }
    let flight = shared.traffic.begin(route);
    let mut request = Request {
        path: split.map_or(path, |split| split.1).to_owned(),
        query: Query::parse(head.uri.query().unwrap_or_default()),
        headers: head.headers,
        body: Bytes::new(),
    };
    let struck = strike(shared, route, &request);
    request.body = collect(body).await?;
    let reply = with_faults(shared, found, &mut request, &struck).await;
    let status = reply.as_ref().map_or(0, |reply| reply.status().as_u16());
    note(shared, route, path.to_owned(), status);
    Ok(reply?.map(|payload| payload.carry(flight)))
}

/// The faults that strike a call.
fn strike(shared: &Shared, route: &str, request: &Request) -> Vec<Kind> {
    let cursor = request.query.get("cursor").and_then(Cursor::read);
    let page = cursor.map_or(1, |cursor| cursor.page);
    let path = &request.path;
    shared.faults.strike(Seen { route, path, page })
}

/// What a request is for.
enum Found<'p> {
    Nothing,
    Infomaniak(&'static Route, Params<'p>),
    Vendor(vendors::Found<'p>),
}

fn find<'p>(split: Option<(Host, &'p str)>, method: &str, path: &'p str) -> Found<'p> {
    if let Some((host, rest)) = split {
        let row = routes::find(host, method, rest);
        return row.map_or(Found::Nothing, |(route, params)| {
            Found::Infomaniak(route, params)
        });
    }
    vendors::find(method, path).map_or(Found::Nothing, Found::Vendor)
}

impl Found<'_> {
    fn key(&self) -> &'static str {
        match self {
            Found::Nothing => UNKNOWN,
            Found::Infomaniak(route, _) => route.key,
            Found::Vendor(found) => found.key(),
        }
    }

    fn style(&self) -> Style {
        match self {
            Found::Nothing | Found::Infomaniak(..) => Style::Infomaniak,
            Found::Vendor(found) => found.style(),
        }
    }
}

/// Runs the handler amid the faults of the call.
async fn with_faults(
    shared: &Shared,
    found: Found<'_>,
    request: &mut Request,
    struck: &[Kind],
) -> Result<Reply, Cut> {
    let mut instead = None;
    for kind in struck {
        match kind {
            Kind::Latency { ms } => tokio::time::sleep(Duration::from_millis(*ms)).await,
            Kind::Drop => return Err(Cut),
            Kind::IgnoreRange => drop(request.headers.remove("range")),
            _ => before(shared, &found, request, kind),
        }
        instead = instead.or_else(|| faults::instead(kind, found.style()));
    }
    let reply = match (instead, found) {
        (Some(reply), _) => reply,
        (None, Found::Nothing) => gate::unknown(),
        (None, Found::Infomaniak(route, params)) => answer(shared, route, &params, request).await,
        (None, Found::Vendor(found)) => found.answer(&mut shared.vendors(), request),
    };
    Ok(struck.iter().fold(reply, faults::spoil))
}

/// What a fault changes before the handler runs.
fn before(shared: &Shared, found: &Found<'_>, request: &Request, kind: &Kind) {
    let id = |index: usize| match found {
        Found::Infomaniak(_, params) => params.id(index),
        Found::Nothing | Found::Vendor(_) => 0,
    };
    match kind {
        Kind::Revoke => {
            let token = request.bearer().unwrap_or_default();
            match found {
                Found::Vendor(found) => shared.vendors().book(found.vendor()).revoke(token),
                Found::Nothing | Found::Infomaniak(..) => {
                    shared.state().tokens.remove(token);
                }
            }
        }
        Kind::Replace { size } => {
            outside::replace(&mut shared.state(), id(0), id(1), *size);
        }
        Kind::Edit { drive, edit } => {
            let drive = drive.unwrap_or(sample::FIRST);
            // a change that cannot be made changes nothing; setting faults checks their form
            let _ = outside::apply(&mut shared.state(), drive, edit);
        }
        _ => {}
    }
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
    if route.contains("{ticket}") || route.contains("{token}") {
        // what stands in its place opens a file or an upload
        route.clone_into(&mut path);
    }
    let entry = Entry {
        route,
        path,
        status,
    };
    shared.traffic.note(entry, shared.options.log);
}
