//! The texts of the page: one file a language, each key with a field that reads it.
//!
//! A key that is missing or that nobody knows fails a test; a field that no page reads fails the
//! build. `{name}` in a text stands for a value.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{companies, devices, layout, pages, parts, refusal, shown, times};

/// All texts of a language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    /// Its tag (BCP 47).
    pub(super) language: String,
    pub(super) frame: layout::Texts,
    pub(super) parts: parts::Texts,
    pub(super) refusals: refusal::Texts,
    pub(super) shown: shown::Texts,
    pub(super) times: times::Texts,
    pub(super) companies: companies::Texts,
    pub(super) devices: devices::Texts,
    pub(super) overview: pages::overview::Texts,
    pub(super) connect: pages::connect::Texts,
    pub(super) paste: pages::paste::Texts,
    pub(super) consent: pages::consent::Texts,
    pub(super) connection: pages::connection::Texts,
    pub(super) tree: pages::tree::Texts,
    pub(super) passwords: pages::passwords::Texts,
    pub(super) sessions: pages::sessions::Texts,
    pub(super) account: pages::account::Texts,
    pub(super) welcome: pages::welcome::Texts,
    pub(super) users: pages::users::Texts,
    pub(super) health: pages::health::Texts,
    pub(super) log: pages::log::Texts,
    pub(super) oidc: pages::oidc::Texts,
    pub(super) sign_in: pages::sign_in::Texts,
}

const ENGLISH: &str = include_str!("en.toml");

/// English.
pub(super) fn english() -> &'static Texts {
    static TEXTS: LazyLock<Texts> =
        LazyLock::new(|| toml::from_str(ENGLISH).expect("a test reads the texts"));
    &TEXTS
}

/// A number of things: one, or another number, which stands for `{n}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plural {
    one: String,
    many: String,
}

impl Plural {
    /// The text for a number.
    pub(super) fn count(&self, number: u64) -> String {
        let text = if number == 1 { &self.one } else { &self.many };
        fill(text, &[("n", &number.to_string())])
    }
}

/// The text with `{name}` replaced by its value.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, later)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        let value = values.iter().find(|(key, _)| *key == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = later;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_text() {
        let languages = [("en", ENGLISH)];
        for (language, text) in languages {
            let texts = toml::from_str::<Texts>(text);
            let texts = texts
                .map_err(|error| panic!("{language}: {error}"))
                .unwrap();
            assert_eq!(texts.language, language);
        }
    }

    #[test]
    fn no_text_is_empty() {
        let table: toml::Table = ENGLISH.parse().unwrap();
        let mut left: Vec<toml::Value> = table.into_iter().map(|(_, value)| value).collect();
        while let Some(value) = left.pop() {
            match value {
                toml::Value::Table(table) => left.extend(table.into_iter().map(|(_, v)| v)),
                toml::Value::Array(array) => left.extend(array),
                toml::Value::String(text) => {
                    assert!(!text.trim().is_empty() && text.trim() == text);
                }
                other => panic!("{other}"),
            }
        }
    }

    #[test]
    fn values_are_not_read_again() {
        let values = [("a", "{b}"), ("b", "x")];
        assert_eq!(fill("{a}-{b}-{c}-{", &values), "{b}-x--{");
    }
}
