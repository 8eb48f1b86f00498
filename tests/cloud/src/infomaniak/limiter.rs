//! The vendor's limit of calls a minute (fact sheet §1.6), off unless switched on.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::faults::too_many;
use crate::reply::Reply;
use crate::switches::{LimitHeader, Switches};

const MINUTE: Duration = Duration::from_secs(60);

/// Calls of each token in its present minute.
#[derive(Default)]
pub(crate) struct Limiter(BTreeMap<String, Window>);

struct Window {
    start: Instant,
    calls: u32,
}

impl Limiter {
    /// Counts a call; 429 when the token has used up its minute.
    pub(crate) fn count(&mut self, token: &str, switches: &Switches) -> Option<Reply> {
        let most = switches.calls_per_minute;
        if most == 0 {
            return None;
        }
        let now = Instant::now();
        let window = self.0.entry(token.to_owned()).or_insert(Window {
            start: now,
            calls: 0,
        });
        if now - window.start >= MINUTE {
            *window = Window {
                start: now,
                calls: 0,
            };
        }
        window.calls += 1;
        if window.calls <= most {
            return None;
        }
        let left = MINUTE.saturating_sub(now - window.start);
        let seconds = left.as_secs() + 1;
        Some(match switches.limit_header {
            LimitHeader::RetryAfter => too_many(Some(seconds), None),
            LimitHeader::Reset => too_many(None, Some(seconds)),
            LimitHeader::Neither => too_many(None, None),
        })
    }
}
