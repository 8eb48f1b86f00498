//! What is wrong with a connection, in sentences.

use std::collections::HashSet;

use serde::Deserialize;

use super::Texts;
use crate::accounts::{ConnectionStatus, RowState};
use crate::mirror::{ServiceStatus, Why};
use crate::web::scene::Scene;
use crate::web::texts::fill;

/// Why a reading failed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reading {
    busy: String,
    down: String,
    signed_out: String,
    not_granted: String,
    answer: String,
    bridge: String,
    unknown: String,
}

impl Reading {
    fn told(&self, why: Why) -> &str {
        match why {
            Why::Busy => &self.busy,
            Why::Down => &self.down,
            Why::SignedOut => &self.signed_out,
            Why::NotGranted => &self.not_granted,
            Why::Answer => &self.answer,
            Why::Bridge => &self.bridge,
            Why::Unknown => &self.unknown,
        }
    }
}

/// What was not granted. A scope that nobody has words for goes by its own name.
pub(super) fn missing(texts: &Texts, status: &ConnectionStatus) -> Vec<String> {
    let scopes = status.scopes.iter().filter(|scope| scope.missing.is_some());
    scopes
        .map(|scope| {
            let service = texts.scopes.get(&scope.scope).unwrap_or(&scope.scope);
            fill(&texts.not_granted, &[("service", service)])
        })
        .collect()
}

pub(super) fn problems(
    scene: &Scene<'_>,
    status: &ConnectionStatus,
    services: &[ServiceStatus],
) -> Vec<String> {
    let texts = &scene.texts().shown;
    let mut all = Vec::new();
    if status.state == RowState::SignedOut {
        let company = scene.texts().companies.name(&status.provider);
        all.push(fill(&texts.signed_out_why, &[("company", company)]));
    }
    for service in services {
        let feeds = service.feeds.iter().map(|feed| &feed.problem);
        for problem in feeds.chain([&service.problem]).flatten() {
            all.push(texts.reading.told(problem.why).to_owned());
        }
    }
    let feeds = services.iter().flat_map(|service| &service.feeds);
    let unreadable: u64 = feeds.map(|feed| u64::from(feed.unreadable)).sum();
    if unreadable > 0 {
        all.push(texts.unreadable.count(unreadable));
    }
    // Several feeds often fail for one reason.
    let mut seen = HashSet::new();
    all.retain(|problem| seen.insert(problem.clone()));
    all
}
