//! Secrets of a configuration: written in it, or in a file of their own.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use secrecy::SecretString;

use super::reader::Reader;
use crate::domain::{Error, Kind, Result};

/// Longest file of a secret in bytes.
const LARGEST: u64 = 4096;

/// The secret of a key, or of the file that another key names.
pub(super) fn secret(reader: &Reader<'_>, name: &str, file: &str) -> Result<Option<SecretString>> {
    let value = reader.optional(name, |text| Ok(SecretString::from(text)))?;
    let path = reader.path(file)?;
    match (value, path) {
        (Some(_), Some(_)) => Err(reader.wrong(file, &format!("must not be there beside {name}"))),
        (None, Some(path)) => from_file(&path).map(Some).map_err(|why| {
            let error = reader.wrong(file, "cannot be used");
            error.because(why)
        }),
        (value, None) => Ok(value),
    }
}

/// The first line.
fn from_file(path: &Path) -> Result<SecretString> {
    let wrong = |why: &'static str| Error::client(Kind::Invalid, why);
    let read = || {
        let mut text = String::new();
        File::open(path)?
            .take(LARGEST + 1)
            .read_to_string(&mut text)?;
        Ok::<_, std::io::Error>(text)
    };
    let text = read().map_err(|error| wrong("the file cannot be read").because(error))?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.trim().is_empty() {
        return Err(wrong("the file is empty"));
    }
    if text.len() as u64 > LARGEST || secret.contains('\n') {
        return Err(wrong("the file holds more than one line with a secret"));
    }
    Ok(SecretString::from(secret))
}
