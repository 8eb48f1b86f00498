//! The value type TEXT (RFC 5545 §3.3.11) and parameter values (RFC 6868).

/// Characters that no value may hold: controls (of both sets, but not tab and line feed) and the
/// two that XML knows no way to write.
fn is_barred(c: char) -> bool {
    (c.is_control() && c != '\t' && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// The text with each line break as one line feed, without barred characters.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            // many readers end a line at these too
            '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            c if is_barred(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// The text as it is written, without what is blank around it.
pub(crate) fn trimmed(text: &str) -> String {
    clean(text).trim().to_owned()
}

/// A text as a value.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in clean(text).chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' | ';' | ',' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// A value as a text; an unknown escape gives the character after it.
pub(super) fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            (c, false) => out.push(c),
        }
    }
    out
}

/// The parts of a value between unescaped separators.
pub(super) fn split(value: &str, at: char) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    value.split(move |c| {
        let here = c == at && !escaped;
        escaped = c == '\\' && !escaped;
        here
    })
}

/// A parameter's value as written: caret-encoded, in quotes unless it is a plain word.
pub(super) fn quoted(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    for c in clean(value).chars() {
        match c {
            '"' => out.push_str("^'"),
            '^' => out.push_str("^^"),
            '\n' => out.push_str("^n"),
            c => out.push(c),
        }
    }
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_/.+@".contains(&b);
    if !out.is_empty() && out.bytes().all(plain) {
        return out;
    }
    format!("\"{out}\"")
}

/// The way back of [`quoted`], without the quotes.
pub(super) fn uncaret(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        let next = if c == '^' { chars.peek() } else { None };
        let decoded = match next {
            Some('\'') => '"',
            Some('^') => '^',
            Some('n') => '\n',
            _ => {
                out.push(c);
                continue;
            }
        };
        out.push(decoded);
        chars.next();
    }
    out
}
