//! Trying a pasted token (requirements row 1; fact sheet §1.2, §4.2, §5.2).
//!
//! Three probes, in this order: the accounts; who the owner is, from the calendars, else from
//! the address books; the drives of the first account. A token with only one of the calendar and
//! contact scopes is good. Where the calendars named the owner, a fourth call finds out whether
//! the contact scope is there; whatever it answers refuses nothing.
//!
//! The account's id is the owner's user id. Its label is the name of the record that named the
//! owner: the cloud names a user's own calendar and address book after the user, and the call
//! that tells the true display name needs a scope that users are warned against.

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::api::{Api, Cloud, below};
use super::drives;
use super::refusal::{Reason, Refusal};
use super::wire::{self, Record};
use super::{CALENDAR, CONTACT};
use crate::domain::{Account, Call, Error, Kind, Probe, ProbeFailure, Scope, ScopeState};

const ACCOUNTS: &str = "accounts";
const DRIVE: &str = "drive";

/// Tries a token.
pub(super) async fn probe(
    cloud: &Cloud,
    call: &Call,
    token: &SecretString,
) -> Result<Probe, ProbeFailure> {
    let pacer = cloud.pacer();
    let api = Api {
        cloud,
        pacer: &pacer,
        token,
        call,
    };
    let owners = drives::owners(api)
        .await
        .map_err(|refusal| failure(ACCOUNTS, refusal))?;
    let Some(first) = owners.first() else {
        return Err(unexpected("the token has no account"));
    };
    let (account, services) = owner(api).await?;
    drives::of_owner(api, first)
        .await
        .map_err(|refusal| failure(DRIVE, refusal))?;
    let services = match services {
        Services::Both(calendar, contact) => vec![calendar, contact],
        Services::Calendar => calendar_and(contact_scope(api).await),
    };
    let granted = |scope| (scope_of(scope), ScopeState::Granted);
    let mut scopes = vec![granted(ACCOUNTS), granted(DRIVE)];
    scopes.extend(services);
    Ok(Probe { account, scopes })
}

type Checked = (Scope, ScopeState);

/// What is known of the two services once the owner is.
enum Services {
    /// Calendar and contacts.
    Both(Checked, Checked),
    /// The calendar is there, contacts were not asked.
    Calendar,
}

fn calendar_and(contact: Option<ScopeState>) -> Vec<Checked> {
    let contact = contact.map(|state| (scope_of(CONTACT), state));
    let calendar = (scope_of(CALENDAR), ScopeState::Granted);
    std::iter::once(calendar).chain(contact).collect()
}

/// Who the token belongs to.
async fn owner(api: Api<'_>) -> Result<(Account, Services), ProbeFailure> {
    let calendar = match records(api, calendars(api), "calendars").await {
        Ok(records) => match records.iter().find_map(account) {
            Some(account) => return Ok((account, Services::Calendar)),
            None => ScopeState::Granted,
        },
        Err(refusal) if refusal.reason == Reason::ScopeMissing => missing("calendars"),
        Err(refusal) => return Err(failure(CALENDAR, refusal)),
    };
    let records = records(api, addressbooks(api), "addressbooks")
        .await
        .map_err(|refusal| {
            // with both missing, the first one is named
            let both = refusal.reason == Reason::ScopeMissing && calendar != ScopeState::Granted;
            failure(if both { CALENDAR } else { CONTACT }, refusal)
        })?;
    let account = records.iter().find_map(account);
    let account =
        account.ok_or_else(|| unexpected("no calendar or address book names its owner"))?;
    let contact = (scope_of(CONTACT), ScopeState::Granted);
    Ok((
        account,
        Services::Both((scope_of(CALENDAR), calendar), contact),
    ))
}

/// Whether the contact scope is there; `None` where the answer does not tell.
async fn contact_scope(api: Api<'_>) -> Option<ScopeState> {
    match records(api, addressbooks(api), "addressbooks").await {
        Ok(_) => Some(ScopeState::Granted),
        Err(refusal) if refusal.reason == Reason::ScopeMissing => Some(missing("contacts")),
        Err(_) => None,
    }
}

fn calendars(api: Api<'_>) -> Url {
    below(&api.cloud.settings.calendar_base, "/calendar", &[])
}

fn addressbooks(api: Api<'_>) -> Url {
    below(
        &api.cloud.settings.contacts_base,
        "/api/pim/addressbook",
        &[],
    )
}

/// The list `name` of an answer's data.
async fn records(api: Api<'_>, url: Url, name: &str) -> Result<Vec<Value>, Refusal> {
    let mut data = api.get(url).await?.object()?;
    match data.get_mut(name).map(Value::take) {
        Some(Value::Array(records)) => Ok(records),
        _ => Err(Error::cloud(Kind::Broken, "the answer holds no list").into()),
    }
}

/// The owner a record names: a positive user id beside a whole account id.
fn account(record: &Value) -> Option<Account> {
    let record: &Record = record.as_object()?;
    let user = wire::number(record, "user_id").filter(|user| *user > 0)?;
    record.get("account_id")?.as_i64()?;
    let name = wire::text(record, "name")
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let label = name.map_or_else(|| format!("Infomaniak {user}"), str::to_owned);
    Some(Account {
        id: user.to_string(),
        label,
    })
}

fn missing(service: &str) -> ScopeState {
    let reason = format!("The token was made without the scope for {service}.");
    ScopeState::Missing { reason }
}

fn scope_of(scope: &str) -> Scope {
    Scope(scope.to_owned())
}

fn failure(scope: &str, refusal: Refusal) -> ProbeFailure {
    let scope = scope_of(scope);
    match refusal.reason {
        Reason::NotAccepted => ProbeFailure::NotAccepted { scope },
        Reason::ScopeMissing => ProbeFailure::ScopeMissing { scope },
        Reason::SignInPage | Reason::WindowTooLong | Reason::Other => {
            ProbeFailure::Unexpected(refusal.error)
        }
    }
}

fn unexpected(message: &'static str) -> ProbeFailure {
    ProbeFailure::Unexpected(Error::cloud(Kind::Broken, message))
}
