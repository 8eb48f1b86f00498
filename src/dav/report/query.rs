//! calendar-query (RFC 4791 §7.8) and addressbook-query (RFC 6352 §8.6).

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use http::Response;

use crate::domain::{Call, ItemKind, Result};
use crate::mirror::{Collection, Listing, Member, Mirror, Row};

use super::super::Dav;
use super::super::body::Body;
use super::super::multistatus::{self, Pieces};
use super::super::target::Thing;
use super::super::xml::Writer;
use super::Asking;
use super::answer::{Frame, truncated};
use super::filter::{CalendarFilter, CardFilter, Times, zone};
use super::limit::limit;
use super::refusal::Refusal;

/// Items looked at for one piece.
const PIECE: usize = 250;
/// The same where their texts are read.
const READ_PIECE: usize = 100;

impl Dav {
    /// Answers a query, whatever the depth.
    pub(super) async fn query(&self, asking: &Asking<'_>) -> Result<Response<Body>, Refusal> {
        let (Thing::Shelf(shelf, _) | Thing::Item(shelf, _)) = &asking.target.thing else {
            return Err(Refusal::unsupported());
        };
        let frame = asking.frame(self, shelf)?;
        let filter = Filter::parse(asking, shelf.kind)?;
        let limit = limit(asking.root)?;
        let minimal = frame.minimal;
        let prefixes = frame.plan.prefixes.clone();
        let matches = Matches {
            candidates: self.candidates(asking, shelf, &filter).await?,
            mirror: self.mirror.clone(),
            call: asking.visit.call.clone(),
            shelf: shelf.clone(),
            frame,
            filter: Arc::new(filter),
            left: limit.unwrap_or(usize::MAX),
            at: 0,
        };
        Ok(multistatus::respond(matches, &prefixes, minimal).await?)
    }

    /// Items that may pass: all of one state of the collection.
    async fn candidates(
        &self,
        asking: &Asking<'_>,
        shelf: &Arc<Collection>,
        filter: &Filter,
    ) -> Result<Candidates> {
        let call = &asking.visit.call;
        if let Thing::Item(_, item) = &asking.target.thing {
            return Ok(Candidates::One(item.clone()));
        }
        if let Filter::Calendar(filter, _) = filter
            && let Some(span) = filter.span()
        {
            let names = self.mirror.names_within(call, shelf, span).await?;
            return Ok(Candidates::Names(names));
        }
        let listing = self.mirror.listing(call, shelf).await?;
        Ok(match filter {
            Filter::None => Candidates::Names(Vec::new()),
            _ => Candidates::All(listing),
        })
    }
}

/// Items that may pass. Their texts are read piece by piece, so that no answer needs more memory
/// or time at the store than a piece: one that changes meanwhile is told in its newer form, one
/// that is removed is left out. Nothing is told twice, and nothing is missing that was there all
/// the time.
enum Candidates {
    One(Member),
    Names(Vec<String>),
    All(Arc<Listing>),
}

impl Candidates {
    fn len(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Names(names) => names.len(),
            Self::All(listing) => listing.rows.len(),
        }
    }

    fn names(&self, piece: Range<usize>) -> Vec<String> {
        match self {
            Self::One(member) => vec![member.row.name.clone()],
            Self::Names(names) => names[piece].to_vec(),
            Self::All(listing) => {
                let rows = listing.rows[piece].iter();
                rows.map(|row| row.name.clone()).collect()
            }
        }
    }
}

/// The filter of a query.
enum Filter {
    /// Everything passes.
    All,
    /// Nothing can pass.
    None,
    Calendar(CalendarFilter, Times),
    Card(CardFilter),
}

impl Filter {
    fn parse(asking: &Asking<'_>, kind: ItemKind) -> Result<Self, Refusal> {
        match kind {
            ItemKind::Event => {
                let filter = CalendarFilter::parse(asking.root)?;
                Ok(match filter.constant() {
                    Some(true) => Self::All,
                    Some(false) => Self::None,
                    None => {
                        let zone = zone(asking.root);
                        Self::Calendar(filter, Times { zone })
                    }
                })
            }
            ItemKind::Contact => {
                let filter = CardFilter::parse(asking.root)?;
                Ok(if filter.is_empty() {
                    Self::All
                } else {
                    Self::Card(filter)
                })
            }
        }
    }

    fn reads_texts(&self) -> bool {
        matches!(self, Self::Calendar(..) | Self::Card(_))
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Calendar(filter, times) => filter.matches(text, times),
            Self::Card(filter) => filter.matches(text),
        }
    }
}

struct Matches {
    mirror: Arc<Mirror>,
    call: Call,
    shelf: Arc<Collection>,
    frame: Arc<Frame>,
    filter: Arc<Filter>,
    /// Items that may still be told.
    left: usize,
    candidates: Candidates,
    /// Candidates looked at.
    at: usize,
}

#[async_trait]
impl Pieces for Matches {
    async fn next(&mut self, writer: &mut Writer) -> Result<bool> {
        let heavy = self.filter.reads_texts();
        let size = self.frame.piece(if heavy { READ_PIECE } else { PIECE });
        let end = (self.at + size).min(self.candidates.len());
        let piece = self.at..end;
        self.at = end;
        let members = self.members(piece, heavy).await?;
        let (filter, left) = (self.filter.clone(), self.left);
        let write = move |frame: &Frame, writer: &mut Writer| {
            matching(frame, writer, &filter, &members, left)
        };
        let left = self.frame.write(writer, heavy, write).await?;
        self.left = left.unwrap_or_default();
        Ok(left.is_some() && end < self.candidates.len())
    }
}

impl Matches {
    /// Candidates; without their texts where nothing needs those.
    async fn members(&self, piece: Range<usize>, heavy: bool) -> Result<Vec<Member>> {
        match &self.candidates {
            Candidates::One(member) => return Ok(vec![member.clone()]),
            Candidates::All(listing) if !heavy && self.frame.data.is_none() => {
                let text: Arc<str> = Arc::from("");
                let member = |row: &Row| Member {
                    row: row.clone(),
                    text: text.clone(),
                };
                return Ok(listing.rows[piece].iter().map(member).collect());
            }
            _ => {}
        }
        let names = self.candidates.names(piece);
        if names.is_empty() {
            return Ok(Vec::new());
        }
        self.mirror.members(&self.call, &self.shelf, &names).await
    }
}

/// Writes those that pass, at most `left`; how many more may be told, `None` where one was left
/// out.
fn matching(
    frame: &Frame,
    writer: &mut Writer,
    filter: &Filter,
    members: &[Member],
    mut left: usize,
) -> Option<usize> {
    for member in members {
        if !filter.matches(&member.text) {
            continue;
        }
        let data = frame.data.as_ref().map(|data| data.of(&member.text));
        if data == Some(None) {
            // It has no instance to be told.
            continue;
        }
        if left == 0 {
            truncated(writer, &frame.base);
            return None;
        }
        left -= 1;
        frame.item(writer, &member.row, data.flatten());
    }
    Some(left)
}
