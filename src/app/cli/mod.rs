//! The command line: commands by derive, one flag per key of the configuration.

mod commands;
mod invocation;
mod words;

pub(super) use commands::{Command, Keys, Password, User};
pub(super) use invocation::Invocation;
