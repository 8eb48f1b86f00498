//! The control paths, `/_control/…`.

use bytes::Bytes;
use serde_json::json;

use crate::reply::{self, Reply};
use crate::server::Shared;

const HELP: &str = "\
GET  /_control/help       this text
GET  /_control/counters   calls per route, a JSON object
GET  /_control/log        requests in flight, their peak, the last requests
POST /_control/reset      everything back to the start
";

/// Answers a control request.
pub(crate) fn answer(shared: &Shared, method: &str, path: &str, body: &Bytes) -> Reply {
    let _ = body;
    match (method, path) {
        ("GET", "/_control/help") => reply::typed(200, "text/plain; charset=utf-8", HELP),
        ("GET", "/_control/counters") => reply::json(200, &shared.traffic.counters()),
        ("GET", "/_control/log") => reply::json(200, &shared.traffic.log()),
        ("POST", "/_control/reset") => {
            shared.reset();
            done()
        }
        _ => reply::json(404, &json!({ "error": "see GET /_control/help" })),
    }
}

fn done() -> Reply {
    reply::json(200, &json!({ "done": true }))
}
