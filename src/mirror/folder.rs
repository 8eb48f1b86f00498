//! One folder's complete listing, with the names under which its entries are served.

use std::collections::HashMap;

use crate::domain::{Entry, EntryId, Listing};

use super::name_plan::NamePlan;
use super::names;

/// An entry and the name under which it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Path segment, decoded; NFC.
    pub name: String,
    /// The entry.
    pub entry: Entry,
}

/// A complete listing. Names are unique.
#[derive(Debug, Default)]
pub struct Folder {
    entries: Vec<Named>,
    by_name: HashMap<String, usize>,
    by_id: HashMap<EntryId, usize>,
    /// Lower-case names, where the drive does not tell case apart.
    by_fold: HashMap<String, usize>,
}

impl Folder {
    /// Names every entry of `listing`: names that are kept or were served before first, then plain
    /// names in order of age (id), then marked ones. Also gives the contested names that have to
    /// be kept from now on.
    pub(super) fn new(
        listing: Listing,
        kept: &[(EntryId, String)],
        before: Option<&Self>,
        case_sensitive: bool,
    ) -> (Self, Vec<(EntryId, String)>) {
        let known = known_names(kept, before);
        let names = NamePlan::make(&listing.entries, &known, case_sensitive);
        let mut folder = Self::default();
        let mut keep = Vec::new();
        for (entry, (name, contested)) in listing.entries.into_iter().zip(names) {
            if contested && !kept.iter().any(|(id, _)| *id == entry.id) {
                keep.push((entry.id.clone(), name.clone()));
            }
            folder.push(Named { name, entry }, case_sensitive);
        }
        (folder, keep)
    }

    fn push(&mut self, named: Named, case_sensitive: bool) {
        let at = self.entries.len();
        if !case_sensitive {
            self.by_fold.entry(named.name.to_lowercase()).or_insert(at);
        }
        self.by_name.insert(named.name.clone(), at);
        self.by_id.insert(named.entry.id.clone(), at);
        self.entries.push(named);
    }

    /// All entries in the cloud's order.
    #[must_use]
    pub fn entries(&self) -> &[Named] {
        &self.entries
    }

    /// The entry served under `name`: exact after NFC, then without case where the drive does
    /// not tell case apart.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Named> {
        let name = names::nfc(name);
        let at = self.by_name.get(&name).or_else(|| {
            (!self.by_fold.is_empty()).then(|| self.by_fold.get(&name.to_lowercase()))?
        })?;
        self.entries.get(*at)
    }

    /// The entry with this id.
    #[must_use]
    pub fn by_id(&self, id: &EntryId) -> Option<&Named> {
        self.entries.get(*self.by_id.get(id)?)
    }

    /// The same listing with one entry replaced by a newer reading; its name stays.
    pub(super) fn with(&self, entry: Entry) -> Self {
        let mut entries = self.entries.clone();
        if let Some(at) = self.by_id.get(&entry.id) {
            entries[*at].entry = entry;
        }
        Self {
            entries,
            by_name: self.by_name.clone(),
            by_id: self.by_id.clone(),
            by_fold: self.by_fold.clone(),
        }
    }

    /// Rough size in memory, in bytes.
    pub(super) fn weight(&self) -> u32 {
        let fixed = size_of::<Named>() + 2 * (size_of::<String>() + 24);
        let total: usize = self
            .entries
            .iter()
            .map(|named| fixed + 3 * named.name.len() + 220)
            .sum();
        u32::try_from(total + 256).unwrap_or(u32::MAX)
    }
}

fn known_names(kept: &[(EntryId, String)], before: Option<&Folder>) -> HashMap<EntryId, String> {
    let served = before
        .into_iter()
        .flat_map(|folder| &folder.entries)
        .map(|named| (named.entry.id.clone(), named.name.clone()));
    served.chain(kept.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EntryKind;

    fn entry(id: &str, name: &str) -> Entry {
        Entry {
            id: EntryId::new(id),
            parent: None,
            name: name.to_owned(),
            kind: EntryKind::Folder,
            modified: None,
            created: None,
        }
    }

    fn listing(entries: &[(&str, &str)]) -> Listing {
        Listing {
            entries: entries.iter().map(|(id, name)| entry(id, name)).collect(),
            unreadable: Vec::new(),
        }
    }

    fn names(folder: &Folder) -> Vec<&str> {
        folder
            .entries()
            .iter()
            .map(|named| named.name.as_str())
            .collect()
    }

    #[test]
    fn equal_after_nfc_is_told_apart_by_age() {
        let (folder, keep) = Folder::new(
            listing(&[("20", "U\u{308}.txt"), ("9", "Ü.txt")]),
            &[],
            None,
            true,
        );
        assert_eq!(names(&folder), ["Ü~20.txt", "Ü.txt"]);
        assert_eq!(keep.len(), 2);
        assert_eq!(
            folder.by_name("U\u{308}.txt").unwrap().entry.id.as_str(),
            "9"
        );
    }

    #[test]
    fn a_name_never_changes_because_another_appears() {
        let (_, keep) = Folder::new(
            listing(&[("20", "x.txt"), ("30", "x.txt")]),
            &[],
            None,
            true,
        );
        let (folder, _) = Folder::new(
            listing(&[("20", "x.txt"), ("30", "x.txt"), ("5", "x.txt")]),
            &keep,
            None,
            true,
        );
        assert_eq!(names(&folder), ["x.txt", "x~30.txt", "x~5.txt"]);
    }

    #[test]
    fn a_name_served_before_stays_without_being_kept() {
        let (before, keep) = Folder::new(listing(&[("20", "x.txt")]), &[], None, true);
        assert!(keep.is_empty());
        let (folder, keep) = Folder::new(
            listing(&[("5", "x.txt"), ("20", "x.txt")]),
            &[],
            Some(&before),
            true,
        );
        assert_eq!(names(&folder), ["x~5.txt", "x.txt"]);
        assert_eq!(keep.len(), 2);
    }

    #[test]
    fn a_renamed_entry_loses_its_kept_name() {
        let kept = [(EntryId::new("20"), "x.txt".to_owned())];
        let (folder, _) = Folder::new(
            listing(&[("20", "y.txt"), ("30", "x.txt")]),
            &kept,
            None,
            true,
        );
        assert_eq!(names(&folder), ["y.txt", "x.txt"]);
    }

    #[test]
    fn a_marked_name_that_exists_is_stepped_over() {
        let (folder, _) = Folder::new(
            listing(&[("1", "x"), ("2", "x"), ("0", "x~2")]),
            &[],
            None,
            true,
        );
        assert_eq!(names(&folder), ["x", "x~2~2", "x~2"]);
    }

    #[test]
    fn case_counts_only_where_the_drive_tells_it_apart() {
        let entries = [("1", "A"), ("2", "a")];
        let (sensitive, _) = Folder::new(listing(&entries), &[], None, true);
        assert_eq!(names(&sensitive), ["A", "a"]);
        assert!(sensitive.by_name("B").is_none());
        let (blind, _) = Folder::new(listing(&entries), &[], None, false);
        assert_eq!(names(&blind), ["A", "a~2"]);
        let (blind, _) = Folder::new(listing(&[("1", "Read.me")]), &[], None, false);
        assert_eq!(blind.by_name("READ.ME").unwrap().name, "Read.me");
    }
}
