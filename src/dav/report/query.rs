//! calendar-query (RFC 4791 §7.8) and addressbook-query (RFC 6352 §8.6).

use std::sync::Arc;

use async_trait::async_trait;
use http::Response;

use crate::domain::{ItemKind, Result};
use crate::mirror::{Collection, Member, Row};

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

impl Dav {
    /// Answers a query, whatever the depth.
    pub(super) async fn query(&self, asking: &Asking<'_>) -> Result<Response<Body>, Refusal> {
        let (Thing::Shelf(shelf, _) | Thing::Item(shelf, _)) = &asking.target.thing else {
            return Err(Refusal::unsupported());
        };
        let frame = asking.frame(shelf)?;
        let filter = Filter::parse(asking, shelf.kind)?;
        let limit = limit(asking.root)?;
        let members = match &asking.target.thing {
            Thing::Item(_, item) => vec![item.clone()],
            _ => self.candidates(asking, shelf, &frame, &filter).await?,
        };
        let minimal = frame.minimal;
        let prefixes = frame.plan.prefixes.clone();
        let matches = Matches {
            frame,
            filter: Arc::new(filter),
            left: limit.unwrap_or(usize::MAX),
            members: members.into_iter(),
        };
        Ok(multistatus::respond(matches, &prefixes, minimal).await?)
    }

    /// Items that may pass; without their texts where nothing needs those.
    async fn candidates(
        &self,
        asking: &Asking<'_>,
        shelf: &Arc<Collection>,
        frame: &Frame,
        filter: &Filter,
    ) -> Result<Vec<Member>> {
        let call = &asking.visit.call;
        let span = match filter {
            Filter::All if frame.data.is_some() => None,
            Filter::All => {
                let listing = self.mirror.listing(call, shelf).await?;
                return Ok(without_texts(&listing.rows));
            }
            Filter::None => {
                self.mirror.listing(call, shelf).await?;
                return Ok(Vec::new());
            }
            Filter::Calendar(filter, _) => filter.span(),
            Filter::Card(_) => None,
        };
        self.mirror.members_within(call, shelf, span).await
    }
}

fn without_texts(rows: &[Row]) -> Vec<Member> {
    let text: Arc<str> = Arc::from("");
    let member = |row: &Row| Member {
        row: row.clone(),
        text: text.clone(),
    };
    rows.iter().map(member).collect()
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
    frame: Arc<Frame>,
    filter: Arc<Filter>,
    /// Items that may still be told.
    left: usize,
    members: std::vec::IntoIter<Member>,
}

#[async_trait]
impl Pieces for Matches {
    async fn next(&mut self, writer: &mut Writer) -> Result<bool> {
        let piece = self.frame.piece(PIECE);
        let members: Vec<Member> = self.members.by_ref().take(piece).collect();
        let (filter, left) = (self.filter.clone(), self.left);
        let heavy = filter.reads_texts();
        let write = move |frame: &Frame, writer: &mut Writer| {
            matching(frame, writer, &filter, &members, left)
        };
        let left = self.frame.write(writer, heavy, write).await?;
        self.left = left.unwrap_or_default();
        Ok(left.is_some() && self.members.len() > 0)
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
        if left == 0 {
            truncated(writer, &frame.base);
            return None;
        }
        left -= 1;
        frame.member(writer, member);
    }
    Some(left)
}
