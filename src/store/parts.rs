//! Parts of items as the cloud gave them, before they are joined into what is served.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::Store;
use super::error::from_sqlx;
use super::feeds::FeedKey;
use super::users::instant;
use crate::domain::{Error, ItemId, Kind, Result, ShelfId, Span};

/// Items asked for in one statement.
const CHUNK: usize = 200;

/// A row of a look, as known before: everything but its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPart {
    /// The item.
    pub item: ItemId,
    /// Which part, in the mirror's spelling.
    pub part: String,
    /// The cloud's version of it.
    pub version: String,
    /// A single reading tells more.
    pub more: bool,
    /// Not yet in the items.
    pub dirty: bool,
    /// The time it takes, where it takes any.
    pub first: Option<DateTime<Utc>>,
    /// First instant after it.
    pub last: Option<DateTime<Utc>>,
}

/// A part to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPart {
    /// Which part, in the mirror's spelling.
    pub part: String,
    /// The cloud's version of it; empty where it told none.
    pub version: String,
    /// A single reading tells more.
    pub more: bool,
    /// The time it takes, where it takes any.
    pub first: Option<DateTime<Utc>>,
    /// First instant after it.
    pub last: Option<DateTime<Utc>>,
    /// Shelves it lies on.
    pub shelves: Vec<ShelfId>,
    /// UID told with it.
    pub uid: Option<String>,
    /// Its value in the mirror's spelling.
    pub value: Option<String>,
}

/// A part as kept, with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPart {
    /// The item.
    pub item: ItemId,
    /// Whether it comes from a single reading.
    pub fetched: bool,
    /// The part.
    pub part: NewPart,
}

impl Store {
    /// The rows of some items that looks at a feed saw so far.
    pub async fn known_parts(&self, key: &FeedKey, items: &[ItemId]) -> Result<Vec<KnownPart>> {
        let mut found = Vec::new();
        for chunk in items.chunks(CHUNK) {
            let mut query = known(key);
            query.push(" AND item_id IN (");
            let mut list = query.separated(", ");
            for item in chunk {
                list.push_bind(item.as_str());
            }
            query.push(")");
            self.read_known(query, &mut found).await?;
        }
        Ok(found)
    }

    /// The rows that looks at a feed saw so far and that overlap `span`; without it all.
    pub async fn known_parts_within(
        &self,
        key: &FeedKey,
        span: Option<Span>,
    ) -> Result<Vec<KnownPart>> {
        let mut query = known(key);
        if let Some(span) = span {
            query.push(" AND first < ");
            query.push_bind(span.to.timestamp_micros());
            query.push(" AND last > ");
            query.push_bind(span.from.timestamp_micros());
        }
        let mut found = Vec::new();
        self.read_known(query, &mut found).await?;
        Ok(found)
    }

    async fn read_known(
        &self,
        mut query: QueryBuilder<Sqlite>,
        found: &mut Vec<KnownPart>,
    ) -> Result<()> {
        type Columns = (String, String, String, bool, bool, Option<i64>, Option<i64>);
        let rows: Vec<Columns> = query
            .build_query_as()
            .fetch_all(&self.readers)
            .await
            .map_err(from_sqlx)?;
        for (item, part, version, more, dirty, first, last) in rows {
            found.push(KnownPart {
                item: ItemId::new(item),
                part,
                version,
                more,
                dirty,
                first: first.map(instant).transpose()?,
                last: last.map(instant).transpose()?,
            });
        }
        Ok(())
    }

    /// All parts of some items of a feed, with their values.
    pub async fn parts_of(&self, key: &FeedKey, items: &[ItemId]) -> Result<Vec<StoredPart>> {
        let mut found = Vec::new();
        for chunk in items.chunks(CHUNK) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT item_id, source, part, version, more, first, last, shelves, uid, value \
                 FROM parts WHERE connection_id = ",
            );
            query.push_bind(key.connection.0).push(" AND kind = ");
            query.push_bind(key.kind.as_str()).push(" AND feed_id = ");
            query.push_bind(key.feed.as_str()).push(" AND item_id IN (");
            let mut list = query.separated(", ");
            for item in chunk {
                list.push_bind(item.as_str());
            }
            query.push(") ORDER BY item_id, source, part");
            let rows = query.build().fetch_all(&self.readers).await;
            for row in rows.map_err(from_sqlx)? {
                found.push(stored(&row)?);
            }
        }
        Ok(found)
    }

    /// Items of a feed with parts that are not yet in the items.
    pub async fn dirty_items(&self, key: &FeedKey) -> Result<Vec<ItemId>> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT DISTINCT item_id FROM parts \
             WHERE connection_id = $1 AND kind = $2 AND feed_id = $3 AND dirty = 1",
        )
        .bind(key.connection.0)
        .bind(key.kind.as_str())
        .bind(key.feed.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        Ok(rows.into_iter().map(|(item,)| ItemId::new(item)).collect())
    }

    /// All items of a feed of which parts are kept.
    pub async fn feed_items(&self, key: &FeedKey) -> Result<Vec<ItemId>> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT DISTINCT item_id FROM parts \
             WHERE connection_id = $1 AND kind = $2 AND feed_id = $3",
        )
        .bind(key.connection.0)
        .bind(key.kind.as_str())
        .bind(key.feed.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        Ok(rows.into_iter().map(|(item,)| ItemId::new(item)).collect())
    }
}

fn known(key: &FeedKey) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(
        "SELECT item_id, part, version, more, dirty, first, last FROM parts \
         WHERE source = 0 AND connection_id = ",
    );
    query.push_bind(key.connection.0).push(" AND kind = ");
    query.push_bind(key.kind.as_str()).push(" AND feed_id = ");
    query.push_bind(key.feed.as_str());
    query
}

fn stored(row: &SqliteRow) -> Result<StoredPart> {
    let time = |column| -> Result<Option<DateTime<Utc>>> {
        let micros: Option<i64> = row.try_get(column).map_err(from_sqlx)?;
        micros.map(instant).transpose()
    };
    let shelves: String = row.try_get("shelves").map_err(from_sqlx)?;
    let shelves: Vec<String> = serde_json::from_str(&shelves)
        .map_err(|error| Error::bridge(Kind::Down, "the store holds bad shelves").because(error))?;
    let (first, last) = (time("first")?, time("last")?);
    let read = || -> sqlx::Result<StoredPart> {
        let item: String = row.try_get("item_id")?;
        Ok(StoredPart {
            item: ItemId::new(item),
            fetched: row.try_get::<i64, _>("source")? == 1,
            part: NewPart {
                part: row.try_get("part")?,
                version: row.try_get("version")?,
                more: row.try_get("more")?,
                first,
                last,
                shelves: shelves.into_iter().map(ShelfId::new).collect(),
                uid: row.try_get("uid")?,
                value: row.try_get("value")?,
            },
        })
    };
    read().map_err(from_sqlx)
}
