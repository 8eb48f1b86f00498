//! Everything the simulated Infomaniak knows.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Utc;
use tokio::sync::watch;

use super::drive::cancel::Undo;
use super::drive::cdn::Tickets;
use super::drive::session::Session;
use super::drive::tree::Drive;
use super::envelope::{Answer, Failure};
use super::limiter::Limiter;
use super::people::{self, Grant};
use super::pim::{self, store::Pim};
use super::sample;
use crate::content::mix;
use crate::options::Options;
use crate::request::Request;
use crate::switches::{Missing, Switches};
use crate::template::Params;

/// The simulated time at the start, epoch seconds.
pub(crate) const START: u64 = 1_760_001_000;

/// The state behind the lock.
pub(crate) struct State {
    pub(crate) switches: Switches,
    pub(crate) addresses: Arc<Addresses>,
    pub(crate) tokens: BTreeMap<String, Arc<Grant>>,
    pub(crate) drives: BTreeMap<u64, Drive>,
    pub(crate) pim: Pim,
    pub(crate) tickets: Tickets,
    pub(crate) limiter: Limiter,
    /// Uploads under way, by token.
    pub(crate) sessions: BTreeMap<String, Session>,
    /// What can be undone, by `cancel_id`.
    pub(crate) undos: BTreeMap<String, Undo>,
    /// Told at each change, for long polls.
    pub(crate) pulse: watch::Sender<u64>,
    /// Simulated time, epoch seconds: stands still but for changes, each a second.
    now: u64,
    drawn: u64,
}

/// Where the simulation can be reached.
#[derive(Debug)]
pub(crate) struct Addresses {
    /// `http://host:port` of the APIs.
    pub(crate) base: String,
    /// `http://host:port` of the CDN.
    pub(crate) cdn: String,
}

impl State {
    pub(crate) fn new(options: &Options, addresses: Arc<Addresses>) -> State {
        let today = options.anchor.unwrap_or_else(|| Utc::now().date_naive());
        State {
            switches: options.switches.clone(),
            addresses,
            tokens: people::tokens(),
            drives: sample::drives(options),
            pim: pim::sample::pim(options, today),
            tickets: Tickets::default(),
            limiter: Limiter::default(),
            sessions: BTreeMap::new(),
            undos: BTreeMap::new(),
            pulse: watch::Sender::new(START),
            now: START,
            drawn: 0,
        }
    }

    /// Simulated time, epoch seconds.
    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    /// Lets a second pass, for a change; gives the new time.
    pub(crate) fn tick(&mut self) -> u64 {
        self.now += 1;
        self.pulse.send_replace(self.now);
        self.now
    }

    /// Gives a token other scopes; `None` revokes it.
    pub(crate) fn set_token(
        &mut self,
        token: &str,
        scopes: Option<&[String]>,
    ) -> Result<(), String> {
        let Some(scopes) = scopes else {
            self.tokens.remove(token);
            return Ok(());
        };
        // a revoked token can come back
        let known = self.tokens.get(token).cloned();
        let known = known.or_else(|| people::tokens().remove(token));
        let known = known.ok_or_else(|| format!("no token {token}"))?;
        let grant = Grant {
            user: known.user.clone(),
            scopes: scopes.iter().cloned().collect(),
        };
        self.tokens.insert(token.to_owned(), Arc::new(grant));
        Ok(())
    }

    /// Lets time pass.
    pub(crate) fn advance(&mut self, seconds: u64) {
        self.now += seconds;
    }

    /// An unguessable-looking id in the form of a UUID, the same in each run.
    pub(crate) fn draw(&mut self) -> String {
        self.drawn += 1;
        let (high, low) = (mix(self.drawn), mix(self.drawn ^ 0x5151_5151));
        format!(
            "{:08x}-{:04x}-7{:03x}-8{:03x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            low >> 52,
            low & 0xffff_ffff_ffff
        )
    }

    /// What is not there answers, depending on the switch.
    pub(crate) fn missing(&self, model: &str) -> Failure {
        let failure = match self.switches.missing {
            Missing::NotFound => Failure::new(404, "object_not_found", "Object not found"),
            Missing::Forbidden => Failure::new(403, "forbidden_error", "Forbidden"),
        };
        failure.with_context(serde_json::json!({ "model": model }))
    }
}

/// One call of a route, as its handler sees it.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) request: &'a Request,
    /// Who calls; for routes without token, nobody's grant.
    pub(crate) grant: Arc<Grant>,
    pub(crate) params: Params<'a>,
}

/// Answers a call.
pub(crate) type Handler = fn(&mut Call<'_>) -> Answer;
