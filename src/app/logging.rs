//! The log on stderr.

use std::io::{IsTerminal, stderr};
use std::panic::{PanicHookInfo, set_hook};

use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

use super::config::{LogFormat, LogSettings};

/// Starts the log; the first call wins.
pub(super) fn start(settings: LogSettings) {
    // other crates write headers and addresses with their tokens on their finer levels
    let foreign = settings.level.min(Level::WARN);
    let filter = Targets::new()
        .with_target("davbridge", settings.level)
        .with_default(LevelFilter::from_level(foreign));
    let layer = match settings.format {
        LogFormat::Text => fmt::layer()
            .with_writer(stderr)
            .with_ansi(stderr().is_terminal())
            .with_target(false)
            .boxed(),
        LogFormat::Json => fmt::layer()
            .with_writer(stderr)
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
    };
    if registry()
        .with(layer.with_filter(filter))
        .try_init()
        .is_ok()
    {
        set_hook(Box::new(panicked));
    }
}

/// A panic is a line of the log like any other; its message may hold what a client sent, which
/// the log escapes.
fn panicked(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map(ToString::to_string);
    tracing::error!(message, place = place.unwrap_or_default(), "panic");
}
