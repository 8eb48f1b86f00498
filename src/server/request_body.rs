//! The body of a request, with limits, and what is left of it after the answer.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep};

use crate::dav::BoxError;

/// The body of a request as it comes in. Silence and an excess of bytes are errors.
pub struct RequestBody {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    incoming: Incoming,
    ended: bool,
    left: u64,
    patience: Duration,
    silence: Pin<Box<Sleep>>,
    unread: Arc<AtomicBool>,
}

impl RequestBody {
    /// A body of at most `limit` bytes, silent for at most `patience`. While bytes of it are
    /// still to come, `unread` is true.
    pub(super) fn new(
        incoming: Incoming,
        limit: u64,
        patience: Duration,
        unread: Arc<AtomicBool>,
    ) -> Self {
        let ended = incoming.is_end_stream();
        unread.store(!ended, Ordering::Relaxed);
        let inner = Inner {
            incoming,
            ended,
            left: limit,
            patience,
            silence: Box::pin(sleep(patience)),
            unread,
        };
        Self {
            inner: Arc::new(Mutex::new(inner)),
        }
    }

    /// A second hand on the same bytes, to take what the first left.
    pub(super) fn share(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // a panic while polling leaves nothing half done that could be read wrongly
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn end(&mut self) {
        self.ended = true;
        self.unread.store(false, Ordering::Relaxed);
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let Poll::Ready(next) = Pin::new(&mut self.incoming).poll_frame(cx) else {
            ready!(self.silence.as_mut().poll(cx));
            return Poll::Ready(Some(Err("the request body stopped coming".into())));
        };
        let deadline = Instant::now() + self.patience;
        self.silence.as_mut().reset(deadline);
        let Some(frame) = next else {
            self.end();
            return Poll::Ready(None);
        };
        let frame = frame?;
        let count = frame.data_ref().map_or(0, |data| data.len() as u64);
        let Some(left) = self.left.checked_sub(count) else {
            return Poll::Ready(Some(Err("the request body is too large".into())));
        };
        self.left = left;
        if self.incoming.is_end_stream() {
            self.end();
        }
        Poll::Ready(Some(Ok(frame)))
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.lock().poll(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.lock().ended
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.lock();
        if inner.ended {
            SizeHint::with_exact(0)
        } else {
            inner.incoming.size_hint()
        }
    }
}
