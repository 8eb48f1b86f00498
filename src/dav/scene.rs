//! What is the same for every resource of one answer, owned by the answer.

use http::HeaderMap;

use crate::domain::{Services, UserName};

use super::props::Scene;
use super::{Visit, condition};

/// An owned [`Scene`]: an answer outlives its request.
pub(super) struct Stage {
    pub(super) prefix: String,
    user: UserName,
    services: Services,
    microsoft: bool,
}

impl Stage {
    pub(super) fn new(visit: &Visit, headers: &HeaderMap) -> Self {
        Self {
            prefix: visit.prefix.clone(),
            user: visit.caller.user.clone(),
            services: visit.caller.services,
            microsoft: condition::is_microsoft(headers),
        }
    }

    pub(super) fn scene(&self) -> Scene<'_> {
        Scene {
            prefix: &self.prefix,
            user: &self.user,
            services: self.services,
            microsoft: self.microsoft,
        }
    }
}
