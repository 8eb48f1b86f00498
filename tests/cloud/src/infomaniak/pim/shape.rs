//! E-mails, phones, addresses and details as texts or as objects (fact sheet §5.2).

use serde_json::{Value, json};

use crate::switches::ContactValues;

/// A list in the shape of the switch; what is no list stays.
pub(super) fn shaped(value: &Value, shape: ContactValues) -> Value {
    let Value::Array(list) = value else {
        return value.clone();
    };
    match shape {
        ContactValues::AsGiven => value.clone(),
        ContactValues::Strings => list.iter().map(text).collect(),
        ContactValues::Objects => list.iter().map(object).collect(),
    }
}

fn text(value: &Value) -> Value {
    let Value::Object(fields) = value else {
        return value.clone();
    };
    for name in ["value", "email", "number", "address"] {
        if let Some(Value::String(text)) = fields.get(name) {
            return json!(text);
        }
    }
    let parts = ["street", "zip", "city", "country"];
    let parts = parts.iter().filter_map(|name| fields.get(*name)?.as_str());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    json!(parts.join(", "))
}

fn object(value: &Value) -> Value {
    match value {
        Value::String(text) => json!({ "value": text, "type": "HOME" }),
        _ => value.clone(),
    }
}
