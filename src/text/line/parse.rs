//! From text to tree, tolerantly: a line that is none is left out, a component that does not end
//! ends with the text.

use crate::domain::{Error, Kind, Result};

use super::escape::uncaret;
use super::{Component, Param, Property};

/// Components inside each other.
const MAX_DEPTH: usize = 16;
/// Lines of a text, unfolded.
const MAX_LINES: usize = 500_000;
/// Parameters of a line.
const MAX_PARAMS: usize = 200;

/// The first component of a text.
///
/// # Errors
/// `Invalid` where there is none, `TooLarge` where it has too many lines or is too deep.
pub fn parse(text: &str) -> Result<Component> {
    let all = parse_all(text)?.into_iter();
    all.into_iter()
        .next()
        .ok_or_else(|| Error::cloud(Kind::Invalid, "the text holds no component"))
}

/// All outermost components of a text, in order: several cards, for example.
///
/// # Errors
/// `TooLarge` where the text has too many lines or is too deep.
pub fn parse_all(text: &str) -> Result<Vec<Component>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut done = Vec::new();
    let mut open: Vec<Component> = Vec::new();
    for (number, line) in unfolded(text).enumerate() {
        if number >= MAX_LINES {
            return Err(Error::cloud(Kind::TooLarge, "the text has too many lines"));
        }
        let Some(property) = property(&line) else {
            continue;
        };
        if property.is("BEGIN") {
            if open.len() >= MAX_DEPTH {
                return Err(Error::cloud(
                    Kind::TooLarge,
                    "the components lie too deep in each other",
                ));
            }
            open.push(Component::new(property.value.trim()));
        } else if property.is("END") {
            end(property.value.trim(), &mut open, &mut done);
        } else if let Some(component) = open.last_mut() {
            component.push(property);
        }
    }
    while !open.is_empty() {
        close(&mut open, &mut done);
    }
    Ok(done)
}

/// Ends the innermost open component of this name and all inside it; none of that name: nothing.
fn end(name: &str, open: &mut Vec<Component>, done: &mut Vec<Component>) {
    if let Some(at) = open.iter().rposition(|one| one.is(name)) {
        while open.len() > at {
            close(open, done);
        }
    }
}

fn close(open: &mut Vec<Component>, done: &mut Vec<Component>) {
    let Some(component) = open.pop() else {
        return;
    };
    match open.last_mut() {
        Some(outer) => outer.components.push(component),
        None => done.push(component),
    }
}

/// The lines of a text, those that were folded as one.
fn unfolded(text: &str) -> impl Iterator<Item = String> {
    let mut lines = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .peekable();
    std::iter::from_fn(move || {
        let mut line = lines.next()?.to_owned();
        while let Some(more) = lines.next_if(|next| next.starts_with([' ', '\t'])) {
            line.push_str(&more[1..]);
        }
        Some(line)
    })
}

/// `[group.]name *(;param) : value`.
fn property(line: &str) -> Option<Property> {
    let end = line.find([';', ':'])?;
    let (group, name) = match line[..end].trim().rsplit_once('.') {
        Some((group, name)) => (Some(group.to_owned()), name),
        None => (None, line[..end].trim()),
    };
    let in_names = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if name.is_empty() || !name.bytes().all(in_names) {
        return None;
    }
    let mut rest = &line[end..];
    let mut params = Vec::new();
    while let Some(after) = rest.strip_prefix(';') {
        let (param, after) = param(after)?;
        if params.len() < MAX_PARAMS {
            params.push(param);
        }
        rest = after;
    }
    Some(Property {
        group,
        name: name.to_owned(),
        params,
        value: rest.strip_prefix(':')?.to_owned(),
    })
}

/// A parameter and what follows it. One without `=` is a value of `TYPE` (vCard 2.1).
fn param(text: &str) -> Option<(Param, &str)> {
    let end = text.find(['=', ';', ':'])?;
    let name = text[..end].trim().to_owned();
    let Some(mut rest) = text[end..].strip_prefix('=') else {
        let bare = Param {
            name: "TYPE".to_owned(),
            values: vec![name],
        };
        return Some((bare, &text[end..]));
    };
    let mut values = Vec::new();
    loop {
        let (value, after) = param_value(rest)?;
        values.push(uncaret(value));
        match after.strip_prefix(',') {
            Some(after) => rest = after,
            None => return Some((Param { name, values }, after)),
        }
    }
}

/// One value of a parameter and what follows it.
fn param_value(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let (value, after) = quoted.split_once('"')?;
        let skip = after.find([',', ';', ':'])?;
        return Some((value, &after[skip..]));
    }
    let end = text.find([',', ';', ':'])?;
    Some((text[..end].trim(), &text[end..]))
}
