//! Calendars and address books in memory, with the rules of the mirror: revisions, tombstones,
//! a first look that may be missing.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::DateTime;
use davbridge::dav::stub::{Collection, Delta, Head, Listing, Member, Row, Shelves};
use davbridge::domain::{Call, Error, ItemKind, Kind, Result, Span, UserName};

use super::bridge::{connection, user};

struct Stored {
    member: Member,
    revision: u64,
    removed: bool,
}

struct Shelf {
    collection: Arc<Collection>,
    items: Vec<Stored>,
    revision: u64,
    floor: u64,
    looked: bool,
}

impl Shelf {
    fn head(&self) -> Head {
        Head {
            incarnation: "k1".to_owned(),
            revision: self.revision,
            floor: self.floor,
        }
    }

    fn live(&self) -> impl Iterator<Item = &Stored> {
        self.items.iter().filter(|item| !item.removed)
    }
}

/// All collections of the user.
#[derive(Default)]
pub struct Library {
    shelves: Mutex<Vec<Shelf>>,
    /// Names read with their text.
    pub read: Mutex<Vec<String>>,
    /// Kind of trouble every question meets.
    pub trouble: Mutex<Option<Kind>>,
}

impl Library {
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// A collection whose first look is complete.
    pub fn shelf(&self, kind: ItemKind, slug: &str, name: &str) {
        let mut shelves = self.shelves.lock().unwrap();
        let collection = Collection {
            id: i64::try_from(shelves.len()).unwrap() + 1,
            kind,
            slug: slug.to_owned(),
            name: name.to_owned(),
            description: (kind == ItemKind::Event).then(|| "All of us".to_owned()),
            color: Some("#AA0033".to_owned()),
            default: shelves.is_empty(),
            connection: connection(davbridge::domain::ProviderName("ref")),
        };
        shelves.push(Shelf {
            collection: Arc::new(collection),
            items: Vec::new(),
            revision: 0,
            floor: 0,
            looked: true,
        });
    }

    /// As before the first complete look.
    pub fn forget(&self, slug: &str) {
        self.change(slug, |shelf| shelf.looked = false);
    }

    /// Puts or replaces an item.
    pub fn put(&self, slug: &str, name: &str, text: &str) {
        self.change(slug, |shelf| {
            shelf.items.retain(|item| item.member.row.name != name);
            shelf.revision += 1;
            let row = Row {
                name: name.to_owned(),
                etag: format!("{:x}-{}", text.len(), shelf.revision),
                size: text.len() as u64,
                modified: DateTime::from_timestamp(1_760_000_120, 0).unwrap(),
                created: DateTime::from_timestamp(1_760_000_000, 0).unwrap(),
                uid: name.to_owned(),
            };
            shelf.items.push(Stored {
                member: Member {
                    row,
                    text: text.into(),
                },
                revision: shelf.revision,
                removed: false,
            });
        });
    }

    /// Removes an item.
    pub fn remove(&self, slug: &str, name: &str) {
        self.change(slug, |shelf| {
            shelf.revision += 1;
            let revision = shelf.revision;
            let mut items = shelf.items.iter_mut();
            let item = items.find(|item| item.member.row.name == name).unwrap();
            item.removed = true;
            item.revision = revision;
            shelf.items.sort_by_key(|item| item.revision);
        });
    }

    /// Forgets tombstones up to a revision.
    pub fn raise_floor(&self, slug: &str, floor: u64) {
        self.change(slug, |shelf| shelf.floor = floor);
    }

    fn change<T>(&self, slug: &str, change: impl FnOnce(&mut Shelf) -> T) -> T {
        let mut shelves = self.shelves.lock().unwrap();
        let mut all = shelves.iter_mut();
        change(all.find(|shelf| shelf.collection.slug == slug).unwrap())
    }

    fn looked<T>(&self, of: &Collection, ask: impl FnOnce(&mut Shelf) -> T) -> Result<T> {
        self.works()?;
        self.change(&of.slug, |shelf| {
            let busy = Kind::Busy { retry_after: None };
            let not_yet = || Error::cloud(busy, "the first look is not complete");
            shelf.looked.then(|| ask(shelf)).ok_or_else(not_yet)
        })
    }

    fn works(&self) -> Result<()> {
        let trouble = *self.trouble.lock().unwrap();
        trouble.map_or(Ok(()), |kind| Err(Error::cloud(kind, "trouble")))
    }
}

fn nothing() -> Error {
    Error::client(Kind::NotFound, "there is nothing at this address")
}

#[async_trait]
impl Shelves for Library {
    async fn collections(
        &self,
        _: &Call,
        _: &UserName,
        kind: ItemKind,
    ) -> Result<Arc<[Arc<Collection>]>> {
        let shelves = self.shelves.lock().unwrap();
        let all = shelves.iter().map(|shelf| shelf.collection.clone());
        Ok(all.filter(|collection| collection.kind == kind).collect())
    }

    async fn collection(
        &self,
        call: &Call,
        owner: &UserName,
        kind: ItemKind,
        slug: &str,
    ) -> Result<Arc<Collection>> {
        assert_eq!(*owner, user());
        let all = self.collections(call, owner, kind).await?;
        let found = all.iter().find(|collection| collection.slug == slug);
        found.cloned().ok_or_else(nothing)
    }

    async fn head(&self, _: &Call, of: &Arc<Collection>) -> Result<Option<Head>> {
        self.works()?;
        Ok(self.change(&of.slug, |shelf| shelf.looked.then(|| shelf.head())))
    }

    async fn listing(&self, _: &Call, of: &Arc<Collection>) -> Result<Arc<Listing>> {
        self.looked(of, |shelf| {
            let rows = shelf.live().map(|item| item.member.row.clone()).collect();
            let head = shelf.head();
            Arc::new(Listing { head, rows })
        })
    }

    async fn delta(
        &self,
        _: &Call,
        of: &Arc<Collection>,
        since: u64,
        limit: Option<usize>,
    ) -> Result<Delta> {
        self.looked(of, |shelf| {
            let mut after: Vec<&Stored> = shelf.items.iter().collect();
            after.retain(|item| item.revision > since);
            let more = limit.is_some_and(|limit| after.len() > limit);
            after.truncate(limit.unwrap_or(usize::MAX));
            let last = after.last().map(|item| item.revision);
            let live = after.iter().filter(|item| !item.removed);
            let gone = after.iter().filter(|item| item.removed);
            Delta {
                head: shelf.head(),
                changed: live.map(|item| item.member.row.clone()).collect(),
                removed: gone.map(|item| item.member.row.name.clone()).collect(),
                to: last.filter(|_| more).unwrap_or(shelf.revision),
                more,
            }
        })
    }

    async fn members(
        &self,
        _: &Call,
        of: &Arc<Collection>,
        names: &[String],
    ) -> Result<Vec<Member>> {
        self.read.lock().unwrap().extend_from_slice(names);
        self.looked(of, |shelf| {
            let one = |name: &String| {
                let mut live = shelf.live();
                let found = live.find(|item| item.member.row.name == *name);
                found.map(|item| item.member.clone())
            };
            names.iter().filter_map(one).collect()
        })
    }

    async fn members_within(
        &self,
        _: &Call,
        of: &Arc<Collection>,
        _: Option<Span>,
    ) -> Result<Vec<Member>> {
        self.looked(of, |shelf| {
            shelf.live().map(|item| item.member.clone()).collect()
        })
    }
}
