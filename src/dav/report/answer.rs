//! The parts that answers to reports are made of.

use std::borrow::Cow;
use std::sync::Arc;

use crate::domain::{Error, ItemKind, Kind, Result};
use crate::mirror::{Member, Row, Turns};

use super::super::place;
use super::super::props::{Plan, Resource, What};
use super::super::scene::Stage;
use super::super::xml::Writer;
use super::data::Data;

/// Items of one piece where their texts have to be worked out: a series may have very many
/// instances.
const HEAVY_PIECE: usize = 8;

/// What every part of one answer shares.
pub(super) struct Frame {
    pub(super) stage: Stage,
    pub(super) plan: Plan,
    /// Whether the answer leaves out what is missing.
    pub(super) minimal: bool,
    pub(super) kind: ItemKind,
    /// Absolute path of the collection, with a slash at its end.
    pub(super) base: String,
    /// How the text of items is told; `None`: not at all.
    pub(super) data: Option<Data>,
    /// At what has to be worked out.
    pub(super) turns: Arc<Turns>,
}

impl Frame {
    /// Items of one piece, `most` where texts are told as they are.
    pub(super) fn piece(&self, most: usize) -> usize {
        if self.is_heavy() { HEAVY_PIECE } else { most }
    }

    /// Whether texts have to be worked out.
    fn is_heavy(&self) -> bool {
        self.data.as_ref().is_some_and(Data::is_worked_out)
    }

    /// Writes items; where texts have to be worked out, or the writing is `heavy` itself, off the
    /// threads that serve requests and in turns. `Busy` of the bridge where no turn comes.
    pub(super) async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        writer: &mut Writer,
        heavy: bool,
        write: impl FnOnce(&Self, &mut Writer) -> T + Send + 'static,
    ) -> Result<T> {
        if !heavy && !self.is_heavy() {
            return Ok(write(self, writer));
        }
        let turn = self.turns.next().await?;
        let (frame, mut own) = (Arc::clone(self), std::mem::replace(writer, Writer::new()));
        let working = tokio::task::spawn_blocking(move || {
            let outcome = write(&frame, &mut own);
            drop(turn);
            (own, outcome)
        });
        let (own, outcome) = working.await.map_err(|error| {
            Error::bridge(Kind::Broken, "texts are not worked out").because(error)
        })?;
        *writer = own;
        Ok(outcome)
    }

    /// The address of an item.
    pub(super) fn href(&self, name: &str) -> String {
        let mut href = String::with_capacity(self.base.len() + name.len() + 16);
        href.push_str(&self.base);
        place::push_segment(&mut href, name);
        href
    }

    /// An item with its text.
    pub(super) fn member(&self, writer: &mut Writer, member: &Member) {
        let data = self.data.as_ref().and_then(|data| data.of(&member.text));
        self.item(writer, &member.row, data);
    }

    /// An item.
    pub(super) fn item(&self, writer: &mut Writer, row: &Row, data: Option<Cow<'_, str>>) {
        let what = What::Item(self.kind, row);
        let resource = Resource {
            data,
            ..Resource::plain(self.href(&row.name), Cow::Borrowed(&row.name), what)
        };
        self.plan.write(writer, &self.stage.scene(), &resource);
    }
}

/// A resource that is not there, or not any more.
pub(super) fn missing(writer: &mut Writer, href: &str) {
    writer.open("D:response");
    writer.text("D:href", href);
    writer.text("D:status", "HTTP/1.1 404 Not Found");
    writer.close("D:response");
}

/// There is more than was asked for (RFC 6578 §3.6, RFC 6352 §8.6.2).
pub(super) fn truncated(writer: &mut Writer, collection: &str) {
    writer.open("D:response");
    writer.text("D:href", collection);
    writer.text("D:status", "HTTP/1.1 507 Insufficient Storage");
    writer.open("D:error");
    writer.empty("D:number-of-matches-within-limits");
    writer.close("D:error");
    writer.close("D:response");
}
