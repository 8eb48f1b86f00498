//! A request body as a tree, bounded in bytes (by the caller), depth and number of elements.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};

use super::builder::{Builder, XmlError};
use super::element::Element;
use super::name::{Name, is_ncname};

/// Parses a whole document. DTDs, undeclared prefixes, other encodings than UTF-8 and anything
/// that is not well formed are refused.
pub(crate) fn parse(body: &[u8]) -> Result<Element, XmlError> {
    let text = std::str::from_utf8(body).map_err(|_| XmlError::new("the body is not UTF-8"))?;
    let mut reader = NsReader::from_str(text.trim_start_matches('\u{FEFF}'));
    let mut builder = Builder::default();
    loop {
        let (namespace, event) = reader
            .read_resolved_event()
            .map_err(|error| malformed(&error))?;
        match event {
            Event::Start(start) => builder.open(element(&namespace, &start)?)?,
            Event::Empty(start) => {
                builder.open(element(&namespace, &start)?)?;
                builder.close();
            }
            Event::End(_) => builder.close(),
            Event::DocType(_) => return Err(XmlError::new("a document type is not allowed")),
            Event::Text(text) if builder.is_outside() && !text.trim().is_empty() => {
                return Err(XmlError::new("text outside the root element"));
            }
            Event::Decl(decl) => check_encoding(&decl)?,
            Event::Eof => return builder.finish(),
            Event::Text(text) => builder.text(&text.xml10_content()),
            Event::CData(text) => builder.text(&text.xml10_content()),
            Event::GeneralRef(reference) => builder.reference(&reference)?,
            Event::Comment(_) | Event::PI(_) => {}
        }
    }
}

fn malformed(error: &quick_xml::Error) -> XmlError {
    XmlError::new(format!("the body is not well-formed XML: {error}"))
}

fn check_encoding(decl: &quick_xml::events::BytesDecl<'_>) -> Result<(), XmlError> {
    match decl.encoding() {
        None => Ok(()),
        Some(Ok(encoding))
            if ["utf-8", "utf8", "us-ascii"].contains(&encoding.to_lowercase().as_str()) =>
        {
            Ok(())
        }
        Some(_) => Err(XmlError::new("only UTF-8 is understood")),
    }
}

fn element(namespace: &ResolveResult<'_>, start: &BytesStart<'_>) -> Result<Element, XmlError> {
    Ok(Element {
        name: name(namespace, start)?,
        attributes: attributes(start)?,
        text: String::new(),
        children: Vec::new(),
    })
}

/// Attributes without a prefix; those of other namespaces mean nothing here.
fn attributes(start: &BytesStart<'_>) -> Result<Vec<(String, String)>, XmlError> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute =
            attribute.map_err(|error| XmlError::new(format!("bad attribute: {error}")))?;
        let name = attribute.key.as_ref();
        if name.starts_with("xmlns:") && attribute.value.is_empty() {
            return Err(XmlError::new("a prefix cannot be bound to no namespace"));
        }
        if name == "xmlns" || name.contains(':') {
            continue;
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|error| XmlError::new(format!("bad attribute: {error}")))?;
        attributes.push((name.to_owned(), value.into_owned()));
    }
    Ok(attributes)
}

fn name(namespace: &ResolveResult<'_>, start: &BytesStart<'_>) -> Result<Name, XmlError> {
    let namespace = match namespace {
        ResolveResult::Bound(namespace) => namespace.as_ref().to_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(prefix) => {
            return Err(XmlError::new(format!("undeclared prefix {prefix:?}")));
        }
    };
    let local = start.local_name().as_ref().to_owned();
    if !is_ncname(&local) {
        return Err(XmlError::new("an element has an impossible name"));
    }
    let prefix = start
        .name()
        .prefix()
        .map_or_else(String::new, |prefix| prefix.as_ref().to_owned());
    Ok(Name {
        namespace,
        local,
        prefix,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn namespaces_are_resolved() {
        let root =
            parse(b"<?xml version=\"1.0\"?><a:x xmlns:a=\"DAV:\"><y xmlns=\"urn:y\"/><z/></a:x>")
                .unwrap();
        assert!(root.name.is("DAV:", "x"));
        assert!(root.children[0].name.is("urn:y", "y"));
        assert!(root.children[1].name.is("", "z"));
    }

    #[test]
    fn text_and_attributes_are_kept() {
        let root = parse(
            b"<a x=\"1 &lt; 2\" xmlns:p=\"u\" p:x=\"no\" Content-Type=\"t\"> b&amp;<!-- no -->&#233;<c/><![CDATA[<d>]]></a>",
        )
        .unwrap();
        assert_eq!(root.text, " b&\u{e9}<d>");
        assert_eq!(root.attribute("x"), Some("1 < 2"));
        assert_eq!(root.attribute("content-type"), Some("t"));
        assert_eq!(root.attribute("xmlns"), None);
        assert_eq!(root.attributes.len(), 2);
    }

    #[test]
    fn what_is_wrong_is_refused() {
        let deep = "<a>".repeat(33) + &"</a>".repeat(33);
        let many = format!("<a>{}</a>", "<b/>".repeat(100_001));
        for bad in [
            "",
            "   ",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "x<a/>",
            "<a/>x",
            "<p:a/>",
            "<a xmlns:p=\"\"/>",
            "<a b=\"1\" b=\"2\"/>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>",
            "<a>\u{0}",
            "<a>&unknown;</a>",
            "<a>&#xD800;</a>",
            "&lt;<a/>",
            "<a b=\"&unknown;\"/>",
            &deep,
            &many,
        ] {
            assert!(
                parse(bad.as_bytes()).is_err(),
                "{}",
                bad.chars().take(60).collect::<String>()
            );
        }
        assert!(parse(b"<a>\xFF</a>").is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse(&body);
        }

        #[test]
        fn mutated_bodies_are_answered(at in 0usize..120, byte in any::<u8>()) {
            let mut body = b"<?xml version=\"1.0\"?><D:propfind xmlns:D=\"DAV:\"><D:prop><D:getetag/><x:y xmlns:x=\"u\"/></D:prop></D:propfind>".to_vec();
            let at = at % body.len();
            body[at] = byte;
            let _ = parse(&body);
        }
    }
}
