//! The text so far.

use super::tag::Tag;

/// Lists inside each other that are told apart.
const DEEPEST: usize = 16;

/// Readable text while it is made.
#[derive(Debug, Default)]
pub(super) struct Page {
    out: String,
    /// Line breaks due before the next character.
    breaks: usize,
    /// Whether a blank is due before the next character.
    blank: bool,
    /// Open lists: the number of the last entry, `None` for bullets.
    lists: Vec<Option<u32>>,
    /// Where the open link's text begins, and where it leads.
    link: Option<(usize, String)>,
    /// Elements open in which white space counts.
    preformatted: usize,
    /// Elements whose ends were looked for in vain.
    endless: Vec<String>,
}

impl Page {
    /// Adds a character of text.
    pub(super) fn text(&mut self, c: char) {
        if self.preformatted > 0 && c == '\n' {
            self.breaks += 1;
            return;
        }
        if c.is_whitespace() && self.preformatted == 0 {
            self.blank = true;
            return;
        }
        self.settle();
        self.out.push(c);
    }

    /// Writes the breaks and blanks that are due.
    fn settle(&mut self) {
        let (breaks, blank) = (self.breaks, self.blank);
        (self.breaks, self.blank) = (0, false);
        if self.out.is_empty() {
            return;
        }
        if breaks > 0 {
            self.out.extend(std::iter::repeat_n('\n', breaks.min(2)));
        } else if blank && !self.out.ends_with([' ', '\n']) {
            self.out.push(' ');
        }
    }

    fn at_least(&mut self, breaks: usize) {
        self.breaks = self.breaks.max(breaks);
    }

    fn words(&mut self, words: &str) {
        words.chars().for_each(|c| self.text(c));
    }

    /// Takes a tag; what follows is returned, without the content of elements that show none.
    pub(super) fn tag<'a>(&mut self, tag: &Tag<'_>, after: &'a str) -> &'a str {
        match tag.name.as_str() {
            "script" | "style" | "head" | "title" if !tag.ends => {
                return self.skip(&tag.name, after);
            }
            "br" => self.breaks += 1,
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "table" | "hr" => {
                self.at_least(2);
            }
            "div" | "tr" | "dt" | "dd" | "section" | "article" | "header" | "address" => {
                self.at_least(1);
            }
            "td" | "th" => self.blank = true,
            "pre" => self.preformatted(tag.ends),
            "ul" => self.list(tag.ends, None),
            "ol" => self.list(tag.ends, Some(0)),
            "li" if tag.ends => self.at_least(1),
            "li" => self.entry(),
            "a" => self.link(tag),
            "img" => self.words(&tag.attribute("alt").unwrap_or_default()),
            _ => {}
        }
        after
    }

    /// What follows an element that shows nothing. A script or style without end hides the rest; a
    /// title or head without end hides nothing.
    fn skip<'a>(&mut self, name: &str, after: &'a str) -> &'a str {
        let end = format!("</{name}");
        // the end of a head may be left out
        let ends: &[&str] = if name == "head" {
            &[&end, "<body"]
        } else {
            &[&end]
        };
        if self.endless.iter().any(|known| known == name) {
            return after;
        }
        match find(after, ends) {
            Some((at, "<body")) => &after[at..],
            Some((at, _)) => after[at..].split_once('>').map_or("", |(_, rest)| rest),
            None if matches!(name, "script" | "style") => "",
            None => {
                self.endless.push(name.to_owned());
                after
            }
        }
    }

    fn preformatted(&mut self, ends: bool) {
        self.at_least(1);
        self.preformatted = match ends {
            true => self.preformatted.saturating_sub(1),
            false => self.preformatted + 1,
        };
    }

    fn list(&mut self, ends: bool, first: Option<u32>) {
        self.at_least(1);
        if ends {
            self.lists.pop();
        } else if self.lists.len() < DEEPEST {
            self.lists.push(first);
        }
    }

    fn entry(&mut self) {
        self.at_least(1);
        let depth = self.lists.len().saturating_sub(1);
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{number}.")
            }
            _ => "-".to_owned(),
        };
        self.settle();
        self.out.extend(std::iter::repeat_n("  ", depth));
        self.out.push_str(&mark);
        self.blank = true;
    }

    /// Begins a link, or ends it with the address unless the text shows it already.
    fn link(&mut self, tag: &Tag<'_>) {
        if !tag.ends {
            let address = tag.attribute("href").unwrap_or_default();
            self.link = Some((self.out.len(), address.trim().to_owned()));
            return;
        }
        let Some((from, address)) = self.link.take() else {
            return;
        };
        let shown = self.out.get(from..).unwrap_or_default().trim();
        let bare = address
            .trim_start_matches("mailto:")
            .trim_start_matches("tel:");
        let known = ["http://", "https://", "mailto:", "tel:"];
        let leads = known.iter().any(|scheme| address.starts_with(scheme));
        if !leads || shown == bare || shown == address.trim_end_matches('/') {
            return;
        }
        if shown.is_empty() {
            self.words(&address);
        } else {
            self.words(&format!(" ({address})"));
        }
    }

    /// The finished text.
    pub(super) fn end(self) -> String {
        self.out.trim().to_owned()
    }
}

/// The first of some tags, told up to the ends of their names, and where it begins.
fn find<'t>(text: &str, tags: &[&'t str]) -> Option<(usize, &'t str)> {
    text.match_indices('<').find_map(|(at, _)| {
        let here = &text.as_bytes()[at..];
        let is = |tag: &&&str| {
            let name = here.get(..tag.len());
            let next = here.get(tag.len());
            name.is_some_and(|name| name.eq_ignore_ascii_case(tag.as_bytes()))
                && next.is_none_or(|next| !next.is_ascii_alphanumeric())
        };
        tags.iter().find(is).map(|tag| (at, *tag))
    })
}
