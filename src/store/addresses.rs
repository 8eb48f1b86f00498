//! Addresses that are for ever: drive slugs and exposed file names.

use std::collections::HashSet;

use async_trait::async_trait;

use super::error::from_sqlx;
use super::{Store, slug};
use crate::domain::{Addresses, ConnectionId, DriveId, EntryId, Result};

#[async_trait]
impl Addresses for Store {
    async fn drive_slug(
        &self,
        connection: ConnectionId,
        drive: &DriveId,
        wish: &str,
    ) -> Result<String> {
        const KNOWN: &str =
            "SELECT slug FROM drive_slugs WHERE connection_id = $1 AND drive_id = $2";
        let known: Option<(String,)> = sqlx::query_as(KNOWN)
            .bind(connection.0)
            .bind(drive.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(from_sqlx)?;
        if let Some((slug,)) = known {
            return Ok(slug);
        }
        let mut tx = self.begin().await?;
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT drive_id, slug FROM drive_slugs WHERE connection_id = $1")
                .bind(connection.0)
                .fetch_all(&mut *tx)
                .await
                .map_err(from_sqlx)?;
        if let Some((_, slug)) = rows.iter().find(|(id, _)| id == drive.as_str()) {
            return Ok(slug.clone());
        }
        let taken: HashSet<_> = rows.into_iter().map(|(_, slug)| slug).collect();
        let slug = slug::free(&slug::slug(wish, "drive"), &taken);
        sqlx::query("INSERT INTO drive_slugs (connection_id, drive_id, slug) VALUES ($1, $2, $3)")
            .bind(connection.0)
            .bind(drive.as_str())
            .bind(&slug)
            .execute(&mut *tx)
            .await
            .map_err(from_sqlx)?;
        tx.commit().await.map_err(from_sqlx)?;
        Ok(slug)
    }

    async fn knows_drives(&self, connection: ConnectionId) -> Result<bool> {
        let row: Option<(String,)> =
            sqlx::query_as("SELECT slug FROM drive_slugs WHERE connection_id = $1 LIMIT 1")
                .bind(connection.0)
                .fetch_optional(&self.readers)
                .await
                .map_err(from_sqlx)?;
        Ok(row.is_some())
    }

    async fn file_names(
        &self,
        connection: ConnectionId,
        drive: &DriveId,
        folder: &EntryId,
    ) -> Result<Vec<(EntryId, String)>> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT entry_id, name FROM file_names \
             WHERE connection_id = $1 AND drive_id = $2 AND folder_id = $3 ORDER BY entry_id",
        )
        .bind(connection.0)
        .bind(drive.as_str())
        .bind(folder.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(from_sqlx)?;
        let named = rows.into_iter().map(|(id, name)| (EntryId::new(id), name));
        Ok(named.collect())
    }

    async fn keep_file_name(
        &self,
        connection: ConnectionId,
        drive: &DriveId,
        folder: &EntryId,
        entry: &EntryId,
        name: &str,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO file_names (connection_id, drive_id, folder_id, entry_id, name) \
             VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (connection_id, drive_id, folder_id, entry_id) DO NOTHING",
        )
        .bind(connection.0)
        .bind(drive.as_str())
        .bind(folder.as_str())
        .bind(entry.as_str())
        .bind(name)
        .execute(&self.writer)
        .await
        .map_err(from_sqlx)?;
        Ok(())
    }
}
