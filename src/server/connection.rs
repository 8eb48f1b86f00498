//! One connection, from accept to close.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};

use super::handler::{Handler, Peer};
use super::listen::Shutdown;
use super::settings::Limits;
use super::socket::Socket;
use super::stream::Stream;

/// What an HTTP/2 client says first.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Bounds the memory a connection's head can take. Not lower: the same figure bounds the
/// buffer through which answers go out.
const HTTP1_BUFFER: usize = 128 * 1024;

/// Speaks HTTP on an accepted connection until it ends.
pub(super) async fn serve(
    tcp: TcpStream,
    address: SocketAddr,
    handler: Arc<Handler>,
    shutdown: Shutdown,
) {
    let limits = handler.settings().limits;
    let ready = timeout(limits.header_timeout, prepare(tcp, &handler));
    let opened = tokio::select! {
        opened = ready => opened,
        () = shutdown.stop.cancelled() => return,
    };
    let (socket, ahead, http2) = match opened {
        Ok(Ok(opened)) => opened,
        Ok(Err(error)) => return tracing::debug!(client = %address, %error, "connection failed"),
        Err(_) => return tracing::debug!(client = %address, "connection said nothing"),
    };
    let peer = Peer {
        address,
        tls: matches!(socket, Socket::Tls(_)),
        unread: Arc::new(AtomicBool::new(false)),
    };
    let stream = Stream::new(
        socket,
        ahead,
        limits.write_timeout,
        Arc::clone(&peer.unread),
    );
    tokio::select! {
        () = speak(stream, http2, peer, handler, &shutdown) => {}
        () = shutdown.now.cancelled() => {}
    }
}

/// The TLS handshake where there is one, and which HTTP the client speaks.
async fn prepare(tcp: TcpStream, handler: &Handler) -> io::Result<(Socket, Bytes, bool)> {
    tcp.set_nodelay(true)?;
    if let Some(tls) = &handler.settings().tls {
        let stream = tls.acceptor().accept(tcp).await?;
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        return Ok((Socket::Tls(Box::new(stream)), Bytes::new(), http2));
    }
    let mut tcp = tcp;
    let mut ahead = BytesMut::with_capacity(PREFACE.len());
    while ahead.len() < PREFACE.len() && PREFACE.starts_with(&ahead) {
        let mut rest = [0; PREFACE.len()];
        let want = PREFACE.len() - ahead.len();
        let count = tcp.read(&mut rest[..want]).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        ahead.extend_from_slice(&rest[..count]);
    }
    let http2 = ahead == PREFACE;
    Ok((Socket::Plain(tcp), ahead.freeze(), http2))
}

async fn speak(
    stream: Stream,
    http2: bool,
    peer: Peer,
    handler: Arc<Handler>,
    shutdown: &Shutdown,
) {
    let (limits, address) = (handler.settings().limits, peer.address);
    let running = Arc::new(Running::default());
    let service = {
        let running = Arc::clone(&running);
        service_fn(move |request| {
            let (handler, peer) = (Arc::clone(&handler), peer.clone());
            let busy = running.enter();
            async move {
                let response = handler.answer(peer, request).await;
                drop(busy);
                Ok::<_, Infallible>(response)
            }
        })
    };
    let builder = builder(http2, &limits);
    let mut connection = Box::pin(builder.serve_connection(TokioIo::new(stream), service));
    let mut idle = pin!(running.idle(limits.header_timeout));
    let mut ending = false;
    loop {
        tokio::select! {
            result = connection.as_mut() => {
                if let Err(error) = result {
                    tracing::debug!(client = %address, %error, "connection broke off");
                }
                return;
            }
            () = shutdown.stop.cancelled(), if !ending => ending = true,
            // HTTP/1.1 has its header timeout for this
            () = idle.as_mut(), if http2 && !ending => ending = true,
        }
        connection.as_mut().graceful_shutdown();
    }
}

fn builder(http2: bool, limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        // without a timer hyper's timeouts are silently off
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(HTTP1_BUFFER);
    builder
        .http2()
        .timer(TokioTimer::new())
        .adaptive_window(true)
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(limits.header_bytes)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20));
    if http2 {
        builder.http2_only()
    } else {
        builder.http1_only()
    }
}

/// Counts the requests of one connection.
#[derive(Default)]
struct Running {
    now: AtomicUsize,
    total: AtomicUsize,
}

struct Busy(Arc<Running>);

impl Running {
    fn enter(self: &Arc<Self>) -> Busy {
        self.now.fetch_add(1, Ordering::Relaxed);
        self.total.fetch_add(1, Ordering::Relaxed);
        Busy(Arc::clone(self))
    }

    /// Waits until no request was running, and none came, for `limit` to twice that. Requests
    /// whose answer is still going out do not count as running: a graceful end lets them finish.
    async fn idle(&self, limit: Duration) {
        let mut seen = None;
        loop {
            let total = self.total.load(Ordering::Relaxed);
            if self.now.load(Ordering::Relaxed) == 0 && seen == Some(total) {
                return;
            }
            seen = Some(total);
            sleep_until(Instant::now() + limit).await;
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}
