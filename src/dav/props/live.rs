//! What a live property is, and the tables of them.

use std::borrow::Cow;

use super::super::report::Report;
use super::resource::{Resource, Scene};
use super::{access, caldav, carddav, vendor, webdav};

/// The value of a property.
pub(super) enum Value<'r> {
    /// An empty element.
    Empty,
    /// Text.
    Text(Cow<'r, str>),
    /// One `D:href`.
    Href(String),
    /// Markup of ours, in prefixes that the property binds.
    Markup(&'static str),
    /// Reports (RFC 3253 §3.1.5).
    Reports(&'static [Report]),
}

/// Whether a property is part of `allprop`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AllProp {
    Yes,
    /// For Windows, whose request for everything means these.
    Microsoft,
    No,
}

/// What has to be asked of the mirror before a property can be told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    /// Space of the drive.
    Quota,
    /// State of the collection.
    Head,
}

/// How a property is worked out.
pub(super) type Told = for<'r> fn(&Scene<'_>, &'r Resource<'_>) -> Option<Value<'r>>;

/// A property that the server knows.
pub(super) struct Live {
    pub(super) namespace: &'static str,
    pub(super) local: &'static str,
    pub(super) all: AllProp,
    /// Its value on a resource; `None` where it does not exist.
    pub(super) answer: Told,
    pub(super) needs: Needs,
    /// Namespaces of its markup beside `DAV:`.
    pub(super) binds: &'static [&'static str],
}

/// A property that `allprop` leaves out.
pub(super) const fn live(namespace: &'static str, local: &'static str, answer: Told) -> Live {
    Live {
        namespace,
        local,
        all: AllProp::No,
        answer,
        needs: Needs::Nothing,
        binds: &[],
    }
}

impl Live {
    /// Part of `allprop`.
    pub(super) const fn always(mut self) -> Self {
        self.all = AllProp::Yes;
        self
    }

    /// Part of what Windows means by everything.
    pub(super) const fn for_windows(mut self) -> Self {
        self.all = AllProp::Microsoft;
        self
    }

    pub(super) const fn needing(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    pub(super) const fn binding(mut self, namespaces: &'static [&'static str]) -> Self {
        self.binds = namespaces;
        self
    }
}

/// Every live property. The order is that of an `allprop` answer.
pub(super) fn all() -> impl Iterator<Item = &'static Live> {
    [
        webdav::LIVE,
        access::LIVE,
        caldav::LIVE,
        carddav::LIVE,
        vendor::LIVE,
    ]
    .into_iter()
    .flatten()
}

pub(super) fn text<'r>(text: impl Into<Cow<'r, str>>) -> Value<'r> {
    Value::Text(text.into())
}

pub(super) fn number<'r>(number: u64) -> Value<'r> {
    Value::Text(number.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_once() {
        for (at, one) in all().enumerate() {
            let again = all()
                .take(at)
                .any(|other| (other.namespace, other.local) == (one.namespace, one.local));
            assert!(!again, "{}", one.local);
        }
    }
}
