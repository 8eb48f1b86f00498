//! Keeping what single readings gave.

use futures::StreamExt;

use super::look::Look;
use super::rows::{part_key, value_row};
use crate::domain::{Error, Found, Given, ItemId, Kind, Part, Reach, Result, ShelfId, Span, Step};
use crate::store::{NewPart, Stage};
use crate::text::Render;

/// Of so many rows of an item that was a single one it is asked whether they are there still.
const DOUBTFUL: usize = 4;

/// Where an item was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Here,
    /// On a shelf of another feed.
    Elsewhere,
}

impl<K: Render> Look<'_, K> {
    /// Keeps an item as it was read by itself. The inner error: it makes no sense, or could not
    /// be told for now.
    pub(super) async fn keep(
        &mut self,
        item: &ItemId,
        found: Found<K>,
    ) -> Result<Result<Place, Error>> {
        let mut shelves = found.shelves.iter();
        if !shelves.any(|shelf| self.feed.shelves.contains(shelf)) {
            self.leave_to_others(item, &found.shelves).await?;
            return Ok(Ok(Place::Elsewhere));
        }
        let (parts, uid) = match found.given {
            Given::Parts(parts) => (parts, None),
            Given::Master(master) => (vec![(Part::Master, *master)], None),
            Given::Text(text) => match K::read(&text) {
                Ok(foreign) => (foreign.parts, foreign.uid),
                Err(error) => {
                    let message = "an exported item cannot be read";
                    return Ok(Err(Error::cloud(Kind::Broken, message).because(error)));
                }
            },
            Given::Rows(parts) => {
                let kept = self.keep_rows(item, &parts, &found.shelves).await?;
                return Ok(kept.map(|()| Place::Here));
            }
        };
        let mut rows = rows(&parts, &found.shelves)?;
        let stamp = self.stamps.get(item).cloned().unwrap_or_default();
        for row in &mut rows {
            row.uid.clone_from(&uid);
            row.version.clone_from(&stamp);
        }
        let mut changes = vec![Stage::Fetched(item.clone(), rows)];
        let unseen = self.unseen.remove(item).into_iter().flatten();
        changes.extend(unseen.map(|part| Stage::Drop(item.clone(), part)));
        self.stage(&changes).await?;
        Ok(Ok(Place::Here))
    }

    /// Whether this says less of an item than what was read of it before.
    pub(super) async fn is_less(&self, item: &ItemId, found: &Found<K>) -> Result<bool> {
        if !matches!(found.given, Given::Master(_)) {
            return Ok(false);
        }
        let items = std::slice::from_ref(item);
        let stored = self.service.shared.store.parts_of(&self.key, items).await?;
        Ok(stored.iter().any(|part| part.fetched))
    }

    /// An item lies where another feed looks: it is gone here as soon as it is served there.
    async fn leave_to_others(&mut self, item: &ItemId, shelves: &[ShelfId]) -> Result<()> {
        let (service, connection) = (self.service, self.service.connection.id);
        let items = std::slice::from_ref(item);
        let store = &service.shared.store;
        let published = store.published(connection, K::KIND, items).await?;
        let known = service.list.known();
        let collections = known.iter().flat_map(|known| known.collections.iter());
        let there: Vec<i64> = collections
            .filter(|known| shelves.contains(&known.shelf))
            .map(|known| known.id)
            .collect();
        let served = published
            .iter()
            .any(|row| !row.removed && there.contains(&row.collection));
        let stranger = there.is_empty();
        // A shelf that the list does not tell twice is none of ours.
        if served || (stranger && !self.state.inner().strangers.insert(item.clone())) {
            self.gone.insert(item.clone());
            return self.stage(&[Stage::Forget(item.clone())]).await;
        }
        if stranger {
            service.list.outdate();
        }
        for feed in known.iter().flat_map(|known| known.feeds.iter()) {
            if feed.shelves.iter().any(|shelf| shelves.contains(shelf)) {
                let state = service.shared.feed(&service.key(feed));
                state.inner().outdate();
            }
        }
        Ok(())
    }

    /// There is no rule. One row: the item is where that row says. Several: a series whose
    /// instances are all there is, unless it was a single item that was just moved. Of a series
    /// that the look missed one row says nothing but that it is there.
    async fn keep_rows(
        &mut self,
        item: &ItemId,
        parts: &[(Part, K)],
        shelves: &[ShelfId],
    ) -> Result<Result<(), Error>> {
        let store = self.service.shared.store.clone();
        let items = std::slice::from_ref(item);
        let stored = store.parts_of(&self.key, items).await?.into_iter();
        let known: Vec<NewPart> = stored
            .filter(|part| !part.fetched)
            .map(|part| part.part)
            .collect();
        if !self.is_seen(item) && known.len() > 1 && self.is_of_series(item, &known, parts).await? {
            return Ok(Ok(()));
        }
        let several = match self.is_seen(item) && known.len() > 1 {
            true => self.are_several(item, &known, parts).await?,
            false => Ok(false),
        };
        let several = match several {
            Ok(several) => several,
            Err(error) => return Ok(Err(error)),
        };
        let mut changes = vec![Stage::Fetched(item.clone(), Vec::new())];
        if !several {
            let mut rows = rows(parts, shelves)?;
            for row in &mut rows {
                if let Some(known) = known.iter().find(|known| known.part == row.part) {
                    row.version.clone_from(&known.version);
                }
            }
            changes.push(Stage::Rows(item.clone(), rows));
        }
        self.stage(&changes).await?;
        Ok(Ok(()))
    }

    /// Whether the rows of an item are instances. An item that is moved while the windows are
    /// read is seen at its old begin and at its new one: where that may be, the cloud is asked
    /// for the rows again. The inner error: it could not be told.
    async fn are_several(
        &self,
        item: &ItemId,
        known: &[NewPart],
        told: &[(Part, K)],
    ) -> Result<Result<bool, Error>> {
        if self.is_series(item).await? || !self.windows || known.len() > DOUBTFUL {
            return Ok(Ok(true));
        }
        let told: Vec<String> = told
            .iter()
            .map(|(part, _)| part_key(part))
            .collect::<Result<_>>()?;
        for row in known.iter().filter(|row| !told.contains(&row.part)) {
            match self.is_still_told(item, row).await {
                Ok(true) => return Ok(Ok(true)),
                Ok(false) => {}
                Err(error) if error.wants_token() => return Err(error),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(false))
    }

    /// Whether the item is served as a series.
    async fn is_series(&self, item: &ItemId) -> Result<bool> {
        let (store, connection) = (&self.service.shared.store, self.service.connection.id);
        let items = std::slice::from_ref(item);
        let published = store.published(connection, K::KIND, items).await?;
        Ok(published.iter().any(|row| !row.removed && row.recurring))
    }

    /// Whether what a single reading told is an instance of the series that is served: one of its
    /// rows, or its begin before all that looks go over.
    async fn is_of_series(
        &self,
        item: &ItemId,
        known: &[NewPart],
        told: &[(Part, K)],
    ) -> Result<bool> {
        let (Reach::Near(span) | Reach::Full(span)) = self.service.reach(true);
        for (part, value) in told {
            let part = part_key(part)?;
            let earlier = value.span().is_some_and(|told| told.to <= span.from);
            if !earlier && known.iter().all(|row| row.part != part) {
                return Ok(false);
            }
        }
        self.is_series(item).await
    }

    async fn is_still_told(&self, item: &ItemId, row: &NewPart) -> Result<bool> {
        let Some((from, to)) = row.first.zip(row.last) else {
            return Ok(true);
        };
        let to = to.max(from + chrono::TimeDelta::seconds(1));
        let reach = Reach::Near(Span { from, to });
        let mut steps = self.items.look(self.call, self.feed, None, reach);
        let mut found = false;
        while let Some(step) = steps.next().await {
            match step? {
                Step::Seen(seen) if seen.item == *item => {
                    found |= part_key(&seen.part)? == row.part;
                }
                Step::Unreadable { item: of, .. } => found |= of.as_ref() == Some(item),
                Step::End(_) => return Ok(found),
                _ => {}
            }
        }
        Err(Error::cloud(Kind::Broken, "the look broke off"))
    }
}

fn rows<K: Render>(parts: &[(Part, K)], shelves: &[ShelfId]) -> Result<Vec<NewPart>> {
    let row = |(part, value): &(Part, K)| value_row(part, shelves.to_vec(), Some(value));
    parts.iter().map(row).collect()
}
