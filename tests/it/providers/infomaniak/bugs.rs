//! What the simulated Infomaniak is told to answer instead.

use cloud::Kind as Bug;
use davbridge::domain::Kind;
use serde_json::{Value, json};

/// An error envelope.
pub fn status(status: u16, code: &str) -> Bug {
    Bug::Status {
        status,
        code: code.to_owned(),
        description: "Some text".to_owned(),
    }
}

/// An error envelope that comes with status 200.
pub fn on_200(code: &str) -> Bug {
    Bug::ErrorOn200 {
        code: code.to_owned(),
    }
}

/// Another value, or none, in a place of the answer.
pub fn patch(pointer: &str, value: impl Into<Option<Value>>) -> Bug {
    Bug::Patch {
        pointer: pointer.to_owned(),
        value: value.into(),
    }
}

/// What the cloud may answer to any call, and what it means.
pub fn answers() -> Vec<(Bug, Kind)> {
    vec![
        (status(500, "unexpected_error"), Kind::Down),
        (status(503, "product_maintenance"), Kind::Down),
        (status(401, "not_authorized"), Kind::SignedOut),
        (status(403, "all_scopes"), Kind::NotGranted),
        (status(404, "unexpected_error"), Kind::Broken),
        (status(422, "validation_failed"), Kind::Invalid),
        (on_200("unexpected_error"), Kind::Broken),
        (Bug::Html { status: 502 }, Kind::Down),
        (Bug::Html { status: 404 }, Kind::Broken),
        (Bug::Html { status: 403 }, Kind::Broken),
        (Bug::Html { status: 200 }, Kind::Broken),
        (Bug::Html { status: 401 }, Kind::SignedOut),
        (Bug::Empty { status: 502 }, Kind::Down),
        (Bug::Empty { status: 404 }, Kind::Broken),
        (Bug::Empty { status: 200 }, Kind::Broken),
        (Bug::Cut { after: 40 }, Kind::Down),
        (Bug::Short { keep: 40 }, Kind::Broken),
        (Bug::Malformed, Kind::Broken),
        (Bug::Drop, Kind::Down),
        (Bug::Stall { after: 20 }, Kind::Down),
        (patch("/result", None), Kind::Broken),
        (patch("/data", None), Kind::Broken),
        (patch("/data", json!("text")), Kind::Broken),
    ]
}
