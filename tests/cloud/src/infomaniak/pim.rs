//! Calendars and address books as far as finding out who owns a token needs them
//! (fact sheet §4.2, §5.2), and the redirect to the sign-in page (§1.4).

use serde_json::{Value, json};

use super::envelope::{Answer, Failure, success};
use super::people::{BEN, COMPANY};
use super::routes::{Needs, Route};
use super::state::Call;

const CALENDAR: Needs = Needs::Scope("workspace:calendar");

pub(crate) const ROUTES: &[Route] = &[
    row("GET /1/calendar/pim/calendar", CALENDAR, calendars),
    row("GET calendar:/api/pim/calendar", CALENDAR, calendars),
    row(
        "GET contacts:/api/pim/addressbook",
        Needs::Contacts,
        addressbooks,
    ),
    row("GET /1/calendar/pim/{rest}", Needs::SignIn, unknown),
    row("GET calendar:/{rest}", Needs::SignIn, unknown),
    row("GET contacts:/{rest}", Needs::SignIn, unknown),
    row("GET mail:/{rest}", Needs::SignIn, unknown),
    row("POST calendar:/{rest}", Needs::SignIn, unknown),
    row("POST contacts:/{rest}", Needs::SignIn, unknown),
    row("POST mail:/{rest}", Needs::SignIn, unknown),
    // counts those who follow the redirect
    row("GET login:/{rest}", Needs::Nothing, unknown),
];

const fn row(key: &'static str, needs: Needs, handler: super::state::Handler) -> Route {
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

fn calendars(call: &mut Call<'_>) -> Answer {
    let user = &call.grant.user;
    let team = json!({
        "id": 1_379_002, "name": "Team", "color": "#7DC243",
        "account_id": COMPANY, "user_id": -1, "default": false,
    });
    let own = |id: u64, account: u64| {
        json!({
            "id": id, "name": user.name, "color": "#0098FF",
            "account_id": account, "user_id": user.id, "default": true,
        })
    };
    let calendars = if user.id == BEN {
        // the owner's record neither first nor the first of a person
        let mut nowhere = own(1_379_003, 0);
        nowhere["account_id"] = Value::Null;
        nowhere["default"] = json!(false);
        vec![team, nowhere, own(1_379_004, user.accounts[0])]
    } else {
        vec![own(1_379_001, COMPANY), team]
    };
    success(json!({ "calendars": calendars }))
}

fn addressbooks(call: &mut Call<'_>) -> Answer {
    let user = &call.grant.user;
    let asked = |name: &str| call.request.query.many("with").any(|with| with == name);
    let account = if user.id == BEN {
        user.accounts[0]
    } else {
        COMPANY
    };
    let first_name = user.name.split(' ').next().unwrap_or(user.name);
    let mut own = json!({
        "id": 5501, "uuid": "6f0d2d1e-4f3b-4d55-8f2e-0a8a3b1c9d10", "name": first_name,
        "default": true, "account_id": account, "user_id": user.id,
        "is_dynamic_organisation_member_directory": false,
    });
    let mut directory = json!({
        "id": 5502, "uuid": "9a1c7e52-0b7d-4c0e-9d5a-3f6b2c8e4a71", "name": "",
        "default": false, "account_id": account,
        "is_dynamic_organisation_member_directory": true,
    });
    if asked("account_name") {
        let owner = super::people::ACCOUNTS
            .iter()
            .find(|known| known.id == account);
        own["account_name"] = json!(owner.map(|known| known.name));
    }
    if asked("categories") {
        own["categories"] = json!([{ "id": 31, "name": "Friends" }]);
        directory["categories"] = json!([]);
    }
    let books = if user.id == BEN {
        vec![directory, own]
    } else {
        vec![own, directory]
    };
    success(json!({ "addressbooks": books }))
}
