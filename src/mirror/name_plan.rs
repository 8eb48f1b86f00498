//! Which name each entry of a folder gets: known ones first, then by age.

use std::collections::{HashMap, HashSet};

use crate::domain::{Entry, EntryId};

use super::names;

/// Names given so far.
pub(super) struct NamePlan {
    taken: HashSet<String>,
    case_sensitive: bool,
}

impl NamePlan {
    /// Each entry's name, and whether another entry claims the same plain name. `known` are the
    /// names entries had so far.
    pub(super) fn make(
        entries: &[Entry],
        known: &HashMap<EntryId, String>,
        case_sensitive: bool,
    ) -> Vec<(String, bool)> {
        let mut plan = Self {
            taken: HashSet::new(),
            case_sensitive,
        };
        let plain: Vec<String> = entries
            .iter()
            .map(|entry| names::served(&entry.name))
            .collect();
        let mut given = plan.give_known(entries, &plain, known);
        let mut by_age: Vec<usize> = (0..entries.len())
            .filter(|at| given[*at].is_none())
            .collect();
        by_age.sort_by_key(|at| (entries[*at].id.as_str().len(), entries[*at].id.as_str()));
        for at in by_age {
            given[at] = Some(plan.claim(&plain[at], &entries[at].id));
        }
        let claims = plan.count_claims(&plain);
        given
            .into_iter()
            .zip(&plain)
            .map(|(name, plain)| {
                let name = name.expect("every entry without a known name was given one above");
                (name, claims[&plan.key(plain)] > 1)
            })
            .collect()
    }

    /// A known name stands as long as the entry is still called so in the cloud.
    fn give_known(
        &mut self,
        entries: &[Entry],
        plain: &[String],
        known: &HashMap<EntryId, String>,
    ) -> Vec<Option<String>> {
        let still_called = |at: usize, name: &String| {
            *name == plain[at] || *name == names::told_apart(&plain[at], entries[at].id.as_str())
        };
        let mut given = vec![None; entries.len()];
        for (at, entry) in entries.iter().enumerate() {
            let name = known.get(&entry.id).filter(|name| still_called(at, name));
            given[at] = name
                .filter(|name| self.taken.insert(self.key(name)))
                .cloned();
        }
        given
    }

    fn count_claims(&self, plain: &[String]) -> HashMap<String, usize> {
        let mut claims = HashMap::new();
        for name in plain {
            *claims.entry(self.key(name)).or_default() += 1;
        }
        claims
    }

    fn claim(&mut self, plain: &str, id: &EntryId) -> String {
        let mut name = plain.to_owned();
        while !self.taken.insert(self.key(&name)) {
            name = names::told_apart(&name, id.as_str());
        }
        name
    }

    fn key(&self, name: &str) -> String {
        if self.case_sensitive {
            name.to_owned()
        } else {
            name.to_lowercase()
        }
    }
}
