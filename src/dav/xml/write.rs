//! Writing answers: every prefix bound on the root, text escaped, illegal characters left out.

use std::borrow::Cow;
use std::io::Write;

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::name::{CALDAV, CARDDAV, DAV, Name, is_ncname};

/// Prefixes that are the same in every answer.
const FIXED: &[(&str, &str)] = &[
    ("D", DAV),
    ("C", CALDAV),
    ("CR", CARDDAV),
    ("CS", "http://calendarserver.org/ns/"),
    ("A", "http://apple.com/ns/ical/"),
    ("Z", "urn:schemas-microsoft-com:"),
    ("X", "http://apache.org/dav/props/"),
    ("OC", "http://owncloud.org/ns"),
];

/// The prefixes of one answer.
#[derive(Debug, Clone)]
pub(crate) struct Prefixes {
    bound: Vec<(String, String)>,
}

impl Prefixes {
    /// `D` alone.
    pub(crate) fn new() -> Self {
        Self {
            bound: vec![("D".to_owned(), DAV.to_owned())],
        }
    }

    /// The tag of a name, binding a prefix for its namespace if there is none yet: the fixed one,
    /// else the client's own, else a new one.
    pub(crate) fn tag(&mut self, namespace: &str, local: &str, wish: &str) -> String {
        if namespace.is_empty() {
            return local.to_owned();
        }
        if let Some((prefix, _)) = self.bound.iter().find(|(_, bound)| bound == namespace) {
            return format!("{prefix}:{local}");
        }
        let prefix = self.free_prefix(namespace, wish);
        let tag = format!("{prefix}:{local}");
        self.bound.push((prefix, namespace.to_owned()));
        tag
    }

    /// The tag of a name that came with a request.
    pub(crate) fn tag_of(&mut self, name: &Name) -> String {
        self.tag(&name.namespace, &name.local, &name.prefix)
    }

    fn free_prefix(&self, namespace: &str, wish: &str) -> String {
        if let Some((prefix, _)) = FIXED.iter().find(|(_, fixed)| *fixed == namespace) {
            return (*prefix).to_owned();
        }
        let taken = |prefix: &str| {
            let fixed = FIXED.iter().any(|(fixed, _)| *fixed == prefix);
            fixed || self.bound.iter().any(|(bound, _)| bound == prefix)
        };
        if is_ncname(wish) && !wish.to_lowercase().starts_with("xml") && !taken(wish) {
            return wish.to_owned();
        }
        let mut number = self.bound.len();
        loop {
            let prefix = format!("n{number}");
            if !taken(&prefix) {
                return prefix;
            }
            number += 1;
        }
    }
}

/// Writes one answer into memory, piece by piece.
pub(crate) struct Writer {
    inner: quick_xml::Writer<Vec<u8>>,
}

impl Writer {
    /// An empty piece.
    pub(crate) fn new() -> Self {
        Self {
            inner: quick_xml::Writer::new(Vec::with_capacity(1024)),
        }
    }

    /// XML declaration and the opened root element with all its prefixes.
    pub(crate) fn begin(&mut self, root: &str, prefixes: &Prefixes) {
        self.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        let mut start = BytesStart::new(root);
        for (prefix, namespace) in &prefixes.bound {
            start.push_attribute((format!("xmlns:{prefix}").as_str(), namespace.as_str()));
        }
        self.event(Event::Start(start));
    }

    /// `<tag>`.
    pub(crate) fn open(&mut self, tag: &str) {
        self.event(Event::Start(BytesStart::new(tag)));
    }

    /// `</tag>`.
    pub(crate) fn close(&mut self, tag: &str) {
        self.event(Event::End(BytesEnd::new(tag)));
    }

    /// `<tag/>`.
    pub(crate) fn empty(&mut self, tag: &str) {
        self.event(Event::Empty(BytesStart::new(tag)));
    }

    /// `<tag>text</tag>`.
    pub(crate) fn text(&mut self, tag: &str, text: &str) {
        self.open(tag);
        self.event(Event::Text(BytesText::new(&legal(text))));
        self.close(tag);
    }

    /// Markup that is ours and well formed.
    pub(crate) fn raw(&mut self, markup: &'static str) {
        self.inner
            .get_mut()
            .write_all(markup.as_bytes())
            .expect("writing into memory does not fail");
    }

    /// What was written so far.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.inner.into_inner()
    }

    fn event(&mut self, event: Event<'_>) {
        self.inner
            .write_event(event)
            .expect("writing into memory does not fail");
    }
}

/// Text without characters that XML 1.0 cannot hold even escaped.
fn legal(text: &str) -> Cow<'_, str> {
    let illegal = |c: char| {
        (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}')
    };
    if text.contains(illegal) {
        Cow::Owned(text.replace(illegal, ""))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_prefixes_are_kept_unless_taken() {
        let mut prefixes = Prefixes::new();
        assert_eq!(prefixes.tag("urn:x", "a", "x"), "x:a");
        assert_eq!(prefixes.tag("urn:x", "b", "y"), "x:b");
        assert_eq!(prefixes.tag("urn:y", "a", "D"), "n2:a");
        assert_eq!(prefixes.tag("urn:z", "a", "xmlz"), "n3:a");
        assert_eq!(prefixes.tag("", "a", ""), "a");
        assert_eq!(
            prefixes.tag("http://calendarserver.org/ns/", "getctag", "q"),
            "CS:getctag"
        );
    }

    #[test]
    fn text_is_escaped_and_legal() {
        let mut writer = Writer::new();
        writer.text("D:href", "a&b<c>]]>\u{0}\u{FFFF}d");
        let text = String::from_utf8(writer.finish()).unwrap();
        assert_eq!(text, "<D:href>a&amp;b&lt;c&gt;]]&gt;d</D:href>");
    }
}
