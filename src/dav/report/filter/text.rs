//! Text matches and their collations (RFC 4790, RFC 5051).

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// How texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Collation {
    /// `i;octet`
    Octet,
    /// `i;ascii-casemap`
    Ascii,
    /// `i;unicode-casemap`
    Unicode,
}

impl Collation {
    /// By its name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "i;octet" => Self::Octet,
            "i;ascii-casemap" => Self::Ascii,
            "i;unicode-casemap" => Self::Unicode,
            _ => return None,
        })
    }

    /// The text as it is compared.
    fn folded(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Octet => Cow::Borrowed(text),
            Self::Ascii => Cow::Owned(text.to_ascii_lowercase()),
            // Both cases meet in the upper one: `ß` and `SS`, the two small sigmas.
            Self::Unicode => Cow::Owned(
                text.chars()
                    .flat_map(char::to_uppercase)
                    .flat_map(char::to_lowercase)
                    .nfkd()
                    .collect(),
            ),
        }
    }
}

/// Where the text that is looked for has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    Equals,
    Contains,
    StartsWith,
    EndsWith,
}

impl Match {
    /// By its name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "equals" => Self::Equals,
            "contains" => Self::Contains,
            "starts-with" => Self::StartsWith,
            "ends-with" => Self::EndsWith,
            _ => return None,
        })
    }
}

/// `text-match`
#[derive(Debug)]
pub(super) struct TextMatch {
    collation: Collation,
    kind: Match,
    negate: bool,
    /// What is looked for, folded.
    needle: String,
}

impl TextMatch {
    pub(super) fn new(collation: Collation, kind: Match, negate: bool, text: &str) -> Self {
        Self {
            collation,
            kind,
            negate,
            needle: collation.folded(text).into_owned(),
        }
    }

    /// Whether any of the texts matches; negated: none.
    pub(super) fn any<'a>(&self, mut texts: impl Iterator<Item = &'a str>) -> bool {
        texts.any(|text| self.found(text)) != self.negate
    }

    fn found(&self, text: &str) -> bool {
        let text = self.collation.folded(text);
        let needle = self.needle.as_str();
        match self.kind {
            Match::Equals => text == needle,
            Match::Contains => text.contains(needle),
            Match::StartsWith => text.starts_with(needle),
            Match::EndsWith => text.ends_with(needle),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(collation: Collation, kind: Match, needle: &str, text: &str) -> bool {
        TextMatch::new(collation, kind, false, needle).any([text].into_iter())
    }

    #[test]
    fn collations() {
        use Collation::{Ascii, Octet, Unicode};
        for (collation, needle, text, expected) in [
            (Octet, "ann", "Ann", false),
            (Octet, "Ann", "Ann", true),
            (Ascii, "ANN", "ann", true),
            (Ascii, "Ü", "ü", false),
            (Unicode, "Ü", "u\u{308}", true),
            (Unicode, "STRASSE", "straße", true),
            (Unicode, "ΣΑΣ", "σας", true),
            (Unicode, "ﬁ", "FI", true),
        ] {
            let equal = found(collation, Match::Equals, needle, text);
            assert_eq!(equal, expected, "{collation:?} {needle} {text}");
        }
    }

    #[test]
    fn kinds_of_matches() {
        for (kind, needle, expected) in [
            (Match::Equals, "abc", true),
            (Match::Equals, "ab", false),
            (Match::Contains, "b", true),
            (Match::Contains, "x", false),
            (Match::StartsWith, "ab", true),
            (Match::StartsWith, "bc", false),
            (Match::EndsWith, "bc", true),
            (Match::EndsWith, "ab", false),
        ] {
            assert_eq!(
                found(Collation::Ascii, kind, needle, "abc"),
                expected,
                "{kind:?} {needle}"
            );
        }
    }

    #[test]
    fn negation_is_of_all_texts() {
        let not = TextMatch::new(Collation::Ascii, Match::Equals, true, "a");
        assert!(not.any(["b", "c"].into_iter()));
        assert!(!not.any(["b", "a"].into_iter()));
    }
}
