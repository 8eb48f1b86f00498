//! The TOML file.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{find, keys};
use super::written::{Source, Written};
use crate::domain::{Error, Kind, Result};

/// Reads a file that has to be there.
pub(super) fn read(path: &Path) -> Result<Written> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let sentence = format!("configuration file {} cannot be read", path.display());
        Error::client(Kind::Invalid, sentence).because(error)
    })?;
    parse(path, &text)
}

/// Reads a file if there is one.
pub(super) fn read_if_there(path: &Path) -> Result<Written> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Written::default()),
        _ => read(path),
    }
}

/// Reads the text of a file.
pub(super) fn parse(path: &Path, text: &str) -> Result<Written> {
    let mut reading = Reading {
        path,
        text,
        written: Written::default(),
    };
    match DeTable::parse(text) {
        Ok(table) => reading.table("", table.get_ref())?,
        Err(error) => {
            let span = error.span().unwrap_or_default();
            return Err(reading.wrong(&span, error.message()));
        }
    }
    Ok(reading.written)
}

struct Reading<'a> {
    path: &'a Path,
    text: &'a str,
    written: Written,
}

impl Reading<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or_default();
        before.matches('\n').count() + 1
    }

    fn wrong(&self, span: &Range<usize>, why: &str) -> Error {
        let source = Source::File(self.path.to_owned(), self.line(span));
        Error::client(Kind::Invalid, format!("{source}: {why}"))
    }

    fn table(&mut self, above: &str, table: &DeTable<'_>) -> Result<()> {
        for (name, value) in table {
            let full = match above {
                "" => name.get_ref().to_string(),
                above => format!("{above}.{}", name.get_ref()),
            };
            let Some(key) = find(&full) else {
                let inner = format!("{full}.");
                let known = keys().any(|key| key.name.starts_with(&inner));
                match value.get_ref() {
                    DeValue::Table(table) if known => self.table(&full, table)?,
                    _ if known => {
                        return Err(self.wrong(&name.span(), &format!("{full}: must be a table")));
                    }
                    _ => {
                        let why = format!("{full}: there is no such setting");
                        return Err(self.wrong(&name.span(), &why));
                    }
                }
                continue;
            };
            let values = match value.get_ref() {
                DeValue::Array(items) if key.list => {
                    let items = items.iter().map(|item| self.text(key.name, item));
                    items.collect::<Result<_>>()?
                }
                _ => vec![self.text(key.name, value)?],
            };
            let source = Source::File(self.path.to_owned(), self.line(&value.span()));
            self.written.put(key.name, values, source);
        }
        Ok(())
    }

    fn text(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<String> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().to_owned()),
            other => {
                let why = format!("{key}: must be a text, not a {}", other.type_str());
                Err(self.wrong(&value.span(), &why))
            }
        }
    }
}
