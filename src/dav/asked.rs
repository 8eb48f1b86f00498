//! Which properties a request asks for (RFC 4918 §14.20).

use super::xml::{self, Element, Name, XmlError};

/// Which properties are asked for.
pub(super) enum Asked {
    /// These names.
    Props(Vec<Name>),
    /// What `allprop` means, and these names.
    All {
        /// The `include` element.
        include: Vec<Name>,
    },
    /// Which names exist.
    Names,
    /// These names, and names of what their values lead to (RFC 3253 §3.8).
    Expanded(Vec<Wish>),
}

/// A property, and what is asked of the resource it leads to.
pub(super) struct Wish {
    pub(super) name: Name,
    pub(super) inner: Vec<Wish>,
}

/// More names than this are no honest question.
const MAX_NAMES: usize = 500;

impl Asked {
    /// Reads the body of a PROPFIND; an empty one asks for everything.
    pub(super) fn parse(body: &[u8]) -> Result<Self, XmlError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::All {
                include: Vec::new(),
            });
        }
        let root = xml::parse(body)?;
        if !root.name.is(xml::DAV, "propfind") {
            return Err(XmlError::new("the root element is not DAV:propfind"));
        }
        Self::of(&root)?
            .ok_or_else(|| XmlError::new("exactly one of prop, allprop and propname is needed"))
    }

    /// What the children of a request's root ask for; `None` where they ask for nothing.
    pub(super) fn of(root: &Element) -> Result<Option<Self>, XmlError> {
        let kinds = [
            root.child("prop"),
            root.child("allprop"),
            root.child("propname"),
        ];
        Ok(Some(match kinds {
            [None, None, None] => return Ok(None),
            [Some(prop), None, None] => Self::Props(names(prop)?),
            [None, Some(_), None] => {
                let include = root.child("include").map(names).transpose()?;
                let include = include.unwrap_or_default();
                Self::All { include }
            }
            [None, None, Some(_)] => Self::Names,
            _ => {
                return Err(XmlError::new(
                    "only one of prop, allprop and propname can be asked for",
                ));
            }
        }))
    }
}

fn names(element: &Element) -> Result<Vec<Name>, XmlError> {
    if element.children.len() > MAX_NAMES {
        return Err(XmlError::new("too many properties are asked for"));
    }
    Ok(element
        .children
        .iter()
        .map(|child| child.name.clone())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_body_asks_for_everything() {
        for body in [
            "",
            " \r\n",
            "<propfind xmlns=\"DAV:\"><allprop/></propfind>",
        ] {
            assert!(
                matches!(Asked::parse(body.as_bytes()), Ok(Asked::All { .. })),
                "{body:?}"
            );
        }
    }

    #[test]
    fn what_is_no_propfind_is_refused() {
        for body in [
            "<propfind/>",
            "<x xmlns=\"DAV:\"/>",
            "<propfind xmlns=\"DAV:\"/>",
            "<propfind xmlns=\"DAV:\"><prop/><allprop/></propfind>",
        ] {
            assert!(Asked::parse(body.as_bytes()).is_err(), "{body}");
        }
        let many = format!(
            "<propfind xmlns=\"DAV:\"><prop>{}</prop></propfind>",
            "<a/>".repeat(501)
        );
        assert!(Asked::parse(many.as_bytes()).is_err());
    }
}
