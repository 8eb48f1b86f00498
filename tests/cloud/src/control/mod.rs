//! The control paths, `/_control/…`.

mod vendor;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::infomaniak::outside::{self, Edit, PimEdit};
use crate::infomaniak::pim::instances;
use crate::infomaniak::{people, routes, sample};
use crate::reply::{self, Reply};
use crate::request::Query;
use crate::server::{Outage, Shared};
use crate::surrogate;
use crate::vendors;

const HELP: &str = include_str!("../help.txt");

/// How long an outage that is asked for over HTTP waits, so that its own answer gets out.
const GRACE: Duration = Duration::from_millis(50);

pub(super) type Outcome = Result<Value, String>;

/// Answers a control request.
pub(crate) fn answer(
    shared: &Arc<Shared>,
    method: &str,
    path: &str,
    query: &Query,
    body: &Bytes,
) -> Reply {
    let command = path.trim_start_matches("/_control").trim_matches('/');
    let outcome = match (method, command) {
        ("GET", "" | "help") => return help(),
        ("GET", "counters") => return reply::json(200, &shared.traffic.counters()),
        ("GET", "log") => return reply::json(200, &shared.traffic.log()),
        ("GET", "switches") => return reply::json(200, &shared.state().switches),
        ("POST", "reset") => {
            shared.reset();
            Ok(json!({}))
        }
        ("POST", "reset-counters") => {
            shared.traffic.reset();
            Ok(json!({}))
        }
        ("POST", "faults") => set_faults(shared, body),
        ("DELETE", "faults") => {
            shared.faults.clear();
            Ok(json!({}))
        }
        ("POST", "switches") => set_switches(shared, body),
        ("POST", "edit") => edit(shared, query, body),
        ("POST", "pim") => edit_pim(shared, body),
        ("GET", "instances") => instances(shared, query),
        ("POST", "token") => set_token(shared, body),
        (_, other) if other.starts_with("google/") || other.starts_with("microsoft/") => {
            match vendor::answer(shared, method, other, body) {
                Some(outcome) => outcome,
                None => return unknown(),
            }
        }
        ("POST", "time") => pass(shared, body),
        ("POST", "outage") => begin_outage(shared, body),
        _ => return unknown(),
    };
    match outcome {
        Ok(value) => reply::json(200, &value),
        Err(error) => reply::json(400, &json!({ "error": error })),
    }
}

fn unknown() -> Reply {
    reply::json(404, &json!({ "error": "see GET /_control/help" }))
}

fn help() -> Reply {
    let tokens = people::tokens();
    let mut text = HELP.to_owned();
    text.push_str("\nTokens and their scopes\n");
    for (token, grant) in &tokens {
        let scopes: Vec<&str> = grant.scopes.iter().map(String::as_str).collect();
        text.push_str(&format!("  {token}: {}\n", scopes.join(" ")));
    }
    text.push_str("\nRoutes\n");
    for key in routes::keys().chain(vendors::keys()) {
        text.push_str(&format!("  {key}\n"));
    }
    reply::typed(200, "text/plain; charset=utf-8", text)
}

/// Reads JSON whose texts may hold halves of surrogate pairs.
pub(super) fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    serde_json::from_str(&surrogate::hide(text)).map_err(|error| error.to_string())
}

/// One value, or a list of them.
pub(super) fn read_all<T: DeserializeOwned>(body: &Bytes) -> Result<Vec<T>, String> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'[') {
        return read(body);
    }
    Ok(vec![read(body)?])
}

fn set_faults(shared: &Shared, body: &Bytes) -> Outcome {
    let faults: Vec<Fault> = read_all(body)?;
    let count = faults.len();
    shared.faults.add(faults);
    Ok(json!({ "added": count }))
}

/// Changes the switches that a JSON object names.
pub(super) fn merge<S: Serialize + DeserializeOwned>(
    switches: &S,
    change: &Value,
) -> Result<S, String> {
    let mut all = json!(switches);
    let fields = change.as_object().ok_or("not an object")?;
    for (name, value) in fields {
        all[name] = value.clone();
    }
    serde_json::from_value(all).map_err(|error| error.to_string())
}

fn set_switches(shared: &Shared, body: &Bytes) -> Outcome {
    let change: Value = read(body)?;
    let mut state = shared.state();
    let switches = merge(&state.switches, &change)?;
    state.switches = switches;
    Ok(json!(state.switches))
}

fn edit(shared: &Shared, query: &Query, body: &Bytes) -> Outcome {
    let edits: Vec<Edit> = read_all(body)?;
    let drive = match query.get("drive") {
        None => sample::FIRST,
        Some(text) => text.parse().map_err(|_| "drive is not a number")?,
    };
    let mut state = shared.state();
    let ids = edits
        .iter()
        .map(|edit| outside::apply(&mut state, drive, edit));
    let ids: Vec<u64> = ids.collect::<Result<_, String>>()?;
    Ok(json!({ "ids": ids }))
}

fn edit_pim(shared: &Shared, body: &Bytes) -> Outcome {
    let edits: Vec<PimEdit> = read_all(body)?;
    let mut state = shared.state();
    let ids = edits
        .iter()
        .map(|edit| outside::apply_pim(&mut state, edit));
    let ids: Vec<Value> = ids.collect::<Result<_, String>>()?;
    Ok(json!({ "ids": ids }))
}

fn instances(shared: &Shared, query: &Query) -> Outcome {
    let value = |name: &str| query.get(name).ok_or_else(|| format!("{name} is missing"));
    let calendar = value("calendar_id")?.parse();
    let calendar = calendar.map_err(|_| "calendar_id is not a number")?;
    let (from, to) = (
        instances::moment(value("from")?)?,
        instances::moment(value("to")?)?,
    );
    let all = instances::of(&mut shared.state().pim, calendar, from, to);
    Ok(json!(all))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenChange {
    token: String,
    scopes: Option<Vec<String>>,
}

fn set_token(shared: &Shared, body: &Bytes) -> Outcome {
    let change: TokenChange = read(body)?;
    shared
        .state()
        .set_token(&change.token, change.scopes.as_deref())?;
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pass {
    seconds: u64,
}

fn pass(shared: &Shared, body: &Bytes) -> Outcome {
    let pass: Pass = read(body)?;
    shared.pass(pass.seconds);
    Ok(json!({ "now": shared.state().now() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutageOrder {
    mode: Outage,
    #[serde(default)]
    seconds: Option<u64>,
}

fn begin_outage(shared: &Arc<Shared>, body: &Bytes) -> Outcome {
    let order: OutageOrder = read(body)?;
    if order.mode == Outage::Refuse && order.seconds.is_none() {
        return Err("refuse needs seconds: nothing would hear you end it".to_owned());
    }
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        tokio::time::sleep(GRACE).await;
        shared.outage.send_replace(order.mode);
        if let Some(seconds) = order.seconds {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            shared.outage.send_replace(Outage::None);
        }
    });
    Ok(json!({}))
}
