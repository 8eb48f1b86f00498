//! Written values to typed ones, with errors that name the source.

use std::path::{Path, PathBuf};

use super::keys::find;
use super::values;
use super::written::{Source, Written, split};
use crate::domain::{Error, Kind, Result};

/// Reads typed values; what nobody wrote is the key's default.
pub(super) struct Reader<'a> {
    written: &'a Written,
    #[cfg(test)]
    pub(super) read: std::cell::RefCell<std::collections::BTreeSet<String>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(written: &'a Written) -> Self {
        Self {
            written,
            #[cfg(test)]
            read: std::cell::RefCell::default(),
        }
    }

    fn raw(&self, name: &str) -> (Vec<String>, Source) {
        #[cfg(test)]
        self.read.borrow_mut().insert(name.to_owned());
        if let Some(given) = self.written.get(name) {
            return (given.values.clone(), given.source.clone());
        }
        let default = find(name).map_or("", |key| key.default);
        (split(default), Source::Default)
    }

    /// An error about the value of a key.
    pub(super) fn wrong(&self, name: &str, why: &str) -> Error {
        let (values, source) = self.raw(name);
        let value = shown(name, &values);
        let sentence = format!("{source}: {name}: {value:?} {why}");
        Error::client(Kind::Invalid, sentence)
    }

    /// A value that has no default.
    pub(super) fn optional<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>> {
        let (values, _) = self.raw(name);
        match values.as_slice() {
            [] => Ok(None),
            [one] if !one.is_empty() => parse(one).map(Some).map_err(|why| self.wrong(name, &why)),
            _ => Err(self.wrong(name, "must be one value")),
        }
    }

    /// A value with a default.
    pub(super) fn one<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T> {
        let value = self.optional(name, parse)?;
        value.ok_or_else(|| self.wrong(name, "must have a value"))
    }

    /// All values of a list.
    pub(super) fn list<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Vec<T>> {
        let (values, _) = self.raw(name);
        let parsed = values.iter().map(|value| parse(value));
        let parsed: Result<_, String> = parsed.collect();
        parsed.map_err(|why| self.wrong(name, &why))
    }

    /// Whether somebody wrote a value.
    pub(super) fn is_written(&self, name: &str) -> bool {
        self.written.get(name).is_some()
    }

    /// A path, relative to the file it is written in.
    pub(super) fn path(&self, name: &str) -> Result<Option<PathBuf>> {
        let (_, source) = self.raw(name);
        let folder = source.folder().map(Path::to_owned);
        self.optional(name, |text| values::path(text, folder.as_deref()))
    }

    /// One of the given words.
    pub(super) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T> {
        self.one(name, |text| {
            let found = words.iter().find(|(word, _)| *word == text);
            found.map(|(_, value)| *value).ok_or_else(|| {
                let allowed: Vec<_> = words.iter().map(|(word, _)| *word).collect();
                format!("must be one of {}", allowed.join(", "))
            })
        })
    }
}

/// Values for the eye: without user and password of addresses; of a secret, only that there is one.
pub(in crate::app) fn shown(name: &str, values: &[String]) -> String {
    if find(name).is_some_and(|key| key.secret) {
        return "***".to_owned();
    }
    let values: Vec<_> = values.iter().map(|value| values::masked(value)).collect();
    values.join(", ")
}
