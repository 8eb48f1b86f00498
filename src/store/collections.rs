//! Calendars and address books: their addresses, what the cloud last told of them, their heads.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::{Sqlite, Transaction};

use super::error::from_sqlx;
use super::{Store, slug};
use crate::domain::{ConnectionId, ItemKind, Result, Shelf, ShelfId, UserName};

/// A calendar or address book as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionRow {
    /// Number, never used again.
    pub id: i64,
    /// The connection it belongs to.
    pub connection: ConnectionId,
    /// The cloud's id.
    pub shelf: ShelfId,
    /// Address part, unique per user, fixed for ever.
    pub slug: String,
    /// Name as the cloud told it last.
    pub name: String,
    /// Description as the cloud told it last.
    pub description: Option<String>,
    /// Colour as the cloud told it last.
    pub color: Option<String>,
    /// Whether it comes before others.
    pub default: bool,
    /// Proven to be there no more.
    pub gone: bool,
    /// Highest revision of its items.
    pub revision: i64,
    /// Revisions up to this one can no longer be told apart.
    pub floor: i64,
    /// Whether it was once looked at completely.
    pub complete: bool,
}

type Columns = (
    i64,
    i64,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    bool,
    bool,
    i64,
    i64,
    Option<i64>,
);

fn read(row: Columns) -> CollectionRow {
    let (
        id,
        connection,
        shelf,
        slug,
        name,
        description,
        color,
        default,
        gone,
        revision,
        floor,
        complete,
    ) = row;
    CollectionRow {
        id,
        connection: ConnectionId(connection),
        shelf: ShelfId::new(shelf),
        slug,
        name,
        description,
        color,
        default,
        gone,
        revision,
        floor,
        complete: complete.is_some(),
    }
}

const COLUMNS: &str = "SELECT id, connection_id, shelf_id, slug, name, description, color, \
     is_default, gone, revision, floor, complete FROM collections";

impl Store {
    /// Stands for the generation of a list of shelves that was restored from a backup.
    pub const RESTORED: i64 = -1;

    /// All collections of a kind of a connection, gone ones among them, in the cloud's order.
    pub async fn collections(
        &self,
        connection: ConnectionId,
        kind: ItemKind,
    ) -> Result<Vec<CollectionRow>> {
        let rows = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "{COLUMNS} WHERE connection_id = $1 AND kind = $2 ORDER BY position, id"
        )))
        .bind(connection.0)
        .bind(kind.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        Ok(rows.into_iter().map(read).collect())
    }

    /// When the list of shelves was last read completely, and under which generation;
    /// [`Store::RESTORED`] as long as it is a backup's, which may lack shelves.
    pub async fn shelf_list(
        &self,
        connection: ConnectionId,
        kind: ItemKind,
    ) -> Result<Option<(DateTime<Utc>, i64)>> {
        let row: Option<(i64, i64)> = sqlx::query_as(
            "SELECT looked, generation FROM shelf_lists WHERE connection_id = $1 AND kind = $2",
        )
        .bind(connection.0)
        .bind(kind.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(from_sqlx)?;
        row.map(|(looked, generation)| Ok((super::users::instant(looked)?, generation)))
            .transpose()
    }

    /// Keeps a complete list of shelves: what the cloud tells of each, an address for each new
    /// one, and which known ones are proven gone.
    pub async fn keep_shelves(
        &self,
        user: &UserName,
        connection: ConnectionId,
        kind: ItemKind,
        shelves: &[Shelf],
        gone: &[ShelfId],
        at: (DateTime<Utc>, i64),
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        for (position, shelf) in (0_i64..).zip(shelves) {
            keep_shelf(&mut tx, user, connection, kind, position, shelf).await?;
        }
        for shelf in gone {
            // Of one that is gone `complete` tells since when: Store::purge_tombstones.
            sqlx::query(
                "UPDATE collections SET gone = 1, complete = $4 \
                 WHERE connection_id = $1 AND kind = $2 AND shelf_id = $3 AND gone = 0",
            )
            .bind(connection.0)
            .bind(kind.as_str())
            .bind(shelf.as_str())
            .bind(at.0.timestamp_micros())
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        }
        sqlx::query(
            "INSERT INTO shelf_lists (connection_id, kind, looked, generation) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (connection_id, kind) \
             DO UPDATE SET looked = excluded.looked, generation = excluded.generation",
        )
        .bind(connection.0)
        .bind(kind.as_str())
        .bind(at.0.timestamp_micros())
        .bind(at.1)
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        sqlx::query("DELETE FROM list_problems WHERE connection_id = $1 AND kind = $2")
            .bind(connection.0)
            .bind(kind.as_str())
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)
    }

    /// Notes why a list of shelves could not be read; [`Store::keep_shelves`] forgets it.
    pub async fn note_list_problem(
        &self,
        connection: ConnectionId,
        kind: ItemKind,
        problem: &str,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO list_problems (connection_id, kind, problem) VALUES ($1, $2, $3) \
             ON CONFLICT (connection_id, kind) DO UPDATE SET problem = excluded.problem",
        )
        .bind(connection.0)
        .bind(kind.as_str())
        .bind(problem)
        .execute(&mut *tx)
        .await
        .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)
    }

    /// The kinds of a connection whose list of shelves could not be read the last time, and why.
    pub async fn list_problems(&self, connection: ConnectionId) -> Result<Vec<(String, String)>> {
        sqlx::query_as(
            "SELECT kind, problem FROM list_problems WHERE connection_id = $1 ORDER BY kind DESC",
        )
        .bind(connection.0)
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)
    }
}

/// One that was gone is looked at anew before it is served.
async fn keep_shelf(
    tx: &mut Transaction<'static, Sqlite>,
    user: &UserName,
    connection: ConnectionId,
    kind: ItemKind,
    position: i64,
    shelf: &Shelf,
) -> Result<()> {
    let known = sqlx::query(
        "UPDATE collections SET name = $4, description = $5, color = $6, is_default = $7, \
         position = $8, complete = CASE WHEN gone = 1 THEN NULL ELSE complete END, gone = 0 WHERE connection_id = $1 AND kind = $2 AND shelf_id = $3",
    )
    .bind(connection.0)
    .bind(kind.as_str())
    .bind(shelf.id.as_str())
    .bind(&shelf.name)
    .bind(&shelf.description)
    .bind(&shelf.color)
    .bind(shelf.default)
    .bind(position)
    .execute(&mut **tx)
    .await
    .map_err(from_sqlx)?;
    if known.rows_affected() > 0 {
        return Ok(());
    }
    let taken: Vec<(String,)> = sqlx::query_as("SELECT slug FROM collections WHERE user = $1")
        .bind(user.as_str())
        .fetch_all(&mut **tx)
        .await
        .map_err(from_sqlx)?;
    let taken = taken.into_iter().map(|(slug,)| slug);
    let taken: HashSet<_> = taken.chain([slug::HIDDEN.to_owned()]).collect();
    let fallback = match kind {
        ItemKind::Event => "calendar",
        ItemKind::Contact => "contacts",
    };
    sqlx::query(
        "INSERT INTO collections (user, connection_id, kind, shelf_id, slug, name, description, \
         color, is_default, position, gone, revision, floor) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0)",
    )
    .bind(user.as_str())
    .bind(connection.0)
    .bind(kind.as_str())
    .bind(shelf.id.as_str())
    .bind(slug::free(&slug::slug(&shelf.name, fallback), &taken))
    .bind(&shelf.name)
    .bind(&shelf.description)
    .bind(&shelf.color)
    .bind(shelf.default)
    .bind(position)
    .execute(&mut **tx)
    .await
    .map_err(from_sqlx)?;
    Ok(())
}
