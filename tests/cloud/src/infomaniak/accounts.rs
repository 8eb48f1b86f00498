//! Accounts and profile (fact sheet §2).

use serde_json::{Value, json};

use super::envelope::{Answer, success};
use super::people::{ACCOUNTS, COMPANY, KSUITE};
use super::routes::{Needs, Route};
use super::state::Call;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        key: "GET /1/accounts",
        needs: Needs::Scope("accounts"),
        handler: accounts,
    },
    Route {
        key: "GET /1/profile",
        needs: Needs::Scope("user_info"),
        handler: profile,
    },
    Route {
        key: "GET /2/profile",
        needs: Needs::Scope("user_info"),
        handler: profile_v2,
    },
];

fn accounts(call: &mut Call<'_>) -> Answer {
    let ids = call.grant.user.accounts;
    let mine = ACCOUNTS.iter().filter(|account| ids.contains(&account.id));
    let data: Vec<Value> = mine
        .map(|account| {
            json!({
                "id": account.id,
                "name": account.name,
                "legal_entity_type": account.legal_entity_type,
                "type": "owner",
                "created_at": account.created_at,
                "timezone": "Europe/Zurich",
                "language": "fr",
                "locale": "fr_CH",
                "is_blocked": false,
                "no_access": false,
                "billing": account.id == KSUITE,
            })
        })
        .collect();
    success(data)
}

fn user(call: &Call<'_>) -> Value {
    let user = &call.grant.user;
    let current = user.accounts.iter().find(|id| **id == COMPANY);
    json!({
        "id": user.id,
        "login": user.login,
        "email": user.email,
        "display_name": user.name,
        "preferences": {
            "timezone": { "name": "Europe/Zurich" },
            "account": { "current_account_id": current.or(user.accounts.first()) },
        },
    })
}

fn profile(call: &mut Call<'_>) -> Answer {
    success(user(call))
}

fn profile_v2(call: &mut Call<'_>) -> Answer {
    let mut data = user(call);
    if !call.state.switches.profile_login
        && let Some(fields) = data.as_object_mut()
    {
        fields.remove("login");
    }
    success(data)
}
