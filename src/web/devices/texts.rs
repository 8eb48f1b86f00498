//! Texts of device set-up.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Texts of these pages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Texts {
    pub(super) title: String,
    pub(super) intro: String,
    pub(super) phone: String,
    pub(super) computer: String,
    pub(super) server: String,
    pub(super) for_program: String,
    pub(super) address: String,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) scan: String,
    pub(super) code: String,
    pub(super) steps: String,
    pub(super) password_word: String,
    pub(super) plain: String,
    pub(super) local: String,
    pub(super) make_title: String,
    pub(super) make_intro: String,
    pub(super) label: String,
    pub(super) read_only: String,
    pub(super) make: String,
    pub(super) made: String,
    pub(super) link_title: String,
    pub(super) link: String,
    pub(super) link_text: String,
    pub(super) link_code: String,
    pub(super) profile_title: String,
    pub(super) profile_intro: String,
    pub(super) profile: String,
    pub(super) profile_name: String,
    pub(super) snippet_title: String,
    pub(super) again: String,
    pub(super) unknown_device: String,
    pub(super) grant: Grant,
    /// By [`super::programs::Program::id`].
    pub(super) programs: BTreeMap<String, Words>,
}

/// Texts of a program that asks by itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grant {
    pub(super) title: String,
    pub(super) asks: String,
    pub(super) warning: String,
    pub(super) files: String,
    pub(super) agree: String,
    pub(super) refuse: String,
    pub(super) done_title: String,
    pub(super) done: String,
    pub(super) refused_title: String,
    pub(super) refused: String,
    pub(super) over_title: String,
    pub(super) over: String,
}

/// Texts of a program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) name: String,
    /// What it is for.
    pub(super) what: String,
    pub(super) steps: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl Texts {
    /// Texts of a program.
    pub(super) fn program(&self, id: &str) -> &Words {
        self.programs
            .get(id)
            .expect("a test finds the texts of every program")
    }
}

#[cfg(test)]
mod tests {
    use super::super::addresses::Addresses;
    use super::super::programs::ALL;
    use crate::web::texts::english;

    #[test]
    fn every_program_has_its_texts() {
        let mut ids: Vec<&str> = ALL.iter().map(|program| program.id).collect();
        ids.sort_unstable();
        let told: Vec<&String> = english().devices.programs.keys().collect();
        assert_eq!(told, ids);
    }

    #[test]
    fn texts_name_what_there_is() {
        let values = Addresses::new("https://h.example", "", "anna").values();
        for (id, words) in &english().devices.programs {
            for text in words.steps.iter().chain(&words.notes) {
                for part in text.split('{').skip(1) {
                    let (name, _) = part.split_once('}').unwrap();
                    let known = values.iter().any(|(key, _)| *key == name);
                    assert!(known || name == "password", "{id}: {name}");
                }
            }
        }
    }
}
