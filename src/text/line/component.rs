//! The tree.

use super::escape::{escape, split, trimmed, unescape};

/// A component: `BEGIN` to `END`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Component {
    /// Name, such as `VEVENT`, as written.
    pub name: String,
    /// Its own properties, in order.
    pub properties: Vec<Property>,
    /// What lies inside, in order.
    pub components: Vec<Component>,
}

/// A content line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Property {
    /// Group of a vCard property (`item1` of `item1.TEL`).
    pub group: Option<String>,
    /// Name, as written.
    pub name: String,
    /// Parameters, in order.
    pub params: Vec<Param>,
    /// The value as it stands in the text, escaped.
    pub value: String,
}

/// A parameter of a property.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Param {
    /// Name, as written.
    pub name: String,
    /// Its values, without quotes, RFC 6868 decoded.
    pub values: Vec<String>,
}

impl Component {
    /// An empty component.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// Whether it has this name; names know no case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Its first property of this name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|one| one.is(name))
    }

    /// All its properties of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |one| one.is(name))
    }

    /// The components inside of this name.
    pub fn inside<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.components.iter().filter(move |one| one.is(name))
    }

    /// Adds a property.
    pub fn push(&mut self, property: Property) {
        self.properties.push(property);
    }

    /// Adds a property with a text, unless nothing of that can be seen.
    pub fn push_text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !trimmed(text).is_empty()) {
            self.push(Property::of_text(name, text));
        }
    }
}

impl Property {
    /// A property with a value that needs no escaping, such as a date.
    #[must_use]
    pub fn new(name: &str, value: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            value: value.into(),
            ..Self::default()
        }
    }

    /// A property whose value is a text; it is escaped.
    #[must_use]
    pub fn of_text(name: &str, text: &str) -> Self {
        Self::new(name, escape(text))
    }

    /// A property whose value is a list of texts.
    #[must_use]
    pub fn of_texts<T: AsRef<str>>(name: &str, texts: &[T]) -> Self {
        Self::new(name, joined(texts, ","))
    }

    /// A property whose value has parts between semicolons.
    #[must_use]
    pub fn of_parts<T: AsRef<str>>(name: &str, parts: &[T]) -> Self {
        Self::new(name, joined(parts, ";"))
    }

    /// The same with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.push(Param {
            name: name.to_owned(),
            values: vec![value.into()],
        });
        self
    }

    /// Whether it has this name; names know no case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// First value of a parameter.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        let named = |param: &&Param| param.name.eq_ignore_ascii_case(name);
        let param = self.params.iter().find(named)?;
        param.values.first().map(String::as_str)
    }

    /// All values of the parameters of this name.
    pub fn param_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = move |param: &&Param| param.name.eq_ignore_ascii_case(name);
        let params = self.params.iter().filter(named);
        params.flat_map(|param| param.values.iter().map(String::as_str))
    }

    /// The value as one text.
    #[must_use]
    pub fn text(&self) -> String {
        unescape(&self.value)
    }

    /// The value as a list of texts, between commas.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        split(&self.value, ',').map(unescape).collect()
    }

    /// The parts of the value, between semicolons; commas in a part stay.
    #[must_use]
    pub fn structured(&self) -> Vec<String> {
        split(&self.value, ';').map(unescape).collect()
    }
}

fn joined<T: AsRef<str>>(texts: &[T], between: &str) -> String {
    let escaped: Vec<_> = texts.iter().map(|text| escape(text.as_ref())).collect();
    escaped.join(between)
}
