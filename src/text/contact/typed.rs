//! Values with a purpose: `TYPE` parameters, and labels as Apple writes them.

use crate::domain::Typed;
use crate::text::{Component, Property};

/// Adds such values to a card. Labelled ones get a group of their own.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    card: &'a mut Component,
    /// Number of the last group.
    groups: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(card: &'a mut Component) -> Self {
        Self { card, groups: 0 }
    }

    /// Adds each value for which `property` makes a line. `always` are types that all of them have.
    pub(super) fn add<T>(
        &mut self,
        values: &[Typed<T>],
        always: &[&str],
        property: impl Fn(&T) -> Option<Property>,
    ) {
        for typed in values {
            let Some(mut line) = property(&typed.value) else {
                continue;
            };
            let always = always.iter().map(|kind| (*kind).to_owned());
            let kinds = typed.kinds.iter().filter_map(|kind| kind_of(kind));
            let preferred = typed.preferred.then(|| "PREF".to_owned());
            let mut all: Vec<String> = always.collect();
            for kind in kinds.chain(preferred) {
                if !all.contains(&kind) {
                    all.push(kind);
                }
            }
            for kind in all {
                line = line.with("TYPE", kind);
            }
            self.push(line, typed.label.as_deref());
        }
    }

    /// Adds a line, with its label where it has one.
    pub(super) fn push(&mut self, mut line: Property, label: Option<&str>) {
        let label = label.map(str::trim).filter(|label| !label.is_empty());
        let Some(label) = label else {
            self.card.push(line);
            return;
        };
        self.groups += 1;
        let group = format!("item{}", self.groups);
        let mut name = Property::of_text("X-ABLabel", label);
        name.group = Some(group.clone());
        line.group = Some(group);
        self.card.push(line);
        self.card.push(name);
    }
}

/// A cloud's word for a purpose as a value of `TYPE`; `None` where it is no word.
fn kind_of(kind: &str) -> Option<String> {
    let word = kind.trim().to_ascii_uppercase();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let word = match word.as_str() {
        "MOBILE" => "CELL".to_owned(),
        _ => word,
    };
    (!word.is_empty() && word.len() <= 40 && word.bytes().all(plain)).then_some(word)
}
