//! The table of the documentation.

use std::fmt::Write;

use super::keys::keys;

/// All keys as a Markdown table: key, default, meaning. Variables and flags follow from the key.
#[must_use]
pub fn markdown_table() -> String {
    let mut table = String::from("| Key | Default | Meaning |\n|---|---|---|\n");
    for key in keys() {
        let default = match key.default {
            "" => String::new(),
            default if key.list => {
                let parts: Vec<_> = default.split(',').map(|part| format!("`{part}`")).collect();
                parts.join(", ")
            }
            default => format!("`{default}`"),
        };
        // writing to a String cannot fail
        let _ = writeln!(table, "| `{}` | {default} | {} |", key.name, key.about);
    }
    table
}
