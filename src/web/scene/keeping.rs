//! What the browser is given to keep: the cookies of sessions and of guests.

use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretString};

use super::Scene;
use crate::accounts::NewSession;
use crate::domain::{Error, Kind, Result};
use crate::web::cookies::{Cookie, Jar};
use crate::web::{Answer, answer};

/// How long browsers keep the cookie, in seconds: longer than any session lasts, which the server
/// ends by itself.
const KEPT: i64 = 400 * 24 * 60 * 60;

/// On an answer: somebody signed in or out, and the guest's cookie is to be another one. What was
/// known of the browser before is good for nothing afterwards.
#[derive(Clone, Copy)]
struct Renewed;

impl Scene<'_> {
    /// Gives the browser a session that was just opened, and sends it on. Another one that it had
    /// is no longer in its hands.
    pub(in crate::web) fn welcome(&self, session: &NewSession, to: &str) -> Answer {
        let mut answer = self.see(to);
        let value = session.cookie.expose_secret();
        self.give(&mut answer, Cookie::Session, value, Some(KEPT));
        answer.extensions_mut().insert(Renewed);
        answer
    }

    /// Takes the session's cookie away.
    pub(in crate::web) fn farewell(&self) -> Answer {
        let mut answer = self.see("/sign-in");
        self.give(&mut answer, Cookie::Session, "", Some(0));
        answer.extensions_mut().insert(Renewed);
        answer
    }

    fn give(&self, answer: &mut Answer, cookie: Cookie, value: &str, seconds: Option<i64>) {
        let jar = Jar {
            secure: self.secure,
            prefix: &self.visit.prefix,
        };
        answer::set_cookie(answer, &jar.set(cookie, value, seconds));
    }

    /// What every answer carries: cookies, and who is signed in, for the log.
    pub(in crate::web) fn dress(&self, answer: &mut Answer) {
        if let Some(person) = &self.person {
            answer.extensions_mut().insert(person.user.clone());
        }
        if answer.extensions_mut().remove::<Renewed>().is_some() {
            // without random numbers rather none than the old one
            let (value, seconds) =
                random().map_or((SecretString::default(), Some(0)), |new| (new, None));
            self.give(answer, Cookie::Guest, value.expose_secret(), seconds);
        } else if self.new_guest {
            self.give(answer, Cookie::Guest, self.guest.expose_secret(), None);
        }
    }
}

/// 256 random bits as letters.
pub(in crate::web) fn random() -> Result<SecretString> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::bridge(Kind::Down, "the system gives no random numbers").because(error)
    })?;
    Ok(BASE64URL_NOPAD.encode(&bytes).into())
}
