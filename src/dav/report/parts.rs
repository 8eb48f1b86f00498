//! Parts of objects and cards (RFC 4791 §9.6.1, RFC 6352 §10.4.2).

use crate::text::{Component, Property};

use super::super::xml::{CALDAV, CARDDAV, Element};

/// Which parts of a component are told.
pub(super) struct Parts {
    /// `None`: all.
    props: Option<Vec<Prop>>,
    /// `None`: all.
    comps: Option<Vec<(String, Parts)>>,
}

struct Prop {
    name: String,
    /// The name alone.
    no_value: bool,
}

impl Parts {
    /// `comp`; an empty one asks for all of the component (RFC 4791 §7.8.1).
    pub(super) fn of_comp(comp: &Element) -> Self {
        let has = |local| comp.child_in(CALDAV, local).is_some();
        let all = comp.children.is_empty();
        let inner = comp.children.iter();
        let inner = inner.filter(|child| child.name.is(CALDAV, "comp"));
        let inner = inner.map(|child| {
            let name = child.attribute("name").unwrap_or_default();
            (name.to_owned(), Self::of_comp(child))
        });
        Self {
            props: (!all && !has("allprop")).then(|| props(comp, CALDAV)),
            comps: (!all && !has("allcomp")).then(|| inner.collect()),
        }
    }

    /// The properties of a card; its version is always told.
    pub(super) fn of_card(asked: &Element) -> Option<Self> {
        let mut props = props(asked, CARDDAV);
        if props.is_empty() || asked.child_in(CARDDAV, "allprop").is_some() {
            return None;
        }
        props.push(Prop {
            name: "VERSION".to_owned(),
            no_value: false,
        });
        Some(Self {
            props: Some(props),
            comps: None,
        })
    }

    /// Takes the others away.
    pub(super) fn cut(&self, component: &mut Component) {
        if let Some(props) = &self.props {
            component.properties.retain_mut(|property| {
                let wanted = props.iter().find(|prop| prop.is(property));
                if wanted.is_some_and(|prop| prop.no_value) {
                    property.value.clear();
                }
                wanted.is_some()
            });
        }
        let Some(comps) = &self.comps else {
            return;
        };
        component.components.retain_mut(|inner| {
            let wanted = comps.iter().find(|(name, _)| inner.is(name));
            if let Some((_, parts)) = wanted {
                parts.cut(inner);
            }
            wanted.is_some()
        });
    }
}

impl Prop {
    /// Names may come with their group (RFC 6352 §10.4.2).
    fn is(&self, property: &Property) -> bool {
        match self.name.split_once('.') {
            Some((group, name)) => {
                let given = property.group.as_deref().unwrap_or_default();
                property.is(name) && given.eq_ignore_ascii_case(group)
            }
            None => property.is(&self.name),
        }
    }
}

fn props(element: &Element, namespace: &str) -> Vec<Prop> {
    let props = element.children.iter();
    let props = props.filter(|child| child.name.is(namespace, "prop"));
    props
        .map(|prop| Prop {
            name: prop.attribute("name").unwrap_or_default().to_owned(),
            no_value: prop.attribute("novalue") == Some("yes"),
        })
        .collect()
}
