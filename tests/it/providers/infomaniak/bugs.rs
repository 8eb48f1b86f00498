//! What the simulated Infomaniak is told to answer instead.

use cloud::Kind as Bug;
use serde_json::Value;

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
