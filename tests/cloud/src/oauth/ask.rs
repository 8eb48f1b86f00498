//! What an application asks of the page.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use crate::request::Query;

/// The query of the page of consent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ask {
    pub(crate) client: String,
    pub(crate) redirect: String,
    pub(crate) response_type: String,
    /// As asked, each once.
    pub(crate) scopes: Vec<String>,
    pub(crate) state: Option<String>,
    pub(crate) prompts: Vec<String>,
    pub(crate) hint: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    /// A `code_challenge_method` that nobody knows.
    pub(crate) strange_method: bool,
}

/// What the verifier of RFC 7636 must fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    S256(String),
    Plain(String),
}

impl Challenge {
    pub(crate) fn fits(&self, verifier: &str) -> bool {
        match self {
            Challenge::Plain(text) => text == verifier,
            Challenge::S256(text) => *text == BASE64URL_NOPAD.encode(&Sha256::digest(verifier)),
        }
    }
}

impl Ask {
    pub(crate) fn read(query: &Query) -> Ask {
        let text = |name: &str| query.get(name).unwrap_or_default().to_owned();
        let optional = |name: &str| query.get(name).map(str::to_owned);
        let method = query.get("code_challenge_method").unwrap_or("plain");
        let challenge = optional("code_challenge").map(|text| match method {
            "S256" => Challenge::S256(text),
            _ => Challenge::Plain(text),
        });
        Ask {
            client: text("client_id"),
            redirect: text("redirect_uri"),
            response_type: text("response_type"),
            scopes: words(query.get("scope")),
            state: optional("state"),
            prompts: words(query.get("prompt")),
            hint: optional("login_hint"),
            nonce: optional("nonce"),
            strange_method: challenge.is_some() && !matches!(method, "S256" | "plain"),
            challenge,
        }
    }

    pub(crate) fn prompts(&self, word: &str) -> bool {
        self.prompts.iter().any(|prompt| prompt == word)
    }
}

/// Words between blanks, each once.
pub(crate) fn words(text: Option<&str>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.unwrap_or_default().split_whitespace() {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636_fits() {
        let challenge = Challenge::S256("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned());
        assert!(challenge.fits("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.fits("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK"));
    }
}
