//! Larger sample trees.

use super::dice::Dice;
use super::names::{FIRST, FOLDERS, SECOND};
use super::{BORN, PRIVATE};
use crate::infomaniak::drive::tree::Drive;
use crate::options::Options;

/// The folder at a path below another, made where missing.
fn folder_at(drive: &mut Drive, parent: u64, path: &str) -> u64 {
    path.split('/').fold(parent, |folder, name| {
        let found = drive.child(folder, name).map(|node| node.id);
        found.unwrap_or_else(|| drive.add_folder(folder, name, BORN))
    })
}

/// `options.files` files with ordinary names in a tree of folders.
pub(super) fn realistic(drive: &mut Drive, options: &Options) {
    let mut dice = Dice::new(options.seed);
    for index in 0..u64::from(options.files) {
        let (path, extensions, usual) = dice.pick(FOLDERS);
        // beyond a few hundred files, folders get numbered subfolders
        let path = match index / 400 {
            0 => path.to_owned(),
            part => format!("{path}/Part {part}"),
        };
        let folder = folder_at(drive, PRIVATE, &path);
        let (one, two) = (dice.pick(FIRST), dice.pick(SECOND));
        let mut name = format!("{one} {two} {}.{}", index + 1, dice.pick(extensions));
        name[..1].make_ascii_uppercase();
        let age = dice.roll(8_000_000);
        let bytes = dice.roll(usual * 2);
        let id = drive.add_generated(folder, &name, bytes, BORN + age);
        if let Some(node) = drive.nodes.get_mut(&id).filter(|_| index % 3 == 0) {
            // brought along from a computer: older than its upload
            node.created_at = Some(BORN - dice.roll(90_000_000));
            node.last_modified_at = BORN - dice.roll(30_000_000);
        }
    }
}

/// A folder with many small files.
pub(super) fn many(drive: &mut Drive, name: &str, files: u64) {
    let folder = drive.add_folder(PRIVATE, name, BORN);
    for index in 0..files {
        let name = format!("file {index:05}.txt");
        drive.add_generated(folder, &name, index % 4_000, BORN + index);
    }
}

/// The folder `Wide`: `folders` folders below it, ten in each, a file here and there.
pub(super) fn wide(drive: &mut Drive, folders: usize) {
    let top = drive.add_folder(PRIVATE, "Wide", BORN);
    let mut made = vec![top];
    for index in 1..=folders {
        let parent = made[(index - 1) / 10];
        let id = drive.add_folder(parent, &format!("Folder {index:04}"), BORN);
        if index % 10 == 0 {
            drive.add_generated(id, "note.txt", 200, BORN);
        }
        made.push(id);
    }
}
