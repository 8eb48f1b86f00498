//! Simulated clouds: stateful servers that speak each vendor's JSON as its fact sheet says.
//!
//! [`Cloud`] is a running simulation. All Infomaniak hosts are one listener with a path prefix
//! each (`/api`, `/kdrive`, `/notify`, `/calendar`, `/contacts`, `/mail`, `/login`); the CDN of
//! the signed downloads is a second listener. Control paths lie under `/_control`; `GET
//! /_control/help` lists them.

mod content;
mod control;
mod faults;
mod handle;
mod infomaniak;
mod options;
mod payload;
mod pim_handle;
mod pipeline;
mod reply;
mod request;
mod server;
mod surrogate;
mod switches;
mod traffic;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

pub use content::generated;
pub use faults::{Bad, Fault, Kind};
pub use handle::{DriveHandle, Info};
pub use infomaniak::drive::tree::Maintenance;
pub use infomaniak::outside::{Edit, PimEdit};
pub use infomaniak::pim::event::{Override, Sim};
pub use infomaniak::pim::instances::{Instance, Instances};
pub use options::Options;
pub use pim_handle::PimHandle;
pub use server::Outage;
pub use switches::{
    ContactValues, Download, FeedAccess, LimitHeader, Missing, Recurring, Switches, UploadUrl,
    WindowZone,
};
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
    ///
    /// Others: `sim-anna-second` (the same), `sim-ben-all` (another user), `sim-anna-user-info`
    /// (one scope more), `sim-anna-without-X` and `sim-anna-only-X` for X in `accounts`, `drive`,
    /// `mail`, `calendar`, `contact`, and `sim-anna-without-pim`.
    pub fn token(&self) -> &str {
        infomaniak::people::TOKEN
    }

    /// Gives a token other scopes; `None` revokes it.
    ///
    /// # Panics
    /// The simulation has no such token.
    pub fn set_token(&self, token: &str, scopes: Option<&[&str]>) {
        let scopes: Option<Vec<String>> =
            scopes.map(|scopes| scopes.iter().map(|scope| (*scope).to_owned()).collect());
        let done = self.shared.state().set_token(token, scopes.as_deref());
        if let Err(why) = done {
            panic!("{why}");
        }
    }

    /// Anna's first drive, of id 598431, with all the sample files.
    pub fn drive(&self) -> DriveHandle {
        self.drive_of(infomaniak::sample::FIRST)
    }

    /// Any drive: 598502 is Anna's second, 598777 Ben's.
    pub fn drive_of(&self, id: u64) -> DriveHandle {
        let shared = Arc::clone(&self.shared);
        DriveHandle { shared, id }
    }

    /// Calendars and contacts: Anna's calendars are 1379001 and 1379002 (shared with Ben), her
    /// books 5501 and 5502 (the organisation's).
    pub fn pim(&self) -> PimHandle {
        let shared = Arc::clone(&self.shared);
        PimHandle { shared }
    }

    /// Calls per route since the start or the last reset.
    pub fn counters(&self) -> BTreeMap<String, u64> {
        self.shared.traffic.counters()
    }

    /// Calls of one route since the start or the last reset.
    pub fn calls(&self, route: &str) -> u64 {
        self.counters().get(route).copied().unwrap_or(0)
    }

    /// All calls since the start or the last reset.
    pub fn all_calls(&self) -> u64 {
        self.counters().values().sum()
    }

    /// Sets counters and log back.
    pub fn reset_counters(&self) {
        self.shared.traffic.reset();
    }

    /// Requests in flight and the last ones.
    pub fn log(&self) -> Log {
        self.shared.traffic.log()
    }

    /// Adds faults to those that are set.
    pub fn faults(&self, faults: impl IntoIterator<Item = Fault>) {
        self.shared.faults.add(faults.into_iter().collect());
    }

    /// Forgets all faults.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// Changes the switches for uncertain facts.
    pub fn switches(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.shared.state().switches);
    }

    /// Begins or ends an outage; it takes effect at once on new requests.
    pub fn outage(&self, outage: Outage) {
        self.shared.outage.send_replace(outage);
    }

    /// Lets simulated time pass (expiry of upload sessions, undo and temporary addresses).
    pub fn pass(&self, seconds: u64) {
        self.shared.state().advance(seconds);
    }

    /// Back to the state at the start: files, tokens, switches, faults, counters.
    pub fn reset(&self) {
        self.shared.reset();
    }
}
