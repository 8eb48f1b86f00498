//! SIGTERM and SIGINT.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

use crate::server::Shutdown;

/// Asks for a graceful end at the first signal, and for an end at once at the second.
pub(super) fn listen() -> io::Result<Shutdown> {
    let shutdown = Shutdown::default();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let told = shutdown.clone();
    tokio::spawn(async move {
        for token in [told.stop, told.now] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            token.cancel();
            tracing::info!("ending");
        }
    });
    Ok(shutdown)
}
