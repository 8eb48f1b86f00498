//! The vendors beside Infomaniak: their states, their tables of routes, their errors.

use std::sync::Arc;

use serde_json::json;

use crate::infomaniak::envelope::Failure;
use crate::infomaniak::state::Addresses;
use crate::oauth::book::Book;
use crate::options::Options;
use crate::reply::{self, Reply};
use crate::request::Request;
use crate::template::{Params, matched};
use crate::{google, microsoft};

/// Which vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vendor {
    Google,
    Microsoft,
}

/// The states behind the lock.
pub(crate) struct Vendors {
    pub(crate) google: google::State,
    pub(crate) microsoft: microsoft::State,
}

impl Vendors {
    pub(crate) fn new(options: &Options, addresses: &Arc<Addresses>) -> Vendors {
        Vendors {
            google: google::State::new(options, Arc::clone(addresses)),
            microsoft: microsoft::State::new(options, Arc::clone(addresses)),
        }
    }

    pub(crate) fn book(&mut self, vendor: Vendor) -> &mut Book {
        match vendor {
            Vendor::Google => &mut self.google.book,
            Vendor::Microsoft => &mut self.microsoft.book,
        }
    }

    /// Lets time pass.
    pub(crate) fn advance(&mut self, seconds: u64) {
        for vendor in [Vendor::Google, Vendor::Microsoft] {
            self.book(vendor).advance(seconds);
        }
    }
}

/// A call of a route, as its handler sees it.
pub(crate) struct Visit<'a> {
    pub(crate) request: &'a Request,
    pub(crate) params: &'a Params<'a>,
}

/// A row of a vendor's table.
pub(crate) struct Row<S: 'static> {
    /// Method and whole path, such as `POST /google/oauth2/token`.
    pub(crate) key: &'static str,
    /// How errors look there.
    pub(crate) style: Style,
    pub(crate) handler: fn(&mut S, &Visit<'_>) -> Reply,
}

/// How errors look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Infomaniak's envelope.
    Infomaniak,
    /// RFC 6749 §5.2.
    OAuth,
    /// The error object of Google's APIs.
    Google,
    /// The error object of Microsoft Graph.
    Graph,
}

impl Style {
    /// An error in this style.
    pub(crate) fn error(self, status: u16, code: &str, text: &str) -> Reply {
        match self {
            Style::Infomaniak => Failure::new(status, code, text).reply(),
            Style::OAuth => {
                reply::json(status, &json!({ "error": code, "error_description": text }))
            }
            Style::Google => {
                let error = json!({ "code": status, "message": text, "status": code });
                reply::json(status, &json!({ "error": error }))
            }
            Style::Graph => {
                let inner = json!({ "date": "2026-03-02T10:11:12", "request-id": "simulated" });
                let error = json!({ "code": code, "message": text, "innerError": inner });
                reply::json(status, &json!({ "error": error }))
            }
        }
    }
}

/// A row that fits a request, and the values in its path.
pub(crate) enum Found<'p> {
    Google(&'static Row<google::State>, Params<'p>),
    Microsoft(&'static Row<microsoft::State>, Params<'p>),
}

impl Found<'_> {
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Found::Google(row, _) => row.key,
            Found::Microsoft(row, _) => row.key,
        }
    }

    pub(crate) fn style(&self) -> Style {
        match self {
            Found::Google(row, _) => row.style,
            Found::Microsoft(row, _) => row.style,
        }
    }

    pub(crate) fn vendor(&self) -> Vendor {
        match self {
            Found::Google(..) => Vendor::Google,
            Found::Microsoft(..) => Vendor::Microsoft,
        }
    }

    pub(crate) fn answer(&self, vendors: &mut Vendors, request: &Request) -> Reply {
        match self {
            Found::Google(row, params) => {
                (row.handler)(&mut vendors.google, &Visit { request, params })
            }
            Found::Microsoft(row, params) => {
                (row.handler)(&mut vendors.microsoft, &Visit { request, params })
            }
        }
    }
}

/// The row for a request.
pub(crate) fn find<'p>(method: &str, path: &'p str) -> Option<Found<'p>> {
    let google = || one(google::ROUTES, method, path).map(|(row, at)| Found::Google(row, at));
    let microsoft =
        || one(microsoft::ROUTES, method, path).map(|(row, at)| Found::Microsoft(row, at));
    google().or_else(microsoft)
}

fn one<'p, S>(
    rows: &'static [Row<S>],
    method: &str,
    path: &'p str,
) -> Option<(&'static Row<S>, Params<'p>)> {
    rows.iter().find_map(|row| {
        let template = row.key.strip_prefix(method)?.strip_prefix(' ')?;
        Some((row, matched(template, path, &["{tenant}"])?))
    })
}

/// All route keys.
pub(crate) fn keys() -> impl Iterator<Item = &'static str> {
    let google = google::ROUTES.iter().map(|row| row.key);
    google.chain(microsoft::ROUTES.iter().map(|row| row.key))
}
