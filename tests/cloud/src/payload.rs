//! Bodies of answers: whole, generated on the fly, slow, cut off or stalled.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

use crate::content::{Pattern, length, size};
use crate::traffic::Flight;

/// Most bytes of a generated file in one frame.
const FRAME: u64 = 64 * 1024;

/// The body of an answer.
#[derive(Default)]
pub(crate) struct Payload {
    source: Source,
    /// Bytes sent so far.
    sent: u64,
    trouble: Trouble,
    nap: Option<Pin<Box<Sleep>>>,
    /// What is sent has been flushed, the cut may follow.
    flushed: bool,
    /// Counts as in flight until the body is dropped.
    flight: Option<Flight>,
}

/// Where the bytes come from.
#[derive(Default)]
enum Source {
    #[default]
    Nothing,
    Whole(Bytes),
    Generated {
        pattern: Pattern,
        next: u64,
        end: u64,
    },
}

/// What goes wrong while a body is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Trouble {
    /// Nothing.
    #[default]
    None,
    /// The connection is cut after so many bytes.
    Cut(u64),
    /// After so many bytes none follow, and the connection stays.
    Stall(u64),
    /// Pieces of so many bytes with a pause before each.
    Slow { piece: u64, pause: Duration },
}

/// The connection is to be cut.
#[derive(Debug)]
pub(crate) struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("connection cut on purpose")
    }
}

impl std::error::Error for Cut {}

impl From<Bytes> for Payload {
    fn from(bytes: Bytes) -> Payload {
        Payload {
            source: Source::Whole(bytes),
            ..Payload::default()
        }
    }
}

impl Payload {
    /// `length` bytes of a generated file from `start`.
    pub(crate) fn generated(pattern: Pattern, start: u64, length: u64) -> Payload {
        Payload {
            source: Source::Generated {
                pattern,
                next: start,
                end: start + length,
            },
            ..Payload::default()
        }
    }

    /// The bytes, where the body holds them.
    pub(crate) fn whole(&self) -> Option<&Bytes> {
        match &self.source {
            Source::Whole(bytes) => Some(bytes),
            Source::Nothing | Source::Generated { .. } => None,
        }
    }

    /// Bytes still to send.
    pub(crate) fn left(&self) -> u64 {
        match &self.source {
            Source::Nothing => 0,
            Source::Whole(bytes) => size(bytes.len()),
            Source::Generated { next, end, .. } => end - next,
        }
    }

    /// The same body with trouble on its way.
    pub(crate) fn with_trouble(mut self, trouble: Trouble) -> Payload {
        self.trouble = trouble;
        self
    }

    /// Ends the body cleanly after `most` bytes.
    pub(crate) fn shortened(mut self, most: u64) -> Payload {
        match &mut self.source {
            Source::Nothing => {}
            Source::Whole(bytes) => bytes.truncate(length(most.min(size(bytes.len())))),
            Source::Generated { next, end, .. } => *end = (*next + most).min(*end),
        }
        self
    }

    /// Keeps the request in flight until the body is gone.
    pub(crate) fn carry(mut self, flight: Flight) -> Payload {
        self.flight = Some(flight);
        self
    }

    /// Most bytes the next frame may have; `None` waits, an error cuts.
    fn allowance(&mut self, context: &mut Context<'_>) -> Poll<Result<u64, Cut>> {
        match self.trouble {
            Trouble::None => Poll::Ready(Ok(FRAME)),
            Trouble::Cut(at) if self.sent >= at => self.cut(context),
            Trouble::Stall(at) if self.sent >= at => Poll::Pending,
            Trouble::Cut(at) | Trouble::Stall(at) => Poll::Ready(Ok(FRAME.min(at - self.sent))),
            Trouble::Slow { piece, pause } => {
                let nap = self
                    .nap
                    .get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
                std::task::ready!(nap.as_mut().poll(context));
                self.nap = None;
                Poll::Ready(Ok(piece.max(1)))
            }
        }
    }

    /// Cuts after one more round, in which the server flushes what it has.
    fn cut(&mut self, context: &Context<'_>) -> Poll<Result<u64, Cut>> {
        if self.flushed {
            return Poll::Ready(Err(Cut));
        }
        self.flushed = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn next(&mut self, most: u64) -> Bytes {
        let bytes = match &mut self.source {
            Source::Nothing => Bytes::new(),
            Source::Whole(bytes) if self.trouble == Trouble::None => std::mem::take(bytes),
            Source::Whole(bytes) => bytes.split_to(length(most.min(size(bytes.len())))),
            Source::Generated { pattern, next, end } => {
                let part = length(most.min(*end - *next));
                let bytes = pattern.bytes(*next, part);
                *next += size(part);
                bytes.into()
            }
        };
        self.sent += size(bytes.len());
        bytes
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let end = self.left() == 0 && matches!(self.trouble, Trouble::None | Trouble::Slow { .. });
        if end {
            return Poll::Ready(None);
        }
        let most = match std::task::ready!(self.allowance(context)) {
            Ok(most) => most,
            Err(cut) => return Poll::Ready(Some(Err(cut))),
        };
        if self.left() == 0 {
            // the trouble lies behind the last byte
            return match self.trouble {
                Trouble::Stall(_) => Poll::Pending,
                _ => Poll::Ready(None),
            };
        }
        let bytes = self.next(most);
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.left() == 0 && self.trouble == Trouble::None
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left())
    }
}
