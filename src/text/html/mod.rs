//! HTML to readable text: descriptions that clouds send with markup.

mod entity;
mod page;
mod tag;

use page::Page;
use tag::next_tag;

/// Elements by which markup is known to be HTML.
const ELEMENTS: &str = "a abbr address article b big blockquote body br center code dd div dl dt em \
                        font h1 h2 h3 h4 h5 h6 head header hr html i img li link main meta ol p pre \
                        s script section small span strike strong style sub sup table tbody td th \
                        thead title tr u ul";

fn is_element(name: &str) -> bool {
    ELEMENTS.split_whitespace().any(|known| known == name)
}

/// The text where it is HTML as readable text, else unchanged. It is HTML when it begins with a
/// tag or a known element ends in it; a `<` alone makes none.
pub(super) fn readable(text: &str) -> String {
    if is_html(text) {
        plain(text)
    } else {
        text.to_owned()
    }
}

fn is_html(text: &str) -> bool {
    let begins = text.trim_start();
    let doctype = begins
        .get(..9)
        .is_some_and(|it| it.eq_ignore_ascii_case("<!doctype"));
    let first = || next_tag(begins).is_some_and(|(tag, _)| is_element(&tag.name));
    doctype || (begins.starts_with('<') && first()) || has_known_end(text)
}

/// Whether a known element ends somewhere, or a line does.
fn has_known_end(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let after = &text[at + 1..];
        let (ends, name) = match after.strip_prefix('/') {
            Some(name) => (true, name),
            None => (false, after),
        };
        let letters = name.bytes().take(11).take_while(u8::is_ascii_alphanumeric);
        let letters = letters.count();
        let closed = name[letters..]
            .trim_start_matches([' ', '/'])
            .starts_with('>');
        let name = name[..letters].to_ascii_lowercase();
        closed && (name == "br" || (ends && is_element(&name)))
    })
}

/// HTML as readable text: paragraphs, lists, addresses of links in brackets; scripts and styles
/// left out. Linear in the length of the text, whatever it holds.
#[must_use]
pub fn plain(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = html;
    // no tag begins where none can end; every other search for an end consumes what it looked at
    let beyond_tags = html.rfind('>').map_or(html.len(), |last| html.len() - last);
    while let Some(c) = rest.chars().next() {
        if c == '<'
            && rest.len() >= beyond_tags
            && let Some((tag, after)) = next_tag(rest)
        {
            rest = page.tag(&tag, after);
        } else if c == '&' {
            let (c, after) = entity::reference(rest);
            page.text(c);
            rest = after;
        } else {
            page.text(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    page.end()
}

#[cfg(test)]
mod tests;
