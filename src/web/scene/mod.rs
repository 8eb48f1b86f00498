//! One request: who asks, from where, under which address.

mod keeping;
mod person;

use std::time::Duration;

use http::header::USER_AGENT;
use http::request::Parts;
use http::uri::Scheme;
use maud::Markup;
use secrecy::SecretString;

pub(super) use self::keeping::random;
use super::cookies::{Cookie, Jar};
use super::layout::Page;
use super::refusal::Refusal;
use super::texts::Texts;
use super::{Answer, Visit, Web, answer, texts};
use crate::accounts::{By, Client};
use crate::domain::{Error, Result};

pub(super) use self::person::Person;

/// One request.
pub(super) struct Scene<'w> {
    /// The rooms behind the page.
    pub(super) web: &'w Web,
    /// Where it comes from.
    pub(super) visit: Visit,
    /// The request without its body.
    pub(super) request: Parts,
    /// Scheme and host of the page, e.g. `https://dav.example.org`.
    pub(super) origin: String,
    /// Whether the browser speaks HTTPS.
    pub(super) secure: bool,
    person: Option<Person>,
    /// The session's secret, where there is a session.
    session: Option<SecretString>,
    guest: SecretString,
    /// Whether the browser has to be given the guest's cookie.
    new_guest: bool,
}

impl<'w> Scene<'w> {
    /// Finds out who asks.
    pub(super) async fn of(web: &'w Web, visit: Visit, request: Parts) -> Result<Self> {
        let uri = &request.uri;
        let secure = uri.scheme() == Some(&Scheme::HTTPS);
        let host = uri
            .authority()
            .map(|host| host.as_str())
            .unwrap_or_default();
        let origin = format!("{}://{host}", if secure { "https" } else { "http" });
        let client = client(&visit, &request);
        let jar = Jar {
            secure,
            prefix: &visit.prefix,
        };
        let session = jar.get(&request.headers, Cookie::Session);
        let person = match &session {
            Some(secret) => web
                .accounts
                .session(secret, &client)
                .await?
                .map(Person::from),
            None => None,
        };
        let known = jar.get(&request.headers, Cookie::Guest);
        let new_guest = known.is_none();
        let guest = match known {
            Some(known) => known,
            None => random()?,
        };
        Ok(Self {
            web,
            visit,
            origin,
            secure,
            session: session.filter(|_| person.is_some()),
            person,
            guest,
            new_guest,
            request,
        })
    }

    /// Who is signed in, if anybody.
    pub(super) fn somebody(&self) -> Option<&Person> {
        self.person.as_ref()
    }

    /// Who is signed in.
    pub(super) fn person(&self) -> Result<&Person, Refusal> {
        self.somebody().ok_or(Refusal::SignIn)
    }

    /// The administrator who is signed in.
    pub(super) fn admin(&self) -> Result<&Person, Refusal> {
        let person = self.person()?;
        person
            .is_admin()
            .then_some(person)
            .ok_or(Refusal::Forbidden)
    }

    /// The texts.
    #[expect(clippy::unused_self, reason = "the language is the request's")]
    pub(super) fn texts(&self) -> &'static Texts {
        texts::english()
    }

    /// Which rule a request breaks, in the words of the page.
    pub(super) fn told(&self, error: &Error) -> &'static str {
        self.texts().refusals.told(error)
    }

    /// A path of ours as the browser has to ask for it.
    pub(super) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.visit.prefix)
    }

    /// An address of ours as it is told to others.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.visit.prefix)
    }

    /// Scheme and host.
    pub(super) fn address(&self) -> &str {
        &self.origin
    }

    /// The decoded value of a parameter of the query.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        let query = self.request.uri.query()?;
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// What the forms of this browser carry.
    pub(super) fn csrf(&self) -> SecretString {
        match &self.person {
            Some(person) => person.csrf.clone(),
            None => self.guest.clone(),
        }
    }

    /// The secret of the session.
    pub(super) fn session_secret(&self) -> Result<&SecretString, Refusal> {
        self.session.as_ref().ok_or(Refusal::SignIn)
    }

    /// Where the request comes from, for the audit.
    pub(super) fn client(&self) -> Client {
        client(&self.visit, &self.request)
    }

    /// Who does something, for the audit.
    pub(super) fn by(&self) -> By {
        let client = self.client();
        match self.somebody() {
            Some(person) => By::page(&person.user, &client),
            None => By::stranger(&client),
        }
    }

    /// The secret of a browser in which nobody is signed in.
    pub(super) fn guest(&self) -> &SecretString {
        &self.guest
    }

    /// Whether the browser is on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        let host = self.request.uri.host().unwrap_or_default();
        let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }

    /// Counts a form. `Some`: one too many; how long to wait.
    pub(super) fn count_form(&self) -> Option<Duration> {
        let user = self.somebody().map(|person| &person.user);
        let now = self.web.clock.instant();
        self.web.limiter.count(user, self.visit.client, now)
    }

    /// A page of ours.
    pub(super) fn page<'s>(&'s self, title: &str, body: Markup) -> Page<'s> {
        Page::new(self, title, body)
    }

    /// 303 to a path of ours.
    pub(super) fn see(&self, path: &str) -> Answer {
        answer::see(&self.path(path))
    }

    /// The path of the sign-in page that leads back here.
    pub(super) fn to_sign_in(&self) -> String {
        let here = self.request.uri.path();
        match super::paths::back(here) {
            Some(back) if back != "/" => self.path(&format!("/sign-in?back={back}")),
            _ => self.path("/sign-in"),
        }
    }
}

fn client(visit: &Visit, request: &Parts) -> Client {
    let agent = request.headers.get(USER_AGENT);
    let agent = agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    Client::new(visit.client, &agent.unwrap_or_default())
}
