//! Filters of properties and parameters (RFC 4791 §9.7.2, §9.7.3; RFC 6352 §10.5.1, §10.5.2).

use crate::domain::Span;
use crate::text::{Component, Property};

use super::text::TextMatch;
use super::{Test, time};

/// `prop-filter`
#[derive(Debug)]
pub(super) struct PropFilter {
    /// Group before the name, where one is asked for.
    pub(super) group: Option<String>,
    pub(super) name: String,
    pub(super) wants: PropWants,
}

/// What is wanted of a property.
#[derive(Debug)]
pub(super) enum PropWants {
    /// That there is none.
    Absent,
    /// That one of them passes.
    Present {
        test: Test,
        within: Option<Span>,
        texts: Vec<TextMatch>,
        params: Vec<ParamFilter>,
    },
}

/// `param-filter`
#[derive(Debug)]
pub(super) struct ParamFilter {
    pub(super) name: String,
    pub(super) wants: ParamWants,
}

/// What is wanted of a parameter.
#[derive(Debug)]
pub(super) enum ParamWants {
    Absent,
    Present(Option<TextMatch>),
}

impl PropFilter {
    /// Whether a component's own properties pass.
    pub(super) fn matches(&self, component: &Component) -> bool {
        let mut named = component.all(&self.name).filter(|one| self.is_group(one));
        match &self.wants {
            PropWants::Absent => named.next().is_none(),
            PropWants::Present {
                test,
                within,
                texts,
                params,
            } => named.any(|property| {
                let values = values(property);
                let within = within.iter().map(|span| time::property_in(property, span));
                let values = || values.iter().map(String::as_str);
                let texts = texts.iter().map(|text| text.any(values()));
                let params = params.iter().map(|param| param.matches(property));
                test.of(within.chain(texts).chain(params))
            }),
        }
    }

    fn is_group(&self, property: &Property) -> bool {
        let Some(wanted) = &self.group else {
            return true;
        };
        let group = property.group.as_deref();
        group.is_some_and(|group| group.eq_ignore_ascii_case(wanted))
    }
}

/// The texts that a value is: all of it, and each entry of a list.
fn values(property: &Property) -> Vec<String> {
    let mut values = vec![property.text()];
    let is_list = ["CATEGORIES", "NICKNAME", "RESOURCES"];
    if is_list.iter().any(|list| property.is(list)) {
        values.extend(property.texts());
    }
    values
}

impl ParamFilter {
    fn matches(&self, property: &Property) -> bool {
        let mut values = property.param_values(&self.name).peekable();
        match &self.wants {
            ParamWants::Absent => values.peek().is_none(),
            ParamWants::Present(None) => values.peek().is_some(),
            ParamWants::Present(Some(text)) => values.peek().is_some() && text.any(values),
        }
    }
}
