//! What HTTP reads and writes: the socket, the bytes already taken from it, a limit on clients
//! that take nothing, and an end that does not destroy the last answer.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::socket::Socket;

/// How long, and how many bytes, a client may go on sending a body that nobody wants.
const LINGER: (Duration, usize) = (Duration::from_secs(5), 64 * 1024 * 1024);

/// A connection as hyper sees it.
pub(super) struct Stream {
    socket: Socket,
    /// Bytes read ahead to tell the protocol.
    ahead: Bytes,
    patience: Duration,
    timer: Pin<Box<Sleep>>,
    /// The timer runs because the client takes nothing.
    stalled: bool,
    /// Bytes of a request body are still to come.
    unread: Arc<AtomicBool>,
    /// Bytes thrown away at the end; `None` before the end.
    thrown: Option<usize>,
}

impl Stream {
    pub(super) fn new(
        socket: Socket,
        ahead: Bytes,
        patience: Duration,
        unread: Arc<AtomicBool>,
    ) -> Self {
        Self {
            socket,
            ahead,
            patience,
            timer: Box::pin(sleep(patience)),
            stalled: false,
            unread,
            thrown: None,
        }
    }

    /// Passes on what a write gave; silence of the client for too long is an error.
    fn watch<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = false;
            return written;
        }
        if !self.stalled {
            self.stalled = true;
            self.timer.as_mut().reset(Instant::now() + self.patience);
        }
        ready!(self.timer.as_mut().poll(cx));
        let message = "the client takes no bytes";
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, message)))
    }

    /// Reads and throws away what the client still sends. Closing on unread bytes would reset
    /// the connection, and the client might never see the answer (a 401 to a large PUT).
    fn linger(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut count = self.thrown.unwrap_or_else(|| {
            self.timer.as_mut().reset(Instant::now() + LINGER.0);
            0
        });
        let mut bytes = [0; 16 * 1024];
        while count < LINGER.1 && self.timer.as_mut().poll(cx).is_pending() {
            self.thrown = Some(count);
            let mut buffer = ReadBuf::new(&mut bytes);
            let read = Pin::new(self.socket.tcp()).poll_read(cx, &mut buffer);
            match ready!(read) {
                Ok(()) if !buffer.filled().is_empty() => count += buffer.filled().len(),
                _ => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.ahead.is_empty() {
            return Pin::new(&mut self.socket).poll_read(cx, buffer);
        }
        let count = self.ahead.len().min(buffer.remaining());
        buffer.put_slice(&self.ahead[..count]);
        self.ahead.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.watch(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(cx, slices);
        self.watch(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.socket).poll_flush(cx);
        self.watch(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.thrown.is_none() {
            let closed = Pin::new(&mut self.socket).poll_shutdown(cx);
            ready!(self.watch(cx, closed))?;
            if !self.unread.load(Ordering::Relaxed) {
                return Poll::Ready(Ok(()));
            }
        }
        self.linger(cx)
    }
}
