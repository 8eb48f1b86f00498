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

/// What was not granted and never was, as far as the copy tells. A scope that nobody has words for
/// goes by its own name.
pub(super) fn missing(
    texts: &Texts,
    status: &ConnectionStatus,
    lost: &[ServiceStatus],
) -> Vec<String> {
    let scopes = status.scopes.iter().filter(|scope| scope.missing.is_some());
    let services = scopes.map(|scope| texts.scopes.get(&scope.scope).unwrap_or(&scope.scope));
    let lost: Vec<_> = lost.iter().map(|service| texts.kind(service)).collect();
    services
        .filter(|service| !lost.contains(&service.as_str()))
        .map(|service| fill(&texts.not_granted, &[("service", service)]))
        .collect()
}

/// What was granted before, and is not with the present token.
pub(super) fn lost(texts: &Texts, services: &[ServiceStatus]) -> Vec<String> {
    let services = services.iter().map(|service| texts.kind(service));
    services
        .map(|service| fill(&texts.lost, &[("service", service)]))
        .collect()
}

impl Texts {
    /// What a service is called where access to it is told of.
    fn kind<'a>(&'a self, service: &'a ServiceStatus) -> &'a str {
        self.kinds.get(&service.kind).unwrap_or(&service.kind)
    }
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
