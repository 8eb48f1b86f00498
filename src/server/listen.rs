//! Listeners, and the graceful end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::serve;
use super::handler::Handler;
use super::{Door, Front, Settings, Site};

/// Connections the system keeps waiting for us.
const BACKLOG: i32 = 1024;

/// How a server is told to end.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    /// Take nothing new, finish what runs.
    pub stop: CancellationToken,
    /// Drop everything.
    pub now: CancellationToken,
}

/// Opens a listener on each address; port 0 takes any free one. `[::]` also takes IPv4, unless
/// an IPv4 address with the same port is in the list.
pub fn bind(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, (SocketAddr, io::Error)> {
    let open = |address: &SocketAddr| {
        let twin = |other: &SocketAddr| other.is_ipv4() && other.port() == address.port();
        listen(*address, addresses.iter().any(twin)).map_err(|error| (*address, error))
    };
    addresses.iter().map(open).collect()
}

fn listen(address: SocketAddr, only_v6: bool) -> io::Result<TcpListener> {
    let domain = Domain::for_address(address);
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(only_v6)?;
    }
    // a restart must not wait for old connections to time out
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Serves until `shutdown.stop`, then finishes running requests, at most until the end timeout
/// or `shutdown.now`. Whether all of them could finish.
pub async fn run(
    listeners: Vec<TcpListener>,
    door: Arc<dyn Door>,
    front: Arc<dyn Front>,
    site: Arc<dyn Site>,
    settings: Settings,
    shutdown: Shutdown,
) -> bool {
    let limits = settings.limits;
    let handler = Arc::new(Handler::new(door, front, site, settings));
    let places = Arc::new(Semaphore::new(limits.connections));
    let tracker = TaskTracker::new();
    for listener in listeners {
        let accepting = accept(
            listener,
            Arc::clone(&handler),
            Arc::clone(&places),
            tracker.clone(),
            shutdown.clone(),
        );
        tracker.spawn(accepting);
    }
    shutdown.stop.cancelled().await;
    tracker.close();
    let finished = tokio::select! {
        done = timeout(limits.end_timeout, tracker.wait()) => done.is_ok(),
        () = shutdown.now.cancelled() => false,
    };
    shutdown.now.cancel();
    tracker.wait().await;
    finished
}

async fn accept(
    listener: TcpListener,
    handler: Arc<Handler>,
    places: Arc<Semaphore>,
    tracker: TaskTracker,
    shutdown: Shutdown,
) {
    loop {
        // a place is taken only once there is somebody to sit: several listeners share them
        let next = async {
            let accepted = listener.accept().await;
            (accepted, Arc::clone(&places).acquire_owned().await)
        };
        let (accepted, place) = tokio::select! {
            next = next => next,
            () = shutdown.stop.cancelled() => return,
        };
        match accepted {
            Ok((tcp, address)) => {
                let connection = serve(tcp, address, Arc::clone(&handler), shutdown.clone());
                tracker.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                // out of file descriptors: do not spin until some are free
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
