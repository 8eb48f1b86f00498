//! The key file: a line a key, the last one the newest.

use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use secrecy::zeroize::Zeroizing;

use super::error::from_io;
use super::folder::sync;
use super::keys::{Key, KeyId, KeyRing, random_key};
use crate::domain::{Error, Kind, Result};

/// First word of a line that holds a key; the number is the format's.
const WORD: &str = "davbridge-key-1";
const HEADER: &str = "\
# Master key of davbridge: opens the cloud tokens and checks the app passwords in davbridge.db.
# Keep a copy apart from the backups: a backup is worth nothing without it.
";

impl KeyRing {
    /// Reads the key file. A file that is missing, readable by others or damaged is refused.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let about = std::fs::metadata(path)
            .map_err(|error| from_io(format!("the key file {shown} cannot be read"), error))?;
        let mode = about.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(refused(format!(
                "the key file {shown} is open to others (mode {mode:04o}): \
                 run `chmod 600 {shown}`, and if others may have read it, make new app passwords \
                 and cloud tokens"
            )));
        }
        let text = std::fs::read_to_string(path)
            .map(Zeroizing::new)
            .map_err(|error| from_io(format!("the key file {shown} cannot be read"), error))?;
        Self::parse(&text).map_err(|why| {
            refused(format!(
                "the key file {shown} is damaged ({why}): put back the copy that was made of it"
            ))
        })
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        let lines = text.lines().map(str::trim);
        let keys = lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(parse_line)
            .collect::<Result<Vec<_>, _>>()?;
        Self::of(keys).ok_or("it holds no key")
    }

    /// Makes the key file with one new key; never over a file that is there.
    pub(super) fn make(path: &Path) -> Result<()> {
        let line = new_line()?;
        let text = Zeroizing::new(format!("{HEADER}{}", *line));
        let failed = |error| {
            from_io(
                format!("the key file {} cannot be made", path.display()),
                error,
            )
        };
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        let written = file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_all());
        written.map_err(|error| {
            // Half a key is none.
            let _ = std::fs::remove_file(path);
            failed(error)
        })
    }
}

/// A line with a new key.
fn new_line() -> Result<Zeroizing<String>> {
    let master = random_key()?;
    let id = Key::derive(&master).id;
    let key = Zeroizing::new(HEX.encode(&*master));
    Ok(Zeroizing::new(format!("{WORD} {id} {}\n", *key)))
}

/// Adds a new key at the end of the key file.
pub(super) fn append(path: &Path) -> Result<()> {
    let line = new_line()?;
    rewrite(path, |text| {
        let text = text.trim_end();
        Zeroizing::new(format!("{text}\n{}", *line))
    })
}

/// Takes keys out of the key file; all else in it stays.
pub(super) fn remove(path: &Path, ids: &[KeyId]) -> Result<()> {
    rewrite(path, |text| {
        let goes = |line: &&str| {
            let id = line.split_ascii_whitespace().nth(1).unwrap_or_default();
            let is_key = line.trim_start().starts_with(WORD);
            is_key && ids.iter().any(|gone| gone.bytes() == id.as_bytes())
        };
        let kept = text.lines().filter(|line| !goes(line));
        let mut text = Zeroizing::new(String::new());
        for line in kept {
            text.push_str(line);
            text.push('\n');
        }
        text
    })
}

/// Writes the key file anew beside itself, then gives it its name: a crash leaves either the old
/// or the new one.
fn rewrite(path: &Path, change: impl FnOnce(&str) -> Zeroizing<String>) -> Result<()> {
    let failed = |error| {
        from_io(
            format!("the key file {} cannot be written", path.display()),
            error,
        )
    };
    let text = std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(failed)?;
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".new");
    let unfinished = std::path::PathBuf::from(unfinished);
    let _ = std::fs::remove_file(&unfinished);
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&unfinished)
        .and_then(|mut file| {
            file.write_all(change(&text).as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| std::fs::rename(&unfinished, path))
        .and_then(|()| sync(path));
    if written.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    written.map_err(failed)
}

fn parse_line(line: &str) -> Result<Key, &'static str> {
    let mut words = line.split_ascii_whitespace();
    let (Some(WORD), Some(id), Some(hex), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err("a line is not `davbridge-key-1 ID KEY`");
    };
    let bytes = HEX
        .decode(hex.as_bytes())
        .map(Zeroizing::new)
        .map_err(|_| "a key is not hexadecimal")?;
    let master: &[u8; 32] = bytes
        .as_slice()
        .try_into()
        .map_err(|_| "a key is not 32 bytes long")?;
    let key = Key::derive(master);
    if key.id.bytes() != id.as_bytes() {
        return Err("a key does not match its id");
    }
    Ok(key)
}

fn refused(sentence: String) -> Error {
    Error::bridge(Kind::Down, sentence)
}
