//! Content of files, checked against what the listing said.

use std::sync::Arc;

use crate::domain::{ByteRange, Call, Content, EntryKind, Error, Kind, Result};

use super::Mirror;
use super::trouble::reading;
use super::walk::{Node, may_be_gone};

impl Mirror {
    /// The content of a file, or a range of it, from the cloud. `Changed` when the cloud tells
    /// another size or version than `node`: read the node anew ([`Self::reread`]) and judge again.
    pub async fn read(
        self: &Arc<Self>,
        call: &Call,
        node: &Node,
        range: Option<ByteRange>,
    ) -> Result<Content> {
        let EntryKind::File { size, version, .. } = &node.entry.kind else {
            return Err(Error::client(Kind::Unsupported, "a folder has no content"));
        };
        let drive = &node.drive;
        let files = drive.account.files();
        let content = files
            .read(call, &drive.drive.id, &node.entry.id, range)
            .await
            .map_err(reading);
        self.note(&drive.account, content.as_ref().map(|_| ()))
            .await;
        let content = match content {
            Err(error) => return Err(self.no_content(call, node, error).await),
            Ok(content) => content,
        };
        let other_size = content.total.is_some() && content.total != *size;
        let other_version = content.version.as_ref().is_some_and(|told| told != version);
        if other_size || other_version {
            return Err(Error::cloud(
                Kind::Changed,
                "the file is not the one that was listed",
            ));
        }
        Ok(content)
    }

    /// What it means that the cloud gives no content.
    async fn no_content(self: &Arc<Self>, call: &Call, node: &Node, error: Error) -> Error {
        match error.kind() {
            // Gone or shorter since it was listed: the reading that follows tells.
            Kind::NotFound => {
                Error::cloud(Kind::Changed, "the file's content is not there").because(error)
            }
            // Some clouds say so of what is gone.
            Kind::Forbidden => match self.reread(call, node).await {
                Err(gone) if gone.kind() == Kind::NotFound => gone,
                _ => error,
            },
            _ => error,
        }
    }

    /// Reads a node anew from the cloud and puts it into the copy. `NotFound` when it is gone.
    pub async fn reread(self: &Arc<Self>, call: &Call, node: &Node) -> Result<Node> {
        let drive = &node.drive;
        let entry = drive
            .account
            .files()
            .entry(call, &drive.drive.id, &node.entry.id)
            .await
            .map_err(reading);
        self.note(&drive.account, entry.as_ref().map(|_| ())).await;
        let entry = match entry {
            Err(error) if may_be_gone(&error) => {
                return Err(self.confirm_gone(call, node, error).await);
            }
            entry => entry?,
        };
        if let Some(folder) = &node.folder {
            let slot = self.folders.slot(&drive.key(folder)).await;
            if entry.name != node.entry.name || entry.parent != node.entry.parent {
                slot.doubt();
            } else if let Some(held) = slot.held() {
                slot.amend(&held.folder, held.folder.with(entry.clone()));
            }
        }
        Ok(Node {
            entry,
            ..node.clone()
        })
    }
}
