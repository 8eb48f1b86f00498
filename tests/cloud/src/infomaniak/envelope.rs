//! The vendor's envelope (fact sheet §1.4) and its errors (§3.11).

use serde::Serialize;
use serde_json::{Value, json};

use crate::reply::{self, Reply};

/// What a handler gives.
pub(crate) type Answer = Result<Reply, Failure>;

#[derive(Serialize)]
struct Success<T> {
    result: &'static str,
    data: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_at: Option<u64>,
    #[serde(flatten)]
    paging: Option<Paging>,
}

/// Where a listing ends.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Paging {
    /// v3.
    Cursor {
        cursor: Option<String>,
        has_more: bool,
    },
    /// v1 and v2.
    Pages {
        page: u64,
        pages: u64,
        total: u64,
        items_per_page: u64,
    },
}

/// Success with `data`.
pub(crate) fn success(data: impl Serialize) -> Answer {
    answer(data, None, None)
}

/// Success of kDrive, which tells its time.
pub(crate) fn at(now: u64, data: impl Serialize) -> Answer {
    answer(data, Some(now), None)
}

/// A page of a listing.
pub(crate) fn page(now: u64, data: impl Serialize, paging: Paging) -> Answer {
    answer(data, Some(now), Some(paging))
}

fn answer(data: impl Serialize, response_at: Option<u64>, paging: Option<Paging>) -> Answer {
    let success = Success {
        result: "success",
        data,
        response_at,
        paging,
    };
    Ok(reply::json(200, &success))
}

/// A refusal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    status: u16,
    code: String,
    description: String,
    context: Option<Value>,
    errors: Vec<Value>,
}

impl Failure {
    pub(crate) fn new(status: u16, code: &str, description: &str) -> Failure {
        Failure {
            status,
            code: code.to_owned(),
            description: description.to_owned(),
            context: None,
            errors: Vec::new(),
        }
    }

    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    pub(crate) fn with_context(mut self, context: Value) -> Failure {
        self.context = Some(context);
        self
    }

    /// 422 `validation_failed` about one attribute; `rule` as in `validation_rule_integer`.
    pub(crate) fn invalid(attribute: &str, rule: &str, description: &str) -> Failure {
        let mut failure = Failure::new(422, "validation_failed", "Validation failed");
        failure.errors.push(json!({
            "code": format!("validation_rule_{rule}"),
            "description": description,
            "context": { "attribute": attribute },
        }));
        failure
    }

    /// 401.
    pub(crate) fn not_authorized() -> Failure {
        Failure::new(401, "not_authorized", "Authorization required")
    }

    /// 403 with the scopes that are missing.
    pub(crate) fn scopes(missing: &[&str]) -> Failure {
        let text = format!("This action requires the scopes: {}", missing.join(", "));
        Failure::new(403, "all_scopes", &text).with_context(json!({ "scopes": missing }))
    }

    /// 404 for a path nobody knows.
    pub(crate) fn no_route() -> Failure {
        Failure::new(404, "not_found", "Not found")
    }

    pub(crate) fn reply(&self) -> Reply {
        let mut error = json!({ "code": self.code, "description": self.description });
        if let Some(context) = &self.context {
            error["context"] = context.clone();
        }
        if !self.errors.is_empty() {
            error["errors"] = Value::from(self.errors.clone());
        }
        let body = json!({ "result": "error", "error": error });
        reply::json(self.status, &body)
    }
}
