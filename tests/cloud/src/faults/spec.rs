//! What tests write to make something go wrong.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::infomaniak::outside::Edit;

/// A fault and the calls it strikes.
///
/// All faults that fit a call strike it, in the order they were set.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// A route as the counters name it; a `*` at the end stands for any rest.
    #[serde(default = "anywhere")]
    pub route: String,
    /// The path below the host prefix, without query; a `*` at the end stands for any rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Only calls for this page of a listing by cursor; 1 is the call without cursor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The first of the fitting calls that it strikes, counted from 1 since the fault was set.
    #[serde(default = "one")]
    pub nth: u64,
    /// How many calls it strikes from there on; 0 = all.
    #[serde(default = "one")]
    pub times: u64,
    /// What happens.
    pub fault: Kind,
}

fn anywhere() -> String {
    "*".to_owned()
}

fn one() -> u64 {
    1
}

impl Fault {
    /// Strikes the next call of a route.
    pub fn on(route: &str, kind: Kind) -> Fault {
        Fault {
            route: route.to_owned(),
            path: None,
            page: None,
            nth: 1,
            times: 1,
            fault: kind,
        }
    }

    /// Strikes from the `nth` call on.
    pub fn nth(mut self, nth: u64) -> Fault {
        self.nth = nth;
        self
    }

    /// Strikes so many calls.
    pub fn times(mut self, times: u64) -> Fault {
        self.times = times;
        self
    }

    /// Strikes every call.
    pub fn always(self) -> Fault {
        self.times(0)
    }

    /// Strikes only calls for this page of a listing.
    pub fn page(mut self, page: u32) -> Fault {
        self.page = Some(page);
        self
    }

    /// Strikes only calls of this path.
    pub fn path(mut self, path: &str) -> Fault {
        self.path = Some(path.to_owned());
        self
    }
}

/// What goes wrong.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    /// An error in the vendor's envelope.
    Status {
        /// Status of the answer.
        status: u16,
        /// `error.code`.
        #[serde(default = "unexpected")]
        code: String,
        /// `error.description`.
        #[serde(default = "unexpected")]
        description: String,
    },
    /// 429.
    TooMany {
        /// `Retry-After`, seconds.
        #[serde(default)]
        retry_after: Option<u64>,
        /// `X-RateLimit-Reset`, given as seconds from now.
        #[serde(default)]
        reset_after: Option<u64>,
    },
    /// A proxy's error page.
    Html {
        /// Status of the answer.
        status: u16,
    },
    /// No body at all.
    Empty {
        /// Status of the answer.
        status: u16,
    },
    /// The error envelope on HTTP 200.
    #[serde(rename = "error_on_200")]
    ErrorOn200 {
        /// `error.code`.
        #[serde(default = "unexpected")]
        code: String,
    },
    /// The connection is cut after so many bytes of the body; Content-Length tells all of it.
    Cut {
        /// Bytes sent before.
        after: u64,
    },
    /// The body ends after so many bytes, and Content-Length agrees.
    Short {
        /// Bytes sent.
        keep: u64,
    },
    /// No bytes follow after so many; the connection stays open.
    Stall {
        /// Bytes sent before.
        after: u64,
    },
    /// The body comes in small pieces.
    Slow {
        /// Bytes at a time.
        piece: u64,
        /// Milliseconds before each.
        every_ms: u64,
    },
    /// The answer starts late.
    Latency {
        /// Milliseconds.
        ms: u64,
    },
    /// The connection is closed without an answer.
    Drop,
    /// The first half of the JSON.
    Malformed,
    /// One record of a listing is wrong.
    BadRecord {
        /// Which one of the page, from 0.
        #[serde(default)]
        index: usize,
        /// What is wrong with it.
        how: Bad,
    },
    /// Something in the JSON answer is replaced, or taken out when no value is given.
    Patch {
        /// JSON pointer, such as `/data/0/name` or `/cursor`.
        pointer: String,
        /// The new value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
    },
    /// A header of the answer is set.
    Header {
        /// Its name, in lower case.
        name: String,
        /// Its value.
        value: String,
    },
    /// The Range header of the request is not seen.
    IgnoreRange,
    /// The token of the call is revoked, from this call on until reset.
    Revoke,
    /// The file of the call (`{file}` in the route) gets new generated bytes before the handler
    /// runs: a new version, etag and date.
    Replace {
        /// The new size, bytes; one byte more than before when not given.
        #[serde(default)]
        size: Option<u64>,
    },
    /// Another client changes something before the handler runs.
    Edit {
        /// The drive; Anna's first when not given.
        #[serde(default)]
        drive: Option<u64>,
        /// What it changes.
        edit: Edit,
    },
}

fn unexpected() -> String {
    "unexpected_error".to_owned()
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Bad {
    /// Name or title, size, type, dates and lists have wrong types; the id is right.
    Types,
    /// There is no name, or title.
    NoName,
    /// There is no id.
    NoId,
    /// `null` in its place.
    Null,
    /// A text in its place.
    Text,
    /// The name or title holds half of a surrogate pair.
    Surrogate,
    /// It is nested a thousand deep.
    Deep,
}
