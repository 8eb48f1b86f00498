//! The drives of an account (fact sheet §3.1) and the other ways to find them (§2).

use serde_json::{Value, json};

use super::tree::Drive;
use super::{DRIVE, row};
use crate::infomaniak::envelope::{Answer, Failure, Paging, at, page};
use crate::infomaniak::people::ACCOUNTS;
use crate::infomaniak::routes::Route;
use crate::infomaniak::state::Call;

pub(crate) const ROUTES: &[Route] = &[
    row("GET /2/drive", list),
    Route {
        key: "GET /2/drive/init",
        needs: DRIVE,
        handler: init,
    },
    row("GET /2/drive/users/current/drives", current),
    row("GET /2/drive/{drive}", one),
];

/// A drive as JSON.
fn value(call: &Call<'_>, drive: &Drive) -> Value {
    let maintenance = drive.maintenance.as_ref();
    let codes = maintenance.iter().flat_map(|found| &found.types);
    let types: Vec<Value> = codes.map(|code| json!({ "code": code })).collect();
    let mut value = json!({
        "id": drive.id, "name": drive.name, "size": drive.size, "used_size": drive.used(),
        "created_at": drive.created_at, "updated_at": drive.updated_at,
        "in_maintenance": maintenance.is_some(),
        "maintenance_reason": maintenance.map(|found| &found.reason),
        "maintenance_types": types,
        "is_locked": false, "expired_at": null, "product_id": drive.id - 544_110,
        "account_id": drive.account, "role": "admin", "account_admin": true,
        "users_count": 1, "users_quota": 6, "version": "3.7", "is_demo": false,
    });
    for with in call.request.query.many("with") {
        let extra = match with {
            "quota" => json!({ "total": drive.size, "used": drive.used() }),
            "capabilities" => json!({ "use_upload_compression": false, "use_versioning": true }),
            "preferences" => json!({ "color": "#0098FF", "hide": false }),
            "pack" => json!({ "id": 1, "name": "solo" }),
            _ => continue,
        };
        value[with] = extra;
    }
    value
}

fn list(call: &mut Call<'_>) -> Answer {
    let query = &call.request.query;
    let Some(account) = query.get("account_id") else {
        let text = "The account id field is required.";
        return Err(Failure::invalid("account_id", "required", text));
    };
    let Ok(account) = account.parse::<u64>() else {
        let text = "The account id must be an integer.";
        return Err(Failure::invalid("account_id", "integer", text));
    };
    if !call.grant.user.accounts.contains(&account) {
        return Err(Failure::new(403, "access_denied", "Access denied"));
    }
    let only_asleep = query.get("in_maintenance").is_some();
    let wanted = query.flag("in_maintenance");
    let drives = call.state.drives.values();
    let found: Vec<Value> = drives
        .filter(|drive| drive.account == account)
        .filter(|drive| !only_asleep || drive.maintenance.is_some() == wanted)
        .map(|drive| value(call, drive))
        .collect();
    let (number, size) = pages(call)?;
    let total = found.len();
    let skip = usize::try_from((number - 1) * size).unwrap_or(usize::MAX);
    let take = usize::try_from(size).unwrap_or(usize::MAX);
    let data: Vec<Value> = found.into_iter().skip(skip).take(take).collect();
    page(call.state.now(), data, numbers(number, size, total))
}

/// `page` and `per_page` of a request (§1.5).
pub(crate) fn pages(call: &Call<'_>) -> Result<(u64, u64), Failure> {
    let number = |name: &str, default: u64, most: u64| match call.request.query.get(name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| Failure::invalid(name, "between", "The value is out of range.")),
    };
    Ok((
        number("page", 1, u64::MAX / 1000)?,
        number("per_page", 10, 1000)?,
    ))
}

/// What a v2 page tells about its place.
pub(crate) fn numbers(number: u64, size: u64, total: usize) -> Paging {
    let total = crate::content::size(total);
    Paging::Pages {
        page: number,
        pages: total.div_ceil(size).max(1),
        total,
        items_per_page: size,
    }
}

fn one(call: &mut Call<'_>) -> Answer {
    let drive = call.drive_even_asleep()?;
    at(call.state.now(), value(call, drive))
}

fn mine<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a Drive> {
    let accounts = call.grant.user.accounts;
    let drives = call.state.drives.values();
    drives.filter(|drive| accounts.contains(&drive.account))
}

fn init(call: &mut Call<'_>) -> Answer {
    if !call.state.switches.init_takes_pat {
        return Ok(crate::infomaniak::gate::sign_in(call.state));
    }
    let mut data = json!({});
    if call.request.query.many("with").any(|with| with == "drives") {
        let drives: Vec<Value> = mine(call).map(|drive| value(call, drive)).collect();
        data["drives"] = json!(drives);
    }
    at(call.state.now(), data)
}

fn current(call: &mut Call<'_>) -> Answer {
    let drives = mine(call).map(|drive| {
        let account = ACCOUNTS.iter().find(|account| account.id == drive.account);
        json!({
            "id": call.grant.user.id, "drive_id": drive.id, "drive_name": drive.name,
            "drive": { "account": {
                "id": drive.account, "name": account.map(|account| account.name),
            } },
        })
    });
    let data: Vec<Value> = drives.collect();
    at(call.state.now(), data)
}
