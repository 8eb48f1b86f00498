//! Accounts and drives (fact sheet §2, §3.1).

use std::collections::HashSet;

use serde_json::Value;
use url::Url;

use super::api::{Api, below};
use super::refusal::{Reason, Refusal};
use super::wire::{self, Record};
use crate::domain::{Error, Kind, Quota};
use crate::upstream::Walk;

/// Records per page of numbered lists.
const PER_PAGE: u64 = 100;
/// Most pages of one list.
const MAX_PAGES: usize = 100;

/// A company account of the token.
pub(super) struct Owner {
    pub(super) id: u64,
    /// The cloud says that the user has no way into it.
    closed: bool,
}

/// All accounts of the token.
pub(super) async fn owners(api: Api<'_>) -> Result<Vec<Owner>, Refusal> {
    let records = numbered(api, &api.cloud.settings.api_base, "/1/accounts", None).await?;
    records.iter().map(owner).collect()
}

fn owner(record: &Value) -> Result<Owner, Refusal> {
    let record = record.as_object();
    let id = record.and_then(|record| wire::id(record, "id"));
    // an account that is left out would take its drives along
    let (record, id) = record
        .zip(id)
        .ok_or_else(|| broken("an account without id"))?;
    let closed = wire::flag(record, "no_access") || wire::flag(record, "is_blocked");
    Ok(Owner { id, closed })
}

/// The drives of one account.
pub(super) async fn of_owner(api: Api<'_>, owner: &Owner) -> Result<Vec<Record>, Refusal> {
    let base = &api.cloud.settings.api_base;
    let found = numbered(api, base, "/2/drive", Some(owner.id)).await;
    let records = match found {
        // both answers agree: nothing of that account is the user's
        Err(refusal) if owner.closed && is_forbidden(&refusal) => return Ok(Vec::new()),
        other => other?,
    };
    let drive = |record| match record {
        Value::Object(drive) if wire::id(&drive, "id").is_some() => Ok(drive),
        _ => Err(broken("a drive without id")),
    };
    records.into_iter().map(drive).collect()
}

fn is_forbidden(refusal: &Refusal) -> bool {
    refusal.reason == Reason::Other && refusal.error.kind() == Kind::Forbidden
}

/// The drives of all accounts, each once.
pub(super) async fn all(api: Api<'_>) -> Result<Vec<Record>, Refusal> {
    let mut seen = HashSet::new();
    let mut drives = Vec::new();
    for owner in owners(api).await? {
        let found = of_owner(api, &owner).await?;
        drives.extend(
            found
                .into_iter()
                .filter(|drive| seen.insert(wire::id(drive, "id"))),
        );
    }
    Ok(drives)
}

/// Space of a drive.
pub(super) async fn quota(api: Api<'_>, drive: u64) -> Result<Quota, Refusal> {
    let url = below(
        &api.cloud.settings.kdrive_base,
        &format!("/2/drive/{drive}"),
        &[],
    );
    let drive = api.get(url).await?.object()?;
    let number = |name| wire::number(&drive, name);
    let used = number("used_size").ok_or_else(|| broken("the drive tells no used size"))?;
    Ok(Quota {
        used,
        total: number("size"),
    })
}

/// All records of a list in numbered pages.
async fn numbered(
    api: Api<'_>,
    base: &Url,
    path: &str,
    account: Option<u64>,
) -> Result<Vec<Value>, Refusal> {
    let mut walk = Walk::new(MAX_PAGES);
    let mut records = Vec::new();
    for page in 1_u64.. {
        let page_text = page.to_string();
        walk.step(&page_text)?;
        let (account, per_page) = (account.map(|id| id.to_string()), PER_PAGE.to_string());
        let mut query = vec![("page", page_text.as_str()), ("per_page", &per_page)];
        query.extend(account.as_deref().map(|id| ("account_id", id)));
        let answer = api.get(below(base, path, &query)).await?;
        let found = answer.list()?;
        let full = u64::try_from(found.len()).unwrap_or(u64::MAX) >= PER_PAGE;
        records.extend(found);
        // a list that tells no pages ends with a page that is not full
        let more = answer.number("pages").map_or(full, |pages| page < pages);
        if !more {
            break;
        }
    }
    Ok(records)
}

fn broken(message: &'static str) -> Refusal {
    Error::cloud(Kind::Broken, message).into()
}

#[cfg(test)]
#[path = "drives_tests.rs"]
mod tests;
