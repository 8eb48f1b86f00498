//! Configuration, wiring, and the commands.

mod bridge;
mod cli;
mod commands;
pub mod config;
mod door;
mod failure;
mod logging;
mod output;
mod signals;

pub use bridge::Bridge;
pub use config::Settings;

use std::process::ExitCode;

use cli::Invocation;
use output::Output;

/// The program, from the command line to the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let invocation = match Invocation::parse() {
        Ok(invocation) => invocation,
        Err(answer) => {
            // help and version go to stdout, wrong usage to stderr; where neither can be
            // written to there is nobody to tell
            let _ = answer.print();
            return u8::try_from(answer.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    let mut out = Output::standard();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            out.note(&format!("error: the runtime cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(Box::pin(commands::run(invocation, &mut out)));
    // a store call that hangs must not keep the program from ending
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out.note(&format!("error: {failure}"));
            ExitCode::from(failure.code())
        }
    }
}
