//! What commands print: results on stdout, everything for the eye on stderr.

use std::io::{self, IsTerminal, Write};

use super::failure::Failure;

/// The two streams of a command.
pub(super) struct Output {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    terminal: bool,
}

impl Output {
    /// The program's own.
    pub(super) fn standard() -> Self {
        Self {
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            terminal: io::stderr().is_terminal(),
        }
    }

    /// A result.
    pub(super) fn line(&mut self, line: &str) -> Result<(), Failure> {
        let written = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
        written.map_err(|error| Failure::new(format!("cannot write the result: {error}")))
    }

    /// A row of a table: columns divided by tabs, without controls in them.
    pub(super) fn row(&mut self, columns: &[&str]) -> Result<(), Failure> {
        let columns: Vec<_> = columns.iter().map(|text| plain(text)).collect();
        self.line(&columns.join("\t"))
    }

    /// A remark or progress. That it cannot be written is no reason to stop.
    pub(super) fn note(&mut self, line: &str) {
        let _ = writeln!(self.err, "{line}");
    }

    /// Headings help people, and are in the way of programs.
    pub(super) fn heading(&mut self, columns: &[&str]) {
        if self.terminal {
            self.note(&columns.join("\t"));
        }
    }
}

/// Without control characters: names come from clouds.
pub(super) fn plain(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).collect()
}
