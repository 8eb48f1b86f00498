//! Cursors: opaque to clients, hexadecimal JSON to us.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

/// Where a cursor goes on.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub(crate) struct Cursor {
    /// Which call and folder it is for.
    pub(crate) purpose: String,
    /// Number of the page it asks for, 2 for the first cursor handed out.
    pub(crate) page: u32,
    /// Rows before it, in orders other than by name.
    #[serde(default)]
    pub(crate) skip: usize,
    /// The last row before it, in order by name; `None` before the first row.
    #[serde(default)]
    pub(crate) after: Option<(String, u64)>,
    /// Change feeds: epoch and index in the drive's log.
    #[serde(default)]
    pub(crate) log: (u32, usize),
    /// Change feeds: the rows are all told, changes follow.
    #[serde(default)]
    pub(crate) rows_done: bool,
}

impl Cursor {
    /// The start of something.
    pub(crate) fn start(purpose: String) -> Cursor {
        Cursor {
            purpose,
            page: 1,
            skip: 0,
            after: None,
            log: (0, 0),
            rows_done: false,
        }
    }

    /// As clients carry it.
    pub(crate) fn text(&self) -> String {
        let plain = serde_json::to_vec(self).unwrap_or_default();
        plain.iter().fold(String::new(), |mut text, byte| {
            // writing to a string does not fail
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// Reads a cursor; `None` when it is not one of ours.
    pub(crate) fn read(text: &str) -> Option<Cursor> {
        if !text.is_ascii() || text.len() % 2 == 1 {
            return None;
        }
        let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
        let plain: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
        serde_json::from_slice(&plain?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_client() {
        let cursor = Cursor {
            after: Some(("é.txt".to_owned(), 7)),
            ..Cursor::start("files/5".to_owned())
        };
        assert_eq!(Cursor::read(&cursor.text()), Some(cursor));
        assert_eq!(Cursor::read("nonsense"), None);
        assert_eq!(Cursor::read("7b7"), None);
    }
}
