//! Calendars and contacts (fact sheet §4, §5), and the redirect to the sign-in page (§1.4).
//!
//! [`store`] holds calendars, events, books and contacts as the vendor's JSON; [`event`], [`span`],
//! [`zone`] and [`recur`] say when events take place; [`window`], [`listing`], [`write`] and
//! [`export`] answer calls about them, [`books`] and [`contacts`] those about people. [`sample`]
//! makes what is there at the start.

pub(crate) mod books;
pub(crate) mod calendars;
pub(crate) mod contacts;
pub(crate) mod event;
pub(crate) mod export;
pub(crate) mod instances;
pub(crate) mod listing;
pub(crate) mod recur;
pub(crate) mod rows;
pub(crate) mod sample;
pub(crate) mod shape;
pub(crate) mod span;
pub(crate) mod store;
pub(crate) mod window;
pub(crate) mod write;
pub(crate) mod zone;

use serde_json::Value;

use super::envelope::{Answer, Failure, success};
use super::routes::{Needs, Route};
use super::state::{Call, Handler};
use crate::surrogate;

const EVENTS: Needs = Needs::Scope("workspace:calendar");
const PEOPLE: Needs = Needs::Contacts;

pub(crate) const ROUTES: &[Route] = &[
    row("GET /1/calendar/pim/calendar", EVENTS, calendars::list),
    row("GET /1/calendar/pim/event", EVENTS, listing::window),
    row("GET /1/calendar/pim/event/{event}", EVENTS, listing::detail),
    row(
        "GET /1/calendar/pim/event/{event}/export",
        EVENTS,
        export::export,
    ),
    row("POST /1/calendar/pim/event", EVENTS, write::create),
    row("PUT /1/calendar/pim/event/{event}", EVENTS, write::replace),
    row(
        "DELETE /1/calendar/pim/event/{event}",
        EVENTS,
        write::delete,
    ),
    row("GET /1/calendar/pim/contact/all", PEOPLE, contacts::all),
    row("GET calendar:/api/pim/calendar", EVENTS, calendars::list),
    row("GET calendar:/api/pim/event", EVENTS, listing::window),
    row(
        "GET calendar:/api/pim/event/{event}",
        EVENTS,
        listing::detail,
    ),
    row(
        "GET calendar:/api/pim/event/{event}/export",
        EVENTS,
        export::export,
    ),
    row("POST calendar:/api/pim/event", EVENTS, write::create),
    row(
        "PUT calendar:/api/pim/event/{event}",
        EVENTS,
        write::replace,
    ),
    row(
        "DELETE calendar:/api/pim/event/{event}",
        EVENTS,
        write::delete,
    ),
    row("GET contacts:/api/pim/addressbook", PEOPLE, books::list),
    row(
        "GET contacts:/api/pim/addressbook/{book}/contact",
        PEOPLE,
        contacts::of_book,
    ),
    row(
        "GET contacts:/api/pim/addressbook/{book}/contact/{contact}",
        PEOPLE,
        contacts::detail,
    ),
    row("GET contacts:/api/pim/contact/all", PEOPLE, contacts::all),
    row("POST contacts:/api/pim/contact", PEOPLE, contacts::create),
    row("GET /1/calendar/pim/{rest}", Needs::SignIn, unknown),
    row("POST /1/calendar/pim/{rest}", Needs::SignIn, unknown),
    row("PUT /1/calendar/pim/{rest}", Needs::SignIn, unknown),
    row("DELETE /1/calendar/pim/{rest}", Needs::SignIn, unknown),
    row("GET calendar:/{rest}", Needs::SignIn, unknown),
    row("GET contacts:/{rest}", Needs::SignIn, unknown),
    row("GET mail:/{rest}", Needs::SignIn, unknown),
    row("POST calendar:/{rest}", Needs::SignIn, unknown),
    row("POST contacts:/{rest}", Needs::SignIn, unknown),
    row("POST mail:/{rest}", Needs::SignIn, unknown),
    row("PUT calendar:/{rest}", Needs::SignIn, unknown),
    row("PUT contacts:/{rest}", Needs::SignIn, unknown),
    row("DELETE calendar:/{rest}", Needs::SignIn, unknown),
    row("DELETE contacts:/{rest}", Needs::SignIn, unknown),
    // counts those who follow the redirect
    row("GET login:/{rest}", Needs::Nothing, unknown),
];

const fn row(key: &'static str, needs: Needs, handler: Handler) -> Route {
    Route {
        key,
        needs,
        handler,
    }
}

/// Never reached with a personal access token, but for the sign-in page itself.
fn unknown(_: &mut Call<'_>) -> Answer {
    Err(Failure::no_route())
}

/// Success with data whose texts may hold halves of surrogate pairs.
fn tell(data: &Value) -> Answer {
    success(data).map(surrogate::shown)
}

/// 403 for what belongs to somebody else.
fn denied() -> Failure {
    Failure::new(403, "access_denied", "Access denied")
}

/// 500, for what the vendor does not expect.
fn unexpected() -> Failure {
    Failure::new(500, "unexpected_error", "An unexpected error occurred")
}
