//! Who signed in, as the provider says.

use super::claims::Claims;
use super::fault::TokenFault;
use super::settings::RoleRules;
use crate::domain::Role;

/// Longest name for people, in characters.
const LONGEST_NAME: usize = 100;
/// Longest address of e-mail, in bytes (RFC 5321 §4.5.3.1.3).
const LONGEST_EMAIL: usize = 254;

/// Somebody whom the provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The provider.
    pub issuer: String,
    /// Its own, lasting id of the person.
    pub subject: String,
    /// What the DAV name is to be made of.
    pub wish: String,
    /// Name for people, on one line.
    pub display_name: Option<String>,
    /// Address of e-mail, where it is not known to be unverified.
    pub email: Option<String>,
    /// What the person may do; `None`: is not let in.
    pub role: Option<Role>,
}

impl Person {
    pub(super) fn read(
        claims: &Claims,
        issuer: &str,
        rules: &RoleRules,
    ) -> Result<Self, TokenFault> {
        let email = email(claims);
        let names = ["preferred_username", "nickname"];
        let wish = names.into_iter().find_map(|name| claims.text(name));
        Ok(Self {
            issuer: issuer.to_owned(),
            subject: claims.subject()?.to_owned(),
            wish: wish.or(email).unwrap_or_default().to_owned(),
            display_name: claims.text("name").or(wish).and_then(line),
            email: email.map(str::to_owned),
            role: rules.judge(claims),
        })
    }
}

fn email(claims: &Claims) -> Option<&str> {
    let verified = claims.get("email_verified");
    // some send the word for it
    let is_not = verified.is_some_and(|value| value == false || value == "false");
    let plain = |text: &&str| {
        text.len() <= LONGEST_EMAIL && text.contains('@') && !text.chars().any(char::is_control)
    };
    claims.text("email").filter(|_| !is_not).filter(plain)
}

/// On one line, not too long.
fn line(text: &str) -> Option<String> {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let line: String = plain.take(LONGEST_NAME).collect();
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(claims: &Value) -> Person {
        let claims = Claims::new(claims.as_object().unwrap().clone());
        Person::read(&claims, "i", &RoleRules::default()).unwrap()
    }

    #[test]
    fn names_come_from_what_there_is() {
        let full = read(&json!({
            "sub": "1", "preferred_username": "anna", "name": "Anna\r\nMuster", "email": "a@b.example",
        }));
        assert_eq!(
            (&*full.wish, full.email.as_deref()),
            ("anna", Some("a@b.example"))
        );
        assert_eq!(full.display_name.as_deref(), Some("Anna  Muster"));
        let bare = read(&json!({ "sub": "1", "email": "a@b.example", "email_verified": true }));
        assert_eq!((&*bare.wish, bare.display_name), ("a@b.example", None));
        assert_eq!(read(&json!({ "sub": "1" })).wish, "");
    }

    #[test]
    fn an_unverified_address_is_none() {
        for unverified in [json!(false), json!("false")] {
            let claims =
                json!({ "sub": "1", "email": "a@b.example", "email_verified": unverified });
            assert_eq!(read(&claims).email, None);
            assert_eq!(read(&claims).wish, "");
        }
        for odd in ["no address", "a@b\n", ""] {
            assert_eq!(
                read(&json!({ "sub": "1", "email": odd })).email,
                None,
                "{odd:?}"
            );
        }
    }
}
