//! Errors of the sign-in (fact sheet §1.5).

use serde_json::json;

use crate::reply::{self, Reply};

/// A refusal of the token endpoint.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusal {
    status: u16,
    error: &'static str,
    number: u32,
    text: &'static str,
    suberror: Option<&'static str>,
    claims: Option<&'static str>,
}

impl Refusal {
    pub(super) const fn new(error: &'static str, number: u32, text: &'static str) -> Refusal {
        Refusal {
            status: 400,
            error,
            number,
            text,
            suberror: None,
            claims: None,
        }
    }

    pub(super) const fn status(mut self, status: u16) -> Refusal {
        self.status = status;
        self
    }

    pub(super) const fn suberror(mut self, suberror: &'static str) -> Refusal {
        self.suberror = Some(suberror);
        self
    }

    pub(super) const fn claims(mut self, claims: &'static str) -> Refusal {
        self.claims = Some(claims);
        self
    }

    /// `AADSTS…: …` with the ids that support asks for.
    pub(super) fn description(&self) -> String {
        format!(
            "AADSTS{}: {} Trace ID: 11111111-aaaa-bbbb-cccc-000000000001 Correlation ID: \
             22222222-aaaa-bbbb-cccc-000000000002 Timestamp: 2026-03-02 10:11:12Z",
            self.number, self.text
        )
    }

    pub(super) fn reply(&self) -> Reply {
        let mut body = json!({
            "error": self.error,
            "error_description": self.description(),
            "error_codes": [self.number],
            "timestamp": "2026-03-02 10:11:12Z",
            "trace_id": "11111111-aaaa-bbbb-cccc-000000000001",
            "correlation_id": "22222222-aaaa-bbbb-cccc-000000000002",
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.number),
        });
        if let Some(suberror) = self.suberror {
            body["suberror"] = json!(suberror);
        }
        if let Some(claims) = self.claims {
            body["claims"] = json!(claims);
        }
        reply::json(self.status, &body)
    }
}
