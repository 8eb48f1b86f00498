//! From events to a tree, within limits.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::BytesRef;

use super::element::Element;

const MAX_DEPTH: usize = 32;
/// A `multiget` of a whole large collection fits.
const MAX_ELEMENTS: usize = 100_000;

/// Why a body is not acceptable, as a sentence for the client.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct XmlError(String);

impl XmlError {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

/// A tree that grows.
#[derive(Default)]
pub(super) struct Builder {
    open: Vec<Element>,
    root: Option<Element>,
    count: usize,
}

impl Builder {
    /// Whether no element is open.
    pub(super) fn is_outside(&self) -> bool {
        self.open.is_empty()
    }

    /// An element begins.
    pub(super) fn open(&mut self, element: Element) -> Result<(), XmlError> {
        self.count += 1;
        if self.count > MAX_ELEMENTS {
            return Err(XmlError::new("the body has too many elements"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(XmlError::new("the body is nested too deeply"));
        }
        if self.root.is_some() {
            return Err(XmlError::new("the body has more than one root element"));
        }
        self.open.push(element);
        Ok(())
    }

    /// Text of the open element.
    pub(super) fn text(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(text);
        }
    }

    /// A character or one of the five entities that need no declaration.
    pub(super) fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), XmlError> {
        let unknown = || XmlError::new("an entity is not declared");
        if self.open.is_empty() {
            return Err(XmlError::new("text outside the root element"));
        }
        let character = reference.resolve_char_ref().map_err(|_| unknown())?;
        if let Some(character) = character {
            self.text(character.encode_utf8(&mut [0; 4]));
            return Ok(());
        }
        let text = resolve_predefined_entity(&reference.xml10_content()).ok_or_else(unknown)?;
        self.text(text);
        Ok(())
    }

    /// The open element ends.
    pub(super) fn close(&mut self) {
        let Some(element) = self.open.pop() else {
            return;
        };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    /// The root, at the end of the document.
    pub(super) fn finish(self) -> Result<Element, XmlError> {
        if !self.open.is_empty() {
            return Err(XmlError::new("the body ends early"));
        }
        self.root
            .ok_or_else(|| XmlError::new("the body has no root element"))
    }
}
