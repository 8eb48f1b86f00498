//! What is written somewhere, and where.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::folder;
use super::keys::find;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nobody wrote anything.
    Default,
    /// A line of a file, counted from 1.
    File(PathBuf, usize),
    /// An environment variable.
    Variable(String),
    /// A flag.
    Flag(String),
}

impl Source {
    /// The folder that relative paths are relative to, where it is not the working directory.
    pub(super) fn folder(&self) -> Option<&Path> {
        match self {
            Self::File(path, _) => path.parent(),
            Self::Default | Self::Variable(_) | Self::Flag(_) => None,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, line) => write!(f, "{} line {line}", path.display()),
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::Flag(name) => write!(f, "flag --{name}"),
        }
    }
}

/// One written value: one text, or several for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// As written; never empty texts.
    pub values: Vec<String>,
    /// Where.
    pub source: Source,
}

/// All written values by key; every one optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written(BTreeMap<&'static str, Given>);

impl Written {
    /// Values of flags.
    pub(super) fn of_flags(flags: &[(&'static str, Vec<String>)]) -> Self {
        let mut written = Self::default();
        for (name, values) in flags {
            if let Some(key) = find(name) {
                let values = match key.list {
                    true => values.iter().flat_map(|value| split(value)).collect(),
                    false => values.clone(),
                };
                written.put(key.name, values, Source::Flag(key.flag()));
            }
        }
        written
    }

    /// Notes a value.
    pub(super) fn put(&mut self, key: &'static str, values: Vec<String>, source: Source) {
        self.0.insert(key, Given { values, source });
    }

    /// The written value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Given> {
        self.0.get(key)
    }

    /// All written values by key.
    pub(in crate::app) fn all(&self) -> impl Iterator<Item = (&'static str, &Given)> {
        self.0.iter().map(|(key, given)| (*key, given))
    }

    /// This one, with all that a stronger source has on top.
    pub(super) fn under(mut self, stronger: Self) -> Self {
        self.0.extend(stronger.0);
        self
    }

    /// The data folder as far as known before a file is read.
    pub(super) fn folder_hint(&self, environment: &[(String, String)]) -> PathBuf {
        let given = self.get("data_dir").and_then(|given| given.values.first());
        given.map_or_else(|| folder::usual(environment), PathBuf::from)
    }
}

/// The parts of a list written with commas.
pub(super) fn split(text: &str) -> Vec<String> {
    let parts = text.split(',').map(str::trim);
    let filled = parts.filter(|part| !part.is_empty());
    filled.map(str::to_owned).collect()
}
