//! The page of consent (fact sheet §1.2, §1.6).

use super::State;
use super::people::{self, Person};
use super::refusal::Refusal;
use super::tenant;
use crate::oauth::ask::Ask;
use crate::oauth::grant::{Code, Grant};
use crate::oauth::page::{self, Answer, Tick};
use crate::reply::Reply;
use crate::request::Query;
use crate::vendors::Visit;

const TITLE: &str = "Simulated Microsoft";

/// Scopes that only say who it is and for how long.
pub(super) const IDENTITY: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// Scopes of Graph that exist, and whether a personal account has them.
const KNOWN: [(&str, bool); 18] = [
    ("User.Read", true),
    ("Files.Read", true),
    ("Files.ReadWrite", true),
    ("Files.Read.All", true),
    ("Files.ReadWrite.All", true),
    ("Sites.Read.All", false),
    ("Sites.ReadWrite.All", false),
    ("Calendars.Read", true),
    ("Calendars.ReadWrite", true),
    ("Calendars.Read.Shared", false),
    ("Calendars.ReadWrite.Shared", false),
    ("Contacts.Read", true),
    ("Contacts.ReadWrite", true),
    ("Contacts.Read.Shared", false),
    ("Contacts.ReadWrite.Shared", false),
    ("Tasks.Read", true),
    ("Tasks.ReadWrite", true),
    ("MailboxSettings.Read", true),
];

/// The sheet's spelling of a scope: letter case and the resource in front do not count.
pub(super) fn plain(scope: &str) -> Option<&'static str> {
    let bare = scope
        .strip_prefix("https://graph.microsoft.com/")
        .unwrap_or(scope);
    let all = IDENTITY.iter().chain(KNOWN.iter().map(|(name, _)| name));
    let mut all = all.copied();
    all.find(|name| name.eq_ignore_ascii_case(bare))
}

/// Whether such an account can grant it. Scopes of shared things are only found out when the code
/// is exchanged.
fn has(person: Person, scope: &str) -> bool {
    let known = KNOWN.iter().find(|(name, _)| *name == scope);
    let personal = known.is_none_or(|(_, personal)| *personal) || scope.ends_with(".Shared");
    personal || !person.is_personal()
}

/// A query that can be answered, and who may answer.
struct Asked {
    ask: Ask,
    people: Vec<Person>,
}

/// Judges the query. Without a good application and address nothing is sent back to it.
fn judge(state: &State, visit: &Visit<'_>) -> Result<Asked, Box<Reply>> {
    let mut ask = Ask::read(&visit.request.query);
    let page = |error, number, text| {
        let refusal = Refusal::new(error, number, text);
        Box::new(page::refusal(TITLE, 400, error, &refusal.description()))
    };
    let people = tenant::people(visit.params.text(0));
    let people = people.ok_or_else(|| page("invalid_request", 90002, "Tenant not found."))?;
    let client = state.book.client(&ask.client);
    let client = client.ok_or_else(|| {
        page(
            "unauthorized_client",
            700_016,
            "Application was not found in the directory.",
        )
    })?;
    if !client.allows(&ask.redirect) {
        let text = "The redirect URI specified in the request does not match the redirect URIs \
                    configured for the application.";
        return Err(page("invalid_request", 50011, text));
    }
    let back =
        |error, number, text| Box::new(fail(&ask, &Refusal::new(error, number, text), error));
    if ask.response_type != "code" {
        return Err(back(
            "unsupported_response_type",
            700_054,
            "response_type is not enabled for the application.",
        ));
    }
    let mode = visit.request.query.get("response_mode").unwrap_or("query");
    if mode != "query" || ask.strange_method {
        return Err(back("invalid_request", 9_002_313, "Invalid request."));
    }
    let scopes: Option<Vec<String>> = ask
        .scopes
        .iter()
        .map(|scope| plain(scope).map(str::to_owned))
        .collect();
    match scopes {
        Some(scopes) if !scopes.is_empty() => ask.scopes = scopes,
        _ => {
            let text = "The provided value for the input parameter 'scope' isn't valid.";
            return Err(back("invalid_scope", 70011, text));
        }
    }
    Ok(Asked { ask, people })
}

/// Sends the browser back with an error.
fn fail(ask: &Ask, refusal: &Refusal, error: &str) -> Reply {
    let text = refusal.description();
    page::back(ask, &[("error", error), ("error_description", &text)])
}

/// `GET`: the page, or the way back at once.
pub(super) fn show(state: &mut State, visit: &Visit<'_>) -> Reply {
    let Asked { ask, people } = match judge(state, visit) {
        Ok(asked) => asked,
        Err(reply) => return *reply,
    };
    if let Some(upn) = &state.switches.auto_consent {
        return match people::by_upn(upn) {
            Some(person) => grant(state, &ask, person, &ask.scopes),
            None => page::refusal(TITLE, 500, "auto_consent", "no such account"),
        };
    }
    let here = signed_in(state, &ask, &people);
    let asks = ["login", "select_account"]
        .iter()
        .any(|word| ask.prompts(word));
    if let [person] = here[..]
        && !asks
        && !needs_consent(state, &ask, person)
    {
        return grant(state, &ask, person, &ask.scopes);
    }
    if ask.prompts("none") {
        let text = "Silent sign-in was requested but no user is signed in.";
        let refusal = Refusal::new("interaction_required", 50058, text);
        return fail(&ask, &refusal, "interaction_required");
    }
    let shown = if here.is_empty() || asks {
        &people
    } else {
        &here
    };
    let choices: Vec<_> = shown.iter().map(Person::choice).collect();
    let ticks = ask.scopes.iter().map(|scope| Tick {
        scope: scope.clone(),
        optional: !IDENTITY.contains(&scope.as_str()),
    });
    page::consent(TITLE, &ask, &choices, &ticks.collect::<Vec<_>>())
}

/// `POST`: what the person chose.
pub(super) fn answer(state: &mut State, visit: &Visit<'_>) -> Reply {
    let Asked { ask, people } = match judge(state, visit) {
        Ok(asked) => asked,
        Err(reply) => return *reply,
    };
    let body = String::from_utf8_lossy(&visit.request.body);
    match Answer::read(&Query::parse(&body)) {
        Some(Answer::Deny) => {
            let text = "User declined to consent to access the app.";
            let refusal = Refusal::new("access_denied", 65004, text);
            fail(&ask, &refusal, "access_denied")
        }
        Some(Answer::Allow { account, scopes }) => {
            match people.into_iter().find(|person| person.id == account) {
                Some(person) => grant(state, &ask, person, &scopes),
                None => page::refusal(TITLE, 400, "invalid_request", "no such account"),
            }
        }
        None => page::refusal(TITLE, 400, "invalid_request", "not the form of this page"),
    }
}

/// Accounts the browser is signed in to; the hinted one alone where there is one.
fn signed_in(state: &State, ask: &Ask, people: &[Person]) -> Vec<Person> {
    let here = people
        .iter()
        .filter(|person| state.book.signed_in.iter().any(|id| id == person.id));
    let here: Vec<Person> = here.copied().collect();
    let hint = ask.hint.as_deref();
    let hinted = here.iter().find(|person| Some(person.upn) == hint);
    hinted.map_or(here.clone(), |person| vec![*person])
}

fn needs_consent(state: &State, ask: &Ask, person: Person) -> bool {
    let before = state.book.granted(person.id, &ask.client);
    let mut asked = ask.scopes.iter().filter(|scope| has(person, scope));
    ask.prompts("consent") || !asked.all(|scope| before.contains(scope))
}

/// Notes the grant and sends the browser back with a code. What a personal account does not have
/// is left out without a word (§1.6).
fn grant(state: &mut State, ask: &Ask, person: Person, ticked: &[String]) -> Reply {
    let admin_only = &state.switches.admin_only;
    if ask.scopes.iter().any(|scope| admin_only.contains(scope)) && !person.is_personal() {
        let text = "An administrator must consent to this application.";
        let refusal = Refusal::new("access_denied", 90094, text);
        return fail(ask, &refusal, "access_denied");
    }
    let all = !needs_consent(state, ask, person);
    let fits = |scope: &&String| {
        let ticked = IDENTITY.contains(&scope.as_str()) || ticked.contains(scope);
        has(person, scope) && (all || ticked)
    };
    let grant = Grant {
        account: person.id.to_owned(),
        client: ask.client.clone(),
        scopes: ask.scopes.iter().filter(fits).cloned().collect(),
    };
    state.book.grant(&grant);
    if !state.book.signed_in.contains(&grant.account) {
        state.book.signed_in.push(grant.account.clone());
    }
    let lasting = grant.has("offline_access");
    let mut code = Code::new(grant, &ask.redirect, lasting);
    code.challenge.clone_from(&ask.challenge);
    code.nonce.clone_from(&ask.nonce);
    let text = format!("M.C5_{}!$", state.book.draw());
    state.book.keep(text.clone(), code);
    page::back(ask, &[("code", &text), ("session_state", "simulated")])
}
