//! The sample drives, made from the seed alone.

pub(crate) mod dice;
mod names;
mod odd;
mod tree;

use std::collections::BTreeMap;

use super::drive::tree::{Drive, PRIVATE, SHARED, TEAM};
use super::people::{ANNA, BEN, BENS, COMPANY, FREE};
use crate::options::Options;

/// The drive on Anna's company account.
pub(crate) const FIRST: u64 = 598_431;
/// The drive on Anna's account on the free plan, without Common documents.
pub(crate) const SECOND: u64 = 598_502;
/// Ben's drive.
pub(crate) const BENS_DRIVE: u64 = 598_777;

/// When most sample objects were made, epoch seconds.
pub(crate) const BORN: u64 = 1_751_328_000;

/// All drives.
pub(crate) fn drives(options: &Options) -> BTreeMap<u64, Drive> {
    let mut drives = BTreeMap::new();
    for drive in [first(options), second(), bens()] {
        drives.insert(drive.id, drive);
    }
    drives
}

fn first(options: &Options) -> Drive {
    let mut drive = Drive::new(FIRST, "Muster kDrive", COMPANY, ANNA, true);
    drive.add_generated(PRIVATE, "readme.txt", 1_234, BORN);
    let work = drive.add_folder(PRIVATE, "Work", BORN);
    drive.add_generated(work, "offer.docx", 50_274, BORN);
    let team = drive.add_folder(TEAM, "Team", BORN);
    drive.add_generated(team, "minutes.md", 4_321, BORN);
    let shared = drive.add_folder(SHARED, "From Ben", BORN);
    drive.add_generated(shared, "recipe.pdf", 77_000, BORN);
    if let Some(node) = drive.nodes.get_mut(&shared) {
        node.read_only = true;
        node.created_by = Some(BEN);
    }
    odd::add(&mut drive);
    if options.big {
        let big = drive.add_folder(PRIVATE, "Big", BORN);
        drive.add_generated(big, "1 GiB.bin", 1 << 30, BORN);
        drive.add_generated(big, "5 GiB.bin", 5 << 30, BORN);
    }
    if options.hostile {
        odd::add_hostile(&mut drive);
    }
    if options.large {
        tree::many(&mut drive, "Thousand", 1_000);
        tree::many(&mut drive, "Ten thousand", 10_000);
    }
    if options.wide {
        tree::wide(&mut drive, 2_000);
    }
    tree::realistic(&mut drive, options);
    drive
}

fn second() -> Drive {
    let mut drive = Drive::new(SECOND, "Archive", FREE, ANNA, false);
    drive.size = 16_106_127_360;
    let old = drive.add_folder(PRIVATE, "Old", BORN);
    drive.add_generated(old, "taxes 2019.pdf", 350_000, BORN);
    drive
}

fn bens() -> Drive {
    let mut drive = Drive::new(BENS_DRIVE, "Ben kDrive", BENS, BEN, false);
    drive.add_generated(PRIVATE, "secret.txt", 42, BORN);
    drive
}
