//! What is the same for every resource of one answer, owned by the answer.

use http::HeaderMap;

use crate::domain::UserName;

use super::props::Scene;
use super::{Visit, condition};

/// An owned [`Scene`]: an answer outlives its request.
pub(super) struct Stage {
    pub(super) prefix: String,
    user: UserName,
    microsoft: bool,
}

impl Stage {
    pub(super) fn new(visit: &Visit, headers: &HeaderMap) -> Self {
        Self {
            prefix: visit.prefix.clone(),
            user: visit.caller.user.clone(),
            microsoft: condition::is_microsoft(headers),
        }
    }

    pub(super) fn scene(&self) -> Scene<'_> {
        Scene {
            prefix: &self.prefix,
            user: &self.user,
            microsoft: self.microsoft,
        }
    }
}
