//! What other clients and the vendor do behind the API's back: changes for tests.

mod people;
mod pim;
mod pim_spec;
mod spec;

pub(crate) use pim::apply as apply_pim;
pub use pim_spec::PimEdit;
pub use spec::Edit;

use super::drive::edit::{Author, Dates};
use super::drive::node::{Content, Lock, Node};
use super::drive::tree::Drive;
use super::state::State;

/// Splits a path into that of the folder and the name.
fn split(path: &str) -> Result<(&str, &str), String> {
    path.rsplit_once('/')
        .ok_or_else(|| format!("not an absolute path: {path}"))
}

fn find<'a>(drive: &'a Drive, path: &str) -> Result<&'a Node, String> {
    drive.find(path).ok_or_else(|| format!("nothing at {path}"))
}

fn find_mut<'a>(drive: &'a mut Drive, path: &str) -> Result<&'a mut Node, String> {
    let id = find(drive, path)?.id;
    drive
        .nodes
        .get_mut(&id)
        .ok_or_else(|| format!("nothing at {path}"))
}

/// Applies a change to a drive; gives the id of the object it is about, 0 where there is none.
pub(crate) fn apply(state: &mut State, drive: u64, edit: &Edit) -> Result<u64, String> {
    if let Edit::Pim(edit) = edit {
        let id = apply_pim(state, edit)?;
        return Ok(id.as_u64().unwrap_or(0));
    }
    let now = state.tick();
    if *edit == Edit::DriveGone {
        state.drives.remove(&drive);
        return Ok(0);
    }
    let drive = state.drives.get_mut(&drive).ok_or("no such drive")?;
    let author = Author {
        user: drive.user,
        now,
    };
    match edit {
        Edit::DriveName { name } => drive.name.clone_from(name),
        Edit::DriveSize { size } => drive.size = *size,
        Edit::Maintenance { maintenance } => drive.maintenance.clone_from(maintenance),
        Edit::ExpireCursors => drive.log.expire(),
        _ => return tree(drive, edit, author),
    }
    Ok(0)
}

/// Changes of the tree.
fn tree(drive: &mut Drive, edit: &Edit, author: Author) -> Result<u64, String> {
    match edit {
        Edit::Write { .. } => write_edit(drive, edit, author),
        Edit::Folder { path } => {
            let (above, name) = split(path)?;
            let parent = find(drive, above)?.id;
            Ok(drive.create_folder(parent, name, author))
        }
        Edit::Move { path, to } => {
            let (id, parent) = (find(drive, path)?.id, find(drive, split(to)?.0)?.id);
            drive.shift(id, parent, split(to)?.1, author);
            Ok(id)
        }
        Edit::Copy { path, to } => {
            let (id, parent) = (find(drive, path)?.id, find(drive, split(to)?.0)?.id);
            Ok(drive.duplicate(id, parent, split(to)?.1, author))
        }
        Edit::Delete { path } => {
            let id = find(drive, path)?.id;
            drive.remove(id, author);
            Ok(id)
        }
        Edit::Purge { path } => {
            let id = find(drive, path)?.id;
            drive.destroy(id, author);
            Ok(id)
        }
        _ => marks(drive, edit, author),
    }
}

fn write_edit(drive: &mut Drive, edit: &Edit, author: Author) -> Result<u64, String> {
    let Edit::Write {
        path,
        text,
        size,
        last_modified_at,
    } = edit
    else {
        return Ok(0);
    };
    let content = match text {
        Some(text) => Content::Memory(text.clone().into()),
        None => Content::Generated {
            file: 0,
            version: 1,
            size: size.unwrap_or(1_000),
        },
    };
    let dates = Dates {
        created_at: None,
        last_modified_at: *last_modified_at,
    };
    write(drive, path, content, dates, author)
}

/// Writes a file at a path.
pub(crate) fn write(
    drive: &mut Drive,
    path: &str,
    content: Content,
    dates: Dates,
    author: Author,
) -> Result<u64, String> {
    let (above, name) = split(path)?;
    let parent = find(drive, above)?.id;
    match drive
        .child(parent, name)
        .map(|node| (node.id, node.is_folder()))
    {
        Some((_, true)) => Err(format!("a folder: {path}")),
        Some((id, false)) => {
            drive.replace(id, content, dates, author);
            Ok(id)
        }
        None => Ok(drive.create_file(parent, name, content, dates, author)),
    }
}

/// Changes of one object's texts and rights.
fn marks(drive: &mut Drive, edit: &Edit, author: Author) -> Result<u64, String> {
    match edit {
        Edit::Texts {
            path,
            name,
            mime,
            etag,
        } => {
            let node = find_mut(drive, path)?;
            node.updated_at = author.now;
            let (id, parent) = (node.id, node.parent);
            if let Some(file) = node.file_mut() {
                file.mime = mime.clone().or(file.mime.take());
                file.etag = etag.clone().or(file.etag.take());
            }
            if let Some(name) = name {
                drive.shift(id, parent, name, author);
            }
            Ok(id)
        }
        Edit::Lock { path, locked } => {
            let node = find_mut(drive, path)?;
            node.lock = locked.then(|| Lock {
                locked_at: author.now,
                unlocked_at: None,
                description: "Open in an editor".to_owned(),
                token: format!("lock-{}", node.id),
            });
            Ok(node.id)
        }
        Edit::ReadOnly { path, read_only } => {
            let node = find_mut(drive, path)?;
            node.read_only = *read_only;
            Ok(node.id)
        }
        _ => Ok(0),
    }
}

/// Gives a file new generated bytes; `size` or one byte more than before.
pub(crate) fn replace(state: &mut State, drive: u64, file: u64, size: Option<u64>) {
    let now = state.tick();
    let Some(drive) = state.drives.get_mut(&drive) else {
        return;
    };
    let before = drive.nodes.get(&file).map_or(0, Node::size);
    let content = Content::Generated {
        file,
        version: 1,
        size: size.unwrap_or(before + 1),
    };
    let author = Author {
        user: drive.user,
        now,
    };
    drive.replace(file, content, Dates::default(), author);
}
