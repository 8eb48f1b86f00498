//! Why a reading failed, kept as one text: a word for it, then the sentence.

use std::fmt;

use crate::domain::{Error, Fault, Kind};

/// Why a reading failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The cloud asks to wait.
    Busy,
    /// The cloud cannot be reached.
    Down,
    /// The cloud does not take the token any more.
    SignedOut,
    /// The cloud does not let the bridge see this.
    NotGranted,
    /// The cloud's answer makes no sense.
    Answer,
    /// The bridge's own store is in trouble.
    Bridge,
    /// It was noted by a bridge that did not say.
    Unknown,
}

const WORDS: [(Why, &str); 6] = [
    (Why::Busy, "busy"),
    (Why::Down, "down"),
    (Why::SignedOut, "signed out"),
    (Why::NotGranted, "not granted"),
    (Why::Answer, "answer"),
    (Why::Bridge, "bridge"),
];

/// What was wrong with a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Why it failed, for those who have words of their own.
    pub why: Why,
    /// The same as a sentence.
    pub sentence: String,
}

impl Problem {
    pub(super) fn of(error: &Error) -> Self {
        let why = match (error.fault(), error.kind()) {
            (Fault::Bridge, _) => Why::Bridge,
            (_, Kind::Busy { .. }) => Why::Busy,
            (_, Kind::Down) => Why::Down,
            (_, Kind::SignedOut) => Why::SignedOut,
            (_, Kind::NotGranted | Kind::Forbidden) => Why::NotGranted,
            _ => Why::Answer,
        };
        let sentence = error.to_string();
        Self { why, sentence }
    }

    /// As it is stored.
    pub(super) fn text(&self) -> String {
        let word = WORDS.iter().find(|(why, _)| *why == self.why);
        match word {
            Some((_, word)) => format!("{word}: {}", self.sentence),
            None => self.sentence.clone(),
        }
    }

    /// What is stored; `None` where nothing was wrong.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let known = |(why, word): &(Why, &str)| {
            let sentence = text.strip_prefix(word)?.strip_prefix(": ")?.to_owned();
            Some(Self {
                why: *why,
                sentence,
            })
        };
        let unknown = || Self {
            why: Why::Unknown,
            sentence: text.to_owned(),
        };
        (!text.is_empty()).then(|| WORDS.iter().find_map(known).unwrap_or_else(unknown))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_again() {
        for (kind, why) in [
            (Kind::Busy { retry_after: None }, Why::Busy),
            (Kind::Down, Why::Down),
            (Kind::SignedOut, Why::SignedOut),
            (Kind::Forbidden, Why::NotGranted),
            (Kind::Broken, Why::Answer),
        ] {
            let problem = Problem::of(&Error::cloud(kind, "down: it says"));
            assert_eq!((problem.why, &*problem.sentence), (why, "down: it says"));
            assert_eq!(Problem::parse(&problem.text()), Some(problem));
        }
        let own = Problem::of(&Error::bridge(Kind::Down, "no space"));
        assert_eq!(own.why, Why::Bridge);
    }

    #[test]
    fn what_an_older_bridge_stored_is_a_sentence() {
        let problem = Problem::parse("listing failed: no route").unwrap();
        assert_eq!(problem.why, Why::Unknown);
        assert_eq!(problem.to_string(), "listing failed: no route");
        assert_eq!(Problem::parse(""), None);
    }
}
