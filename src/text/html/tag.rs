//! Tags.

use super::entity::reference;

/// A tag.
#[derive(Debug, Default)]
pub(super) struct Tag<'a> {
    /// Lower case; empty for comments and declarations.
    pub(super) name: String,
    /// Whether it ends an element.
    pub(super) ends: bool,
    attributes: &'a str,
}

/// The tag at the begin of a text that begins with `<`, and what follows; `None` where the sign
/// stands for itself.
pub(super) fn next_tag(text: &str) -> Option<(Tag<'_>, &str)> {
    let after = text.strip_prefix('<')?;
    if let Some(comment) = after.strip_prefix("!--") {
        // one that does not end hides the rest
        let rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
        return Some((Tag::default(), rest));
    }
    let (ends, after) = match after.strip_prefix('/') {
        Some(after) => (true, after),
        None => (false, after),
    };
    let first = after.bytes().next()?;
    if !(first.is_ascii_alphabetic() || (!ends && b"!?".contains(&first))) {
        return None;
    }
    let letters = after.bytes().take_while(u8::is_ascii_alphanumeric);
    let (name, attributes) = after.split_at(letters.count());
    // `<anna@example.org>` is an address
    let next = attributes.chars().next()?;
    if !(name.is_empty() || next.is_whitespace() || next == '/' || next == '>') {
        return None;
    }
    let end = tag_end(attributes)?;
    let tag = Tag {
        name: name.to_ascii_lowercase(),
        ends,
        attributes: &attributes[..end],
    };
    Some((tag, &attributes[end + 1..]))
}

/// Where a tag ends: the first `>` outside quotes, else the first.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, b) in text.bytes().enumerate() {
        match (b, quote) {
            (b'>', None) => return Some(at),
            (b'"' | b'\'', None) => quote = Some(b),
            (b, Some(open)) if b == open => quote = None,
            _ => {}
        }
    }
    text.find('>')
}

impl Tag<'_> {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes;
        while let Some((before, after)) = rest.split_once('=') {
            let found = before.trim_end().rsplit(char::is_whitespace).next();
            let after = after.trim_start();
            let (value, after) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote)?,
                _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
            if found.is_some_and(|found| found.eq_ignore_ascii_case(name)) {
                return Some(decoded(value));
            }
            rest = after;
        }
        None
    }
}

fn decoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let (c, after) = match c {
            '&' => reference(rest),
            c => (c, &rest[c.len_utf8()..]),
        };
        out.push(c);
        rest = after;
    }
    out
}
