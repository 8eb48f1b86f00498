//! Texts with a user's own addresses in them.

use maud::{Markup, html};

use super::addresses::Addresses;
use crate::web::parts::copyable;
use crate::web::scene::Scene;
use crate::web::texts::fill;

/// What stands for `{name}` in texts and snippets.
pub(super) struct Values {
    known: Vec<(&'static str, String)>,
    /// The app password, where it was just made.
    password: Option<String>,
}

impl Values {
    /// A user's addresses, and the app password where it was just made.
    pub(super) fn new(addresses: &Addresses, password: Option<&str>) -> Self {
        Self {
            known: addresses.values(),
            password: password.map(ToOwned::to_owned),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        match name {
            "password" => self.password.as_deref(),
            _ => {
                let mut known = self.known.iter();
                known
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| value.as_str())
            }
        }
    }

    /// A text; values in it can be copied.
    pub(super) fn told(&self, scene: &Scene<'_>, text: &str) -> Markup {
        let word = &scene.texts().devices.password_word;
        let mut parts = text.split('{');
        let first = parts.next().unwrap_or_default();
        let rest = parts.map(|part| part.split_once('}').unwrap_or(("", part)));
        html! {
            (first)
            @for (name, after) in rest {
                @match self.get(name) {
                    Some(value) => (copyable(scene, value)),
                    None => em { (word) },
                }
                (after)
            }
        }
    }

    /// A snippet; `PASSWORD` stands in it where the password is not known.
    pub(super) fn filled(&self, snippet: &str) -> String {
        let password = self.password.as_deref().unwrap_or("PASSWORD");
        let known = self.known.iter();
        let mut values: Vec<(&str, &str)> = known.map(|(k, v)| (*k, v.as_str())).collect();
        values.push(("password", password));
        fill(snippet, &values)
    }
}
