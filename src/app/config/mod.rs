//! Configuration: defaults, then a TOML file, then environment variables, then flags.
//!
//! Two steps. What is [`Written`] somewhere, each value with its source; then [`Settings`]:
//! typed, checked, complete. The list of keys in `keys` is the only one: file, variables, flags
//! and the table of the documentation are made of it.

mod address;
mod clouds;
mod environment;
mod file;
mod folder;
mod keys;
mod oidc;
mod reader;
mod secret;
mod settings;
mod table;
#[cfg(test)]
mod tests;
mod values;
mod written;

use std::path::PathBuf;

pub use settings::{LogFormat, LogSettings, Settings};
pub use table::markdown_table;
pub use written::{Source, Written};

pub(super) use address::{address, address_at};
pub(super) use keys::{Key, keys};
pub(super) use reader::shown;
pub(super) use values::moment;

use crate::domain::Result;

/// Where a configuration is looked for.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// A file named on the command line.
    pub file: Option<PathBuf>,
    /// Environment variables.
    pub environment: Vec<(String, String)>,
    /// Values of flags by key.
    pub flags: Vec<(&'static str, Vec<String>)>,
}

/// Reads all sources.
///
/// # Errors
/// A sentence that names the source (file and line, variable or flag), the key, and what is
/// allowed.
pub fn load(sources: &Sources) -> Result<(Settings, Written)> {
    let flags = Written::of_flags(&sources.flags);
    let variables = environment::read(&sources.environment)?;
    // the file that is looked for lies in the data folder, so the folder cannot come from it
    let folder = {
        let early = Written::default()
            .under(variables.clone())
            .under(flags.clone());
        early.folder_hint(&sources.environment)
    };
    let named = sources.file.clone().or_else(|| {
        let mut pairs = sources.environment.iter();
        let found = pairs.find(|(name, value)| name == environment::FILE && !value.is_empty());
        found.map(|(_, value)| value.into())
    });
    let written = match named {
        Some(path) => file::read(&path)?,
        None => file::read_if_there(&folder.join("davbridge.toml"))?,
    };
    let written = written.under(variables).under(flags);
    let settings = Settings::read(&written, &sources.environment)?;
    Ok((settings, written))
}
