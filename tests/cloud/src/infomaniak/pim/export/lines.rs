//! Content lines: escaped, folded at 75 octets, ended by CR LF (RFC 5545 §3.1, RFC 6868).

use crate::surrogate::lossy;

/// Longest line, octets.
const LONGEST: usize = 75;

/// Lines written so far.
#[derive(Debug, Default)]
pub(super) struct Lines(String);

impl Lines {
    /// `NAME:value`, the value as it is but for ends of lines.
    pub(super) fn plain(&mut self, name: &str, value: &str) {
        let value: String = lossy(value).replace(['\r', '\n'], " ");
        let line = format!("{name}:{value}");
        let mut room = LONGEST;
        for character in line.chars() {
            let length = character.len_utf8();
            if length > room {
                self.0.push_str("\r\n ");
                room = LONGEST - 1;
            }
            room -= length;
            self.0.push(character);
        }
        self.0.push_str("\r\n");
    }

    /// `NAME:value` with a text as value.
    pub(super) fn escaped(&mut self, name: &str, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut value = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '\n' => value.push_str("\\n"),
                '\\' | ';' | ',' => value.extend(['\\', character]),
                _ => value.push(character),
            }
        }
        self.plain(name, &value);
    }

    pub(super) fn text(self) -> String {
        self.0
    }
}

/// A parameter with its value in quotes.
pub(super) fn parameter(name: &str, value: &str) -> String {
    let value = value.replace("\r\n", "\n").replace('\r', "\n");
    let value = value
        .replace('^', "^^")
        .replace('\n', "^n")
        .replace('"', "^'");
    format!(";{name}=\"{value}\"")
}
