//! The listeners and their connections, and outages of both.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::Utc;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::faults::Book;
use crate::infomaniak::routes::Host;
use crate::infomaniak::state::{Addresses, State};
use crate::options::Options;
use crate::pipeline;
use crate::traffic::Traffic;
use crate::vendors::Vendors;

/// How much of the cloud is away.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Outage {
    /// All is well.
    #[default]
    None,
    /// Connections are accepted and closed without an answer; control paths still work.
    Drop,
    /// Nothing listens and open connections are cut; control paths neither.
    Refuse,
}

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) addresses: Arc<Addresses>,
    pub(crate) traffic: Traffic,
    pub(crate) faults: Book,
    pub(crate) outage: watch::Sender<Outage>,
    /// How many ports an outage keeps closed.
    pub(crate) closed: watch::Sender<usize>,
    state: Mutex<State>,
    vendors: Mutex<Vendors>,
}

/// The tasks that accept connections; they end when this is dropped.
pub(crate) struct Listeners {
    #[expect(dead_code, reason = "aborts its tasks when dropped")]
    tasks: JoinSet<()>,
}

impl Shared {
    /// The lock of Infomaniak.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock of the other vendors.
    pub(crate) fn vendors(&self) -> MutexGuard<'_, Vendors> {
        self.vendors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets simulated time pass.
    pub(crate) fn pass(&self, seconds: u64) {
        self.state().advance(seconds);
        self.vendors().advance(seconds);
    }

    pub(crate) fn reset(&self) {
        *self.vendors() = Vendors::new(&self.options, &self.addresses);
        *self.state() = State::new(&self.options, Arc::clone(&self.addresses));
        self.faults.clear();
        self.traffic.reset();
        self.outage.send_replace(Outage::None);
    }
}

/// `http://host:port`; where every address is listened on, the loopback one stands for it.
fn url(local: SocketAddr) -> String {
    let host = match local.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => "127.0.0.1".to_owned(),
        IpAddr::V6(ip) if ip.is_unspecified() => "[::1]".to_owned(),
        IpAddr::V6(ip) => format!("[{ip}]"),
        IpAddr::V4(ip) => ip.to_string(),
    };
    format!("http://{host}:{}", local.port())
}

/// Binds both listeners and starts to accept.
pub(crate) async fn start(
    listen: SocketAddr,
    mut options: Options,
) -> std::io::Result<(Arc<Shared>, Listeners)> {
    // a reset must find the same events
    options.anchor = Some(options.anchor.unwrap_or_else(|| Utc::now().date_naive()));
    let api = TcpListener::bind(listen).await?;
    let cdn = TcpListener::bind(SocketAddr::new(listen.ip(), 0)).await?;
    let addresses = Arc::new(Addresses {
        base: url(api.local_addr()?),
        cdn: url(cdn.local_addr()?),
    });
    let shared = Arc::new(Shared {
        state: Mutex::new(State::new(&options, Arc::clone(&addresses))),
        vendors: Mutex::new(Vendors::new(&options, &addresses)),
        addresses,
        traffic: Traffic::default(),
        faults: Book::default(),
        outage: watch::Sender::new(Outage::None),
        closed: watch::Sender::new(0),
        options,
    });
    let mut tasks = JoinSet::new();
    tasks.spawn(listen_on(api, None, Arc::clone(&shared)));
    tasks.spawn(listen_on(cdn, Some(Host::Cdn), Arc::clone(&shared)));
    Ok((shared, Listeners { tasks }))
}

/// Accepts until an outage refuses connections, waits for its end, and so on.
async fn listen_on(first: TcpListener, host: Option<Host>, shared: Arc<Shared>) {
    let mut outage = shared.outage.subscribe();
    let Ok(local) = first.local_addr() else {
        return;
    };
    let mut listener = Some(first);
    loop {
        match listener.take() {
            Some(open) => {
                tokio::select! {
                    () = accept(&open, host, &shared) => {}
                    _ = outage.wait_for(|outage| *outage == Outage::Refuse) => {}
                }
                shared.closed.send_modify(|closed| *closed += 1);
            }
            None => {
                let held = hold(local);
                // without the port in hand, wait for it afterwards
                let away = |outage: &Outage| *outage != Outage::Refuse;
                if outage.wait_for(away).await.is_err() {
                    return;
                }
                listener = held.and_then(|socket| socket.listen(1024).ok());
                while listener.is_none() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    listener = TcpListener::bind(local).await.ok();
                }
                shared.closed.send_modify(|closed| *closed -= 1);
            }
        }
    }
}

/// Keeps the port without listening, so that connections are refused and nobody else takes it.
fn hold(local: SocketAddr) -> Option<TcpSocket> {
    let socket = match local {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    };
    let socket = socket.ok()?;
    socket.set_reuseaddr(true).ok()?;
    socket.bind(local).ok()?;
    Some(socket)
}

/// Serves connections; all are cut when this is dropped.
async fn accept(listener: &TcpListener, host: Option<Host>, shared: &Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        // answers are one write each: nothing is gained by waiting for more
        let _ = stream.set_nodelay(true);
        connections.spawn(connection(stream, host, Arc::clone(shared)));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, host: Option<Host>, shared: Arc<Shared>) {
    let service = service_fn(|request| pipeline::serve(&shared, host, request));
    let mut http = http1::Builder::new();
    let http = http.timer(TokioTimer::new());
    // an error is a client that went away, or a cut on purpose
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}
