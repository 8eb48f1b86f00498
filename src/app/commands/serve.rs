//! `davbridge serve`

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use super::{Bridge, Done, Failure, Output, Settings};
use crate::app::config::address_at;
use crate::app::{logging, signals};
use crate::server::{Render, bind, serve_metrics};

/// Upper bounds of the histograms, in seconds.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];

/// How often figures kept for a while are folded, so that they do not fill the memory.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves until a signal.
pub(super) async fn run(settings: Settings) -> Done {
    logging::start(settings.log);
    let shutdown = signals::listen()?;
    metrics(&settings, &shutdown.stop)?;
    let taken = |(address, error)| Failure::new(format!("cannot listen on {address}: {error}"));
    let listeners = bind(&settings.listen).map_err(taken)?;
    let addresses: Vec<_> = listeners
        .iter()
        .map(tokio::net::TcpListener::local_addr)
        .collect();
    let (tls, public) = (settings.tls.is_some(), settings.public_url.clone());
    let bridge = Bridge::open(settings).await?;
    let _claim = bridge.store().claim_serving()?;
    let mut first = None;
    for address in addresses {
        let address = address?;
        first.get_or_insert(address);
        let public = public.as_ref().map(ToString::to_string);
        tracing::info!(%address, tls, public_url = public.unwrap_or_default(), "listening");
    }
    welcome_owner(&bridge, first).await;
    if !bridge.serve(listeners, shutdown).await? {
        tracing::warn!("some requests could not be finished in time");
    }
    bridge.store().close().await;
    tracing::info!("ended");
    Ok(())
}

/// Prints the link with which the owner is made, where nobody is yet. It works once, so it is no
/// line of the log, which may be kept. That it cannot be made is no reason not to serve.
async fn welcome_owner(bridge: &Bridge, first: Option<SocketAddr>) {
    match bridge.accounts().owner_link().await {
        Ok(Some(link)) => {
            let address = address_at(bridge.settings(), first);
            Output::standard().note(&format!(
                "there is no admin yet; whoever opens this link within a day becomes one:\n\
                 {address}/welcome/{}",
                link.expose_secret()
            ));
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(error = error.chain(), "no link for the owner"),
    }
}

/// Counts, and serves the figures where an address is given.
fn metrics(settings: &Settings, stop: &CancellationToken) -> Done {
    let Some(address) = settings.metrics_listen else {
        return Ok(());
    };
    let seconds = Matcher::Suffix("_seconds".to_owned());
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(seconds, &BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| Failure::new(format!("metrics: {error}")))?;
    let taken = |(address, error)| Failure::new(format!("cannot listen on {address}: {error}"));
    let listeners = bind(&[address]).map_err(taken)?;
    tokio::spawn(upkeep(handle.clone(), stop.clone()));
    let render: Render = Arc::new(move || handle.render());
    for listener in listeners {
        let address = listener.local_addr()?;
        tracing::info!(%address, "metrics");
        tokio::spawn(serve_metrics(listener, Arc::clone(&render), stop.clone()));
    }
    Ok(())
}

async fn upkeep(handle: PrometheusHandle, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        tokio::select! {
            _ = ticks.tick() => handle.run_upkeep(),
            () = stop.cancelled() => return,
        }
    }
}
