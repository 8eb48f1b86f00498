//! The sample users, their accounts and their tokens.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The sample token with the five scopes a bridge asks for.
pub(crate) const TOKEN: &str = "sim-anna-all";

/// Anna Muster.
pub(crate) const ANNA: u64 = 900_123;
/// Ben Beispiel.
pub(crate) const BEN: u64 = 900_456;

/// Anna's kSuite account, which has no drive.
pub(crate) const KSUITE: u64 = 410_001;
/// Anna's company account with the first drive.
pub(crate) const COMPANY: u64 = 410_077;
/// Anna's account with the second drive, on the free plan.
pub(crate) const FREE: u64 = 410_099;
/// Ben's account.
pub(crate) const BENS: u64 = 410_200;

/// The five scopes a bridge asks for.
const FIVE: [&str; 5] = [
    "accounts",
    "drive",
    "workspace:mail",
    "workspace:calendar",
    "workspace:contact",
];

/// A user.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: u64,
    pub(crate) login: &'static str,
    pub(crate) email: &'static str,
    pub(crate) name: &'static str,
    /// In the order `/1/accounts` tells them.
    pub(crate) accounts: &'static [u64],
}

/// An account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: u64,
    pub(crate) name: &'static str,
    pub(crate) legal_entity_type: &'static str,
    pub(crate) created_at: u64,
}

/// What a token may do.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) user: User,
    pub(crate) scopes: BTreeSet<String>,
}

pub(crate) const ACCOUNTS: [Account; 4] = [
    account(KSUITE, "Muster Family", "individual", 1_609_459_200),
    account(COMPANY, "Muster Sàrl", "company", 1_640_995_200),
    account(FREE, "Anna Muster", "individual", 1_651_401_746),
    account(BENS, "Ben Beispiel", "individual", 1_662_000_000),
];

const fn account(id: u64, name: &'static str, kind: &'static str, created_at: u64) -> Account {
    Account {
        id,
        name,
        legal_entity_type: kind,
        created_at,
    }
}

fn anna() -> User {
    User {
        id: ANNA,
        login: "AB12345",
        email: "a.muster@example.ch",
        name: "Anna Muster",
        accounts: &[KSUITE, COMPANY, FREE],
    }
}

fn ben() -> User {
    User {
        id: BEN,
        login: "CD67890",
        email: "ben@example.org",
        name: "Ben Beispiel",
        accounts: &[BENS],
    }
}

/// All tokens.
pub(crate) fn tokens() -> BTreeMap<String, Arc<Grant>> {
    let all = BTreeSet::from(FIVE);
    let mut tokens = BTreeMap::new();
    let mut add = |token: &str, user: User, scopes: BTreeSet<&'static str>| {
        let scopes = scopes.into_iter().map(str::to_owned).collect();
        tokens.insert(token.to_owned(), Arc::new(Grant { user, scopes }));
    };
    add(TOKEN, anna(), all.clone());
    add("sim-anna-second", anna(), all.clone());
    add("sim-ben-all", ben(), all.clone());
    for scope in FIVE {
        let name = scope.trim_start_matches("workspace:");
        let mut less = all.clone();
        less.remove(scope);
        add(&format!("sim-anna-without-{name}"), anna(), less);
        add(
            &format!("sim-anna-only-{name}"),
            anna(),
            BTreeSet::from([scope]),
        );
    }
    let mut less = all.clone();
    less.retain(|scope| !matches!(*scope, "workspace:calendar" | "workspace:contact"));
    add("sim-anna-without-pim", anna(), less);
    let mut more = all;
    more.insert("user_info");
    add("sim-anna-user-info", anna(), more);
    tokens
}
