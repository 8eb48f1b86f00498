//! Simulated clouds: stateful servers that speak each vendor's JSON as its fact sheet says.
//!
//! [`Cloud`] is a running simulation. All Infomaniak hosts are one listener with a path prefix
//! each (`/api`, `/kdrive`, `/notify`, `/calendar`, `/contacts`, `/mail`, `/login`); the CDN of
//! the signed downloads is a second listener. Google and Microsoft are folders of the first one,
//! `/google` and `/microsoft`, so far with their sign-in alone. Control paths lie under `/_control`; `GET
//! /_control/help` lists them.

mod content;
mod control;
mod faults;
mod google;
mod handle;
mod infomaniak;
mod microsoft;
mod oauth;
mod options;
mod payload;
mod pim_handle;
mod pipeline;
mod reply;
mod request;
mod server;
mod surrogate;
mod switches;
mod template;
mod traffic;
mod vendors;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

pub use content::generated;
pub use faults::{Bad, Fault, Kind};
pub use google::switches::GoogleSwitches;
pub use handle::{DriveHandle, Info};
pub use infomaniak::drive::tree::Maintenance;
pub use infomaniak::outside::{Edit, PimEdit};
pub use infomaniak::pim::event::{Override, Sim};
pub use infomaniak::pim::instances::{Instance, Instances};
pub use microsoft::switches::{MicrosoftSwitches, RefreshRefusal};
pub use oauth::client::OAuthClient;
pub use oauth::handle::OAuthHandle;
pub use oauth::order::TokenOrder;
pub use oauth::token::{TokenInfo, TokenKind, TokenState};
pub use options::Options;
pub use pim_handle::PimHandle;
pub use server::Outage;
pub use switches::{
    ContactValues, Download, FeedAccess, LimitHeader, Missing, Recurring, Switches, UploadUrl,
    WindowZone,
};
pub use traffic::{Entry, Log};

use server::{Listeners, Shared};
use vendors::Vendor;

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

    /// Google's applications, consents and tokens. Its accounts are Anna (108204268033311374519) and
    /// Ben (117365910548220641983).
    pub fn google(&self) -> OAuthHandle {
        self.oauth(Vendor::Google)
    }

    /// Microsoft's applications, consents and tokens. Its accounts are Anna
    /// (b7e2c1d0-52a4-4f7e-8c39-0d6f2a9e4411) and Ben (c93d0b6f-1e75-4a28-b4c7-6e8f5d3a2290) of an
    /// organisation, and Carla (48d31887c41a1f02), a personal one.
    pub fn microsoft(&self) -> OAuthHandle {
        self.oauth(Vendor::Microsoft)
    }

    fn oauth(&self, vendor: Vendor) -> OAuthHandle {
        let shared = Arc::clone(&self.shared);
        OAuthHandle { shared, vendor }
    }

    /// Changes the switches of Google.
    pub fn google_switches(&self, change: impl FnOnce(&mut GoogleSwitches)) {
        change(&mut self.shared.vendors().google.switches);
    }

    /// Changes the switches of Microsoft.
    pub fn microsoft_switches(&self, change: impl FnOnce(&mut MicrosoftSwitches)) {
        change(&mut self.shared.vendors().microsoft.switches);
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

    /// Changes the switches for uncertain facts about Infomaniak.
    pub fn switches(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.shared.state().switches);
    }

    /// Begins or ends an outage; it takes effect at once on new requests.
    pub fn outage(&self, outage: Outage) {
        self.shared.outage.send_replace(outage);
    }

    /// Ends an outage, and waits until connections are taken again.
    pub async fn end_outage(&self) {
        self.outage(Outage::None);
        let mut closed = self.shared.closed.subscribe();
        let open = closed.wait_for(|closed| *closed == 0).await;
        open.expect("the sender is ours");
    }

    /// Lets simulated time pass (expiry of tokens, codes, upload sessions, undo and temporary addresses).
    pub fn pass(&self, seconds: u64) {
        self.shared.pass(seconds);
    }

    /// Back to the state at the start: files, tokens, switches, faults, counters.
    pub fn reset(&self) {
        self.shared.reset();
    }
}
