//! What a complete look did not see.

use std::collections::HashSet;

use chrono::TimeDelta;

use super::look::Look;
use crate::domain::{Covered, ItemId, Result, Span};
use crate::store::{KnownPart, Stage};
use crate::text::Render;

/// The zone in which a cloud takes the ends of a window is not certain.
const EDGE: TimeDelta = TimeDelta::days(1);

impl<K: Render> Look<'_, K> {
    /// Rows that are missing where the look was complete: dropped where the item was seen
    /// elsewhere; else the item itself is missed.
    pub(super) async fn missed(&mut self, covered: Covered) -> Result<HashSet<ItemId>> {
        let Some(span) = certain(covered) else {
            return Ok(HashSet::new());
        };
        let store = self.service.shared.store.clone();
        let mut missed = HashSet::new();
        let mut moved = Vec::new();
        for row in store.known_parts_within(&self.key, span).await? {
            let inside = span.is_none_or(|span| lies_inside(&row, span));
            let seen = self.seen.get(&row.item);
            // A record that cannot be read may be any row of its item.
            let unclear = self.present.contains(&row.item);
            if !inside || unclear || seen.is_some_and(|rows| rows.contains(&row.part)) {
                continue;
            }
            if seen.is_some() {
                moved.push(Stage::Drop(row.item, row.part));
            } else {
                missed.insert(row.item.clone());
                self.unseen.entry(row.item).or_default().push(row.part);
            }
        }
        if self.full && span.is_some() {
            moved.extend(self.older_rows().await?);
        }
        if !moved.is_empty() {
            self.stage(&moved).await?;
        }
        self.missed_live(span, &mut missed).await?;
        Ok(missed)
    }

    /// Other rows of series that were read whole and seen in the one row that stands for all: what
    /// they were told as before, with a begin that no window reaches.
    async fn older_rows(&self) -> Result<Vec<Stage>> {
        let one_row = |item: &&ItemId| self.seen.get(*item).is_some_and(|rows| rows.len() == 1);
        let certain = |item: &&ItemId| !self.present.contains(*item);
        let series = self.series.iter().filter(one_row).filter(certain);
        let series: Vec<ItemId> = series.cloned().collect();
        let store = &self.service.shared.store;
        let known = store.known_parts(&self.key, &series).await?.into_iter();
        let unseen = known.filter(|known| !self.seen[&known.item].contains(&known.part));
        let mut older: Vec<(ItemId, String)> =
            unseen.map(|known| (known.item, known.part)).collect();
        let items: Vec<ItemId> = older.iter().map(|(item, _)| item.clone()).collect();
        let parts = store.parts_of(&self.key, &items).await?.into_iter();
        let whole: HashSet<ItemId> = parts
            .filter(|part| part.fetched)
            .map(|part| part.item)
            .collect();
        older.retain(|(item, _)| whole.contains(item));
        let drop = |(item, part)| Stage::Drop(item, part);
        Ok(older.into_iter().map(drop).collect())
    }

    /// Served items that were not seen, by the time they take.
    async fn missed_live(&self, span: Option<Span>, missed: &mut HashSet<ItemId>) -> Result<()> {
        let store = &self.service.shared.store;
        for live in store.live_items(&self.ids(), span).await? {
            let counts = match (span, live.first, live.last) {
                (None, ..) => true,
                // A series has an instance in there, or looks at everything would be needed.
                (Some(_), ..) if live.recurring => self.full,
                (Some(span), Some(first), Some(last)) => span.contains(&Span {
                    from: first,
                    to: last,
                }),
                (Some(_), ..) => false,
            };
            if counts && !self.is_present(&live.item) {
                missed.insert(live.item);
            }
        }
        Ok(())
    }
}

/// The span in which missing means missing; `Some(None)`: everywhere.
fn certain(covered: Covered) -> Option<Option<Span>> {
    match covered {
        Covered::Nothing => None,
        Covered::All => Some(None),
        Covered::Range(span) => {
            let span = Span {
                from: span.from + EDGE,
                to: span.to - EDGE,
            };
            (span.from < span.to).then_some(Some(span))
        }
    }
}

fn lies_inside(row: &KnownPart, span: Span) -> bool {
    row.first.zip(row.last).is_some_and(|(from, to)| {
        let row = Span { from, to };
        span.contains(&row)
    })
}
