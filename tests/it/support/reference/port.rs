//! The ports over the cloud in memory.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use davbridge::domain::{
    Ability, ByteRange, Call, Changes, Content, Cursor, Drive, DriveId, Entry, EntryId, EntryKind,
    Error, Files, FilesAbility, Kind, Listing, Provider, ProviderName, Quota, Result, Unreadable,
    Version,
};
use futures::{StreamExt, stream};

use super::{DRIVE, NAME, Node, ROOT, Reference, at, number};

fn entry(id: u64, node: &Node) -> Entry {
    let kind = match &node.content {
        None => EntryKind::Folder,
        Some(content) => EntryKind::File {
            size: Some(content.len() as u64),
            content_type: None,
            version: Version::new(format!("{id}-{}", node.version)),
        },
    };
    Entry {
        id: EntryId::new(id.to_string()),
        parent: node.parent.map(|parent| EntryId::new(parent.to_string())),
        name: node.name.clone(),
        kind,
        modified: Some(node.modified),
        created: Some(at(0)),
    }
}

fn gone() -> Error {
    Error::cloud(Kind::NotFound, "no such entry")
}

/// The reference cloud as a signed-in account.
pub struct Account(pub Arc<Reference>);

#[async_trait]
impl Provider for Account {
    fn name(&self) -> ProviderName {
        NAME
    }

    async fn ability(&self, call: &Call) -> Result<Ability> {
        drop(self.0.begin(call)?);
        let files = FilesAbility {
            change_feed: self.0.feed,
            ..FilesAbility::default()
        };
        Ok(Ability {
            files: Some(files),
            ..Ability::default()
        })
    }

    fn files(&self) -> Option<Arc<dyn Files>> {
        Some(self.0.clone())
    }
}

#[async_trait]
impl Files for Reference {
    async fn roots(&self, call: &Call) -> Result<Vec<Drive>> {
        let state = self.begin(call)?;
        let drive = Drive {
            id: DriveId::new(DRIVE),
            name: "Reference drive".to_owned(),
            root: EntryId::new(ROOT),
            case_sensitive: self.case_sensitive,
            created: Some(at(0)),
        };
        Ok(if state.faults.no_drive {
            Vec::new()
        } else {
            vec![drive]
        })
    }

    async fn children(&self, call: &Call, _: &DriveId, folder: &EntryId) -> Result<Listing> {
        let slow = self.state().faults.slow;
        if let Some(slow) = slow {
            tokio::time::sleep(slow).await;
        }
        let state = self.begin(call)?;
        if let Some(kind) = state.faults.children {
            return Err(Error::cloud(kind, "planted"));
        }
        if let Some((_, kind)) = state
            .faults
            .children_of
            .as_ref()
            .filter(|(of, _)| of == folder)
        {
            return Err(Error::cloud(*kind, "planted"));
        }
        let node = state.nodes.get(&number(folder)).ok_or_else(gone)?;
        if node.content.is_some() {
            return Err(Error::cloud(Kind::Invalid, "not a folder"));
        }
        let mut listing = Listing::default();
        for (id, node) in &state.nodes {
            if node.parent != Some(number(folder)) {
                continue;
            }
            match &state.faults.unreadable {
                Some((bad, with_id)) if number(bad) == *id => listing.unreadable.push(Unreadable {
                    id: with_id.then(|| bad.clone()),
                    reason: "planted".to_owned(),
                }),
                _ => listing.entries.push(entry(*id, node)),
            }
        }
        Ok(listing)
    }

    async fn entry(&self, call: &Call, _: &DriveId, id: &EntryId) -> Result<Entry> {
        let state = self.begin(call)?;
        if let Some(kind) = state.faults.entry {
            return Err(Error::cloud(kind, "planted"));
        }
        let node = state.nodes.get(&number(id)).ok_or_else(gone)?;
        Ok(entry(number(id), node))
    }

    async fn read(
        &self,
        call: &Call,
        _: &DriveId,
        id: &EntryId,
        range: Option<ByteRange>,
    ) -> Result<Content> {
        let state = self.begin(call)?;
        let node = state.nodes.get(&number(id)).ok_or_else(gone)?;
        let bytes = node
            .content
            .clone()
            .ok_or_else(|| Error::cloud(Kind::Invalid, "a folder"))?;
        let total = bytes.len() as u64;
        let part = match range {
            None => bytes,
            Some(range) if range.last() < total => {
                let (first, last) = (
                    usize::try_from(range.first()).unwrap(),
                    usize::try_from(range.last()).unwrap(),
                );
                bytes.slice(first..=last)
            }
            Some(_) => return Err(Error::cloud(Kind::Changed, "shorter than the range")),
        };
        let cut = state.faults.cut_after.filter(|cut| *cut < part.len());
        let mut items: Vec<Result<Bytes>> = Vec::new();
        let whole = cut.map_or(part.clone(), |cut| part.slice(..cut));
        items.extend(
            whole
                .chunks(1000)
                .map(|chunk| Ok(Bytes::copy_from_slice(chunk))),
        );
        if cut.is_some() {
            items.push(Err(Error::cloud(Kind::Down, "cut off")));
        }
        Ok(Content {
            total: (!state.faults.no_total).then_some(total),
            version: None,
            stream: stream::iter(items).boxed(),
        })
    }

    async fn quota(&self, call: &Call, _: &DriveId) -> Result<Quota> {
        let state = self.begin(call)?;
        let used = state
            .nodes
            .values()
            .filter_map(|node| node.content.as_ref());
        let used = used.map(|content| content.len() as u64).sum();
        let total = Some(1 << 40);
        Ok(Quota { used, total })
    }

    async fn changes(&self, call: &Call, _: &DriveId, cursor: Option<&Cursor>) -> Result<Changes> {
        let state = self.begin(call)?;
        if !self.feed {
            return Err(Error::cloud(Kind::Unsupported, "no change feed"));
        }
        let now = Cursor::new(state.log.len().to_string());
        let from = match cursor {
            None => state.log.len(),
            Some(cursor) => cursor.as_str().parse().unwrap_or(usize::MAX),
        };
        if from < state.floor || from > state.log.len() {
            return Err(Error::cloud(Kind::StaleCursor, "unknown cursor"));
        }
        let changes = state.log[from..].to_vec();
        Ok(Changes {
            changes,
            cursor: now,
        })
    }
}
