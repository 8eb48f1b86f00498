//! From tree to text.

use super::escape::{clean, quoted};
use super::{Component, Property};

/// Octets of a line, without its end (RFC 5545 §3.1).
const WIDTH: usize = 75;

impl Component {
    /// Its text: folded lines that end in CR LF.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = String::new();
        self.write_to(&mut out);
        out
    }

    /// Adds its text to `out`.
    pub fn write_to(&self, out: &mut String) {
        let name = token(&self.name);
        if name.is_empty() {
            return;
        }
        fold(&format!("BEGIN:{name}"), out);
        for property in &self.properties {
            property.write_to(out);
        }
        for component in &self.components {
            component.write_to(out);
        }
        fold(&format!("END:{name}"), out);
    }
}

impl Property {
    /// Adds its line to `out`; one without a name, or named like a bound of components, has none.
    pub fn write_to(&self, out: &mut String) {
        let name = token(&self.name);
        let is_bound = ["BEGIN", "END"].map(|bound| bound.eq_ignore_ascii_case(&name));
        if name.is_empty() || is_bound.contains(&true) {
            return;
        }
        let mut line = String::with_capacity(name.len() + self.value.len() + 16);
        if let Some(group) = self.group.as_deref().map(token).filter(|it| !it.is_empty()) {
            line.push_str(&group);
            line.push('.');
        }
        line.push_str(&name);
        for param in &self.params {
            let name = token(&param.name);
            if name.is_empty() || param.values.is_empty() {
                continue;
            }
            let values: Vec<_> = param.values.iter().map(|value| quoted(value)).collect();
            line.extend([";", &name, "=", &values.join(",")]);
        }
        line.push(':');
        // an escaped value has no line breaks; one that was not escaped must not end the line
        line.push_str(&clean(&self.value).replace('\n', "\\n"));
        fold(&line, out);
    }
}

/// The characters of a name that may be in one.
fn token(name: &str) -> String {
    let allowed = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    name.chars().filter(allowed).collect()
}

/// Adds a line, folded between characters.
fn fold(line: &str, out: &mut String) {
    let mut rest = line;
    let mut room = WIDTH;
    while rest.len() > room {
        let (now, later) = rest.split_at(rest.floor_char_boundary(room));
        out.extend([now, "\r\n "]);
        rest = later;
        room = WIDTH - 1;
    }
    out.extend([rest, "\r\n"]);
}
