//! Stand-in for the mirror's items until they are there.
#![allow(missing_docs)]

use std::ops::Deref;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::domain::{Call, Connection, Error, ItemKind, Kind, Result, Span, UserName};

/// A calendar or address book.
#[derive(Debug, Clone)]
pub struct Collection {
    pub id: i64,
    pub kind: ItemKind,
    pub slug: String,
    pub name: String,
    pub description: Option<String>,
    pub color: Option<String>,
    pub default: bool,
    pub connection: Connection,
}

/// State of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub incarnation: String,
    pub revision: u64,
    pub floor: u64,
}

/// One item without its text.
#[derive(Debug, Clone)]
pub struct Row {
    pub name: String,
    pub etag: String,
    pub size: u64,
    pub modified: DateTime<Utc>,
    pub created: DateTime<Utc>,
    pub uid: String,
}

/// All live items.
#[derive(Debug, Clone)]
pub struct Listing {
    pub head: Head,
    pub rows: Vec<Row>,
}

/// One item with its text.
#[derive(Debug, Clone)]
pub struct Member {
    pub row: Row,
    pub text: Arc<str>,
}

/// What changed.
#[derive(Debug, Clone)]
pub struct Delta {
    pub head: Head,
    pub changed: Vec<Row>,
    pub removed: Vec<String>,
    pub to: u64,
    pub more: bool,
}

/// What dav asks of the mirror.
#[async_trait]
pub trait Shelves: Send + Sync {
    async fn collections(
        &self,
        call: &Call,
        user: &UserName,
        kind: ItemKind,
    ) -> Result<Arc<[Arc<Collection>]>>;
    async fn collection(
        &self,
        call: &Call,
        user: &UserName,
        kind: ItemKind,
        slug: &str,
    ) -> Result<Arc<Collection>>;
    async fn head(&self, call: &Call, of: &Arc<Collection>) -> Result<Option<Head>>;
    async fn listing(&self, call: &Call, of: &Arc<Collection>) -> Result<Arc<Listing>>;
    async fn delta(
        &self,
        call: &Call,
        of: &Arc<Collection>,
        since: u64,
        limit: Option<usize>,
    ) -> Result<Delta>;
    async fn members(
        &self,
        call: &Call,
        of: &Arc<Collection>,
        names: &[String],
    ) -> Result<Vec<Member>>;
    async fn members_within(
        &self,
        call: &Call,
        of: &Arc<Collection>,
        span: Option<Span>,
    ) -> Result<Vec<Member>>;
}

/// No collections at all.
pub struct Nothing;

#[async_trait]
impl Shelves for Nothing {
    async fn collections(
        &self,
        _: &Call,
        _: &UserName,
        _: ItemKind,
    ) -> Result<Arc<[Arc<Collection>]>> {
        Ok(Arc::from([]))
    }
    async fn collection(
        &self,
        _: &Call,
        _: &UserName,
        _: ItemKind,
        _: &str,
    ) -> Result<Arc<Collection>> {
        Err(Error::client(
            Kind::NotFound,
            "there is nothing at this address",
        ))
    }
    async fn head(&self, _: &Call, _: &Arc<Collection>) -> Result<Option<Head>> {
        Ok(None)
    }
    async fn listing(&self, _: &Call, _: &Arc<Collection>) -> Result<Arc<Listing>> {
        Err(Error::cloud(Kind::Busy { retry_after: None }, "not yet"))
    }
    async fn delta(
        &self,
        _: &Call,
        _: &Arc<Collection>,
        _: u64,
        _: Option<usize>,
    ) -> Result<Delta> {
        Err(Error::cloud(Kind::Busy { retry_after: None }, "not yet"))
    }
    async fn members(&self, _: &Call, _: &Arc<Collection>, _: &[String]) -> Result<Vec<Member>> {
        Ok(Vec::new())
    }
    async fn members_within(
        &self,
        _: &Call,
        _: &Arc<Collection>,
        _: Option<Span>,
    ) -> Result<Vec<Member>> {
        Ok(Vec::new())
    }
}

/// The mirror with its items.
#[derive(Clone)]
pub struct Mirror {
    pub real: Arc<crate::mirror::Mirror>,
    pub shelves: Arc<dyn Shelves>,
}

impl Deref for Mirror {
    type Target = Arc<crate::mirror::Mirror>;

    fn deref(&self) -> &Self::Target {
        &self.real
    }
}

impl Mirror {
    pub async fn collections(
        &self,
        call: &Call,
        user: &UserName,
        kind: ItemKind,
    ) -> Result<Arc<[Arc<Collection>]>> {
        self.shelves.collections(call, user, kind).await
    }
    pub async fn collection(
        &self,
        call: &Call,
        user: &UserName,
        kind: ItemKind,
        slug: &str,
    ) -> Result<Arc<Collection>> {
        self.shelves.collection(call, user, kind, slug).await
    }
    pub async fn head(&self, call: &Call, of: &Arc<Collection>) -> Result<Option<Head>> {
        self.shelves.head(call, of).await
    }
    pub async fn listing(&self, call: &Call, of: &Arc<Collection>) -> Result<Arc<Listing>> {
        self.shelves.listing(call, of).await
    }
    pub async fn delta(
        &self,
        call: &Call,
        of: &Arc<Collection>,
        since: u64,
        limit: Option<usize>,
    ) -> Result<Delta> {
        self.shelves.delta(call, of, since, limit).await
    }
    pub async fn members(
        &self,
        call: &Call,
        of: &Arc<Collection>,
        names: &[String],
    ) -> Result<Vec<Member>> {
        self.shelves.members(call, of, names).await
    }
    pub async fn members_within(
        &self,
        call: &Call,
        of: &Arc<Collection>,
        span: Option<Span>,
    ) -> Result<Vec<Member>> {
        self.shelves.members_within(call, of, span).await
    }
}
