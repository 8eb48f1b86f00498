//! Simulated clouds: stateful servers that speak each vendor's JSON as its fact sheet says.
//!
//! [`Cloud`] is a running simulation. All Infomaniak hosts are one listener with a path prefix
//! each (`/api`, `/kdrive`, `/notify`, `/calendar`, `/contacts`, `/mail`, `/login`); the CDN of
//! the signed downloads is a second listener. Control paths lie under `/_control`; `GET
//! /_control/help` lists them.

#![allow(dead_code, reason = "the writing calls and faults follow")]

mod content;
mod control;
mod infomaniak;
mod options;
mod payload;
mod reply;
mod request;
mod server;
mod traffic;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

pub use content::generated;
pub use infomaniak::drive::tree::Maintenance;
pub use options::{Download, FeedAccess, LimitHeader, Missing, Options, Switches, UploadUrl};
pub use traffic::{Entry, Log};

use server::{Listeners, Shared};

/// A running simulation; dropping it ends it.
pub struct Cloud {
    shared: Arc<Shared>,
    #[expect(dead_code, reason = "ends the listeners when dropped")]
    listeners: Listeners,
}

impl Cloud {
    /// Starts listening; the CDN listens on another port of the same address.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn start(listen: SocketAddr, options: Options) -> std::io::Result<Cloud> {
        let (shared, listeners) = server::start(listen, options).await?;
        Ok(Cloud { shared, listeners })
    }

    /// `http://127.0.0.1:PORT` of the APIs, no slash at the end.
    pub fn base_url(&self) -> String {
        self.shared.addresses.base.clone()
    }

    /// `http://127.0.0.1:PORT` of the CDN, no slash at the end.
    pub fn cdn_url(&self) -> String {
        self.shared.addresses.cdn.clone()
    }

    /// The sample account's token with the five scopes a bridge asks for.
    pub fn token(&self) -> &str {
        infomaniak::people::TOKEN
    }

    /// Calls per route since the start or the last reset.
    pub fn counters(&self) -> BTreeMap<String, u64> {
        self.shared.traffic.counters()
    }

    /// Calls of one route since the start or the last reset.
    pub fn calls(&self, route: &str) -> u64 {
        self.counters().get(route).copied().unwrap_or(0)
    }

    /// Sets counters and log back.
    pub fn reset_counters(&self) {
        self.shared.traffic.reset();
    }

    /// Requests in flight and the last ones.
    pub fn log(&self) -> Log {
        self.shared.traffic.log()
    }

    /// Back to the state at the start: files, switches, tokens, counters.
    pub fn reset(&self) {
        self.shared.reset();
    }
}
