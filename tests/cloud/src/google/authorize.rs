//! The page of consent (fact sheet §1.2).

use std::collections::BTreeSet;

use super::State;
use super::people::{self, PEOPLE, Person};
use crate::oauth::ask::Ask;
use crate::oauth::grant::{Code, Grant};
use crate::oauth::page::{self, Answer, Tick};
use crate::reply::Reply;
use crate::request::Query;
use crate::vendors::Visit;

const TITLE: &str = "Simulated Google";
const PREFIX: &str = "https://www.googleapis.com/auth/";

/// Scopes below [`PREFIX`] that exist.
const KNOWN: [&str; 18] = [
    "calendar",
    "calendar.calendarlist",
    "calendar.calendarlist.readonly",
    "calendar.events",
    "calendar.events.readonly",
    "calendar.readonly",
    "contacts",
    "contacts.other.readonly",
    "contacts.readonly",
    "directory.readonly",
    "drive",
    "drive.appdata",
    "drive.file",
    "drive.metadata",
    "drive.metadata.readonly",
    "drive.readonly",
    "userinfo.email",
    "userinfo.profile",
];

/// One spelling for a scope: `email` and `profile` are short for others.
pub(super) fn whole(scope: &str) -> String {
    match scope {
        "email" => format!("{PREFIX}userinfo.email"),
        "profile" => format!("{PREFIX}userinfo.profile"),
        _ => scope.to_owned(),
    }
}

/// Whether a scope only tells who the account is; such a one cannot be left out.
fn is_identity(scope: &str) -> bool {
    scope == "openid"
        || scope
            .strip_prefix(PREFIX)
            .is_some_and(|rest| rest.starts_with("userinfo."))
}

fn is_known(scope: &str) -> bool {
    scope == "openid"
        || scope
            .strip_prefix(PREFIX)
            .is_some_and(|rest| KNOWN.contains(&rest))
}

/// Reads and judges the query; what is wrong is told on Google's own page.
fn judge(state: &State, query: &Query) -> Result<Ask, Box<Reply>> {
    let mut ask = Ask::read(query);
    let wrong = |status, code, text| Err(Box::new(page::refusal(TITLE, status, code, text)));
    let Some(client) = state.book.client(&ask.client) else {
        return wrong(401, "invalid_client", "The OAuth client was not found.");
    };
    if !client.allows(&ask.redirect) {
        let text = "The redirect URI in the request does not match a registered one.";
        return wrong(400, "redirect_uri_mismatch", text);
    }
    if ask.response_type != "code" {
        let text = "Required parameter is missing or invalid: response_type";
        return wrong(400, "invalid_request", text);
    }
    if ask.strange_method {
        return wrong(400, "invalid_request", "Invalid code_challenge_method");
    }
    if ask.scopes.is_empty() {
        return wrong(400, "invalid_request", "Missing required parameter: scope");
    }
    ask.scopes = ask.scopes.iter().map(|scope| whole(scope)).collect();
    if !ask.scopes.iter().all(|scope| is_known(scope)) {
        return wrong(400, "invalid_scope", "Some requested scopes were invalid.");
    }
    Ok(ask)
}

/// `GET`: the page, or the way back at once.
pub(super) fn show(state: &mut State, visit: &Visit<'_>) -> Reply {
    let query = &visit.request.query;
    let ask = match judge(state, query) {
        Ok(ask) => ask,
        Err(reply) => return *reply,
    };
    if let Some(email) = &state.switches.auto_consent {
        return match people::by_email(email) {
            Some(person) => grant(state, query, &ask, person, &ask.scopes),
            None => page::refusal(TITLE, 500, "auto_consent", "no such account"),
        };
    }
    let here = signed_in(state, &ask);
    if let [person] = here[..]
        && !ask.prompts("select_account")
        && !needs_consent(state, &ask, person)
    {
        return grant(state, query, &ask, person, &ask.scopes);
    }
    if ask.prompts("none") {
        return page::back(&ask, &[("error", "interaction_required")]);
    }
    let shown: &[Person] = if here.is_empty() || ask.prompts("select_account") {
        &PEOPLE
    } else {
        &here
    };
    let choices: Vec<_> = shown.iter().map(Person::choice).collect();
    let ticks = ask.scopes.iter().map(|scope| Tick {
        scope: scope.clone(),
        optional: state.switches.granular_consent && !is_identity(scope),
    });
    page::consent(TITLE, &ask, &choices, &ticks.collect::<Vec<_>>())
}

/// `POST`: what the person chose.
pub(super) fn answer(state: &mut State, visit: &Visit<'_>) -> Reply {
    let query = &visit.request.query;
    let ask = match judge(state, query) {
        Ok(ask) => ask,
        Err(reply) => return *reply,
    };
    let body = String::from_utf8_lossy(&visit.request.body);
    match Answer::read(&Query::parse(&body)) {
        Some(Answer::Deny) => page::back(&ask, &[("error", "access_denied")]),
        Some(Answer::Allow { account, scopes }) => match people::by_sub(&account) {
            Some(person) => grant(state, query, &ask, person, &scopes),
            None => page::refusal(TITLE, 400, "invalid_request", "no such account"),
        },
        None => page::refusal(TITLE, 400, "invalid_request", "not the form of this page"),
    }
}

/// Accounts the browser is signed in to; the hinted one alone where there is one.
fn signed_in(state: &State, ask: &Ask) -> Vec<Person> {
    let here = state.book.signed_in.iter();
    let here: Vec<Person> = here.filter_map(|sub| people::by_sub(sub)).collect();
    let hint = ask.hint.as_deref();
    let hinted = here.iter().find(|person| Some(person.email) == hint);
    hinted.map_or(here.clone(), |person| vec![*person])
}

fn needs_consent(state: &State, ask: &Ask, person: Person) -> bool {
    let before = state.book.granted(person.sub, &ask.client);
    ask.prompts("consent") || !ask.scopes.iter().all(|scope| before.contains(scope))
}

/// Notes the grant and sends the browser back with a code.
fn grant(state: &mut State, query: &Query, ask: &Ask, person: Person, ticked: &[String]) -> Reply {
    let before = state.book.granted(person.sub, &ask.client);
    let fits = |scope: &&String| {
        !needs_consent(state, ask, person)
            || !state.switches.granular_consent
            || is_identity(scope)
            || ticked.contains(scope)
    };
    let granted: Vec<String> = ask.scopes.iter().filter(fits).cloned().collect();
    let mut carried: BTreeSet<String> = granted.into_iter().collect();
    if query.get("include_granted_scopes") == Some("true") {
        carried.extend(before.iter().cloned());
    }
    let grant = Grant {
        account: person.sub.to_owned(),
        client: ask.client.clone(),
        scopes: carried.into_iter().collect(),
    };
    state.book.grant(&grant);
    if !state.book.signed_in.contains(&grant.account) {
        state.book.signed_in.push(grant.account.clone());
    }
    let offline = query.get("access_type") == Some("offline");
    let lasting = offline && (before.is_empty() || ask.prompts("consent"));
    let scope = state.shown(&grant.scopes);
    let mut code = Code::new(grant, &ask.redirect, lasting);
    code.challenge.clone_from(&ask.challenge);
    code.nonce.clone_from(&ask.nonce);
    let text = format!("4/0{}", state.book.draw());
    state.book.keep(text.clone(), code);
    page::back(ask, &[("code", &text), ("scope", &scope)])
}

impl State {
    /// Granted scopes as answers tell them.
    pub(super) fn shown(&self, scopes: &[String]) -> String {
        let shown = scopes.iter().map(|scope| match scope.strip_prefix(PREFIX) {
            Some("userinfo.email") if !self.switches.long_identity_scopes => "email",
            Some("userinfo.profile") if !self.switches.long_identity_scopes => "profile",
            _ => scope,
        });
        shown.collect::<Vec<_>>().join(" ")
    }
}
