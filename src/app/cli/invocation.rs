//! One command line, read.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, CommandFactory, FromArgMatches, Parser};

use super::Command;
use crate::app::config::{Key, Sources, keys};

/// Serves cloud accounts that speak only JSON APIs to any WebDAV client.
#[derive(Debug, Parser)]
#[command(name = "davbridge", version, max_term_width = 100)]
struct Cli {
    /// Configuration file; without it `davbridge.toml` in the data folder, if there is one
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

/// A parsed command line.
#[derive(Debug)]
pub(in crate::app) struct Invocation {
    /// What to do.
    pub(in crate::app) command: Command,
    /// Where the configuration is.
    pub(in crate::app) sources: Sources,
}

impl Invocation {
    /// From the program's own arguments and environment; `Err` is help, version or wrong usage.
    pub(in crate::app) fn parse() -> Result<Self, clap::Error> {
        let matches = grammar().try_get_matches()?;
        let cli = Cli::from_arg_matches(&matches)?;
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Ok(Self {
            command: cli.command,
            sources: Sources {
                file: cli.config,
                environment: environment.collect(),
                flags: flags(&matches),
            },
        })
    }
}

/// The commands, with a global flag for each key.
fn grammar() -> clap::Command {
    Cli::command().args(keys().map(argument))
}

fn argument(key: &Key) -> Arg {
    let action = if key.list {
        ArgAction::Append
    } else {
        ArgAction::Set
    };
    let name = key.name.rsplit('.').next().unwrap_or(key.name);
    let argument = Arg::new(key.name)
        .long(key.flag())
        .action(action)
        .global(true)
        .value_name(name.to_ascii_uppercase())
        .help(key.about)
        .help_heading("Configuration")
        .hide_short_help(true);
    match key.default {
        "" => argument,
        default => argument.help(format!("{} [default: {default}]", key.about)),
    }
}

fn flags(matches: &ArgMatches) -> Vec<(&'static str, Vec<String>)> {
    let given = keys().filter_map(|key| {
        let values = matches.get_many::<String>(key.name)?;
        Some((key.name, values.cloned().collect()))
    });
    given.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar_is_sound() {
        grammar().debug_assert();
    }

    #[test]
    fn flags_go_with_every_command_and_may_repeat() {
        let line = "davbridge --listen 127.0.0.1:1 serve --listen 127.0.0.1:2 --limits-body 1KiB";
        let matches = grammar()
            .try_get_matches_from(line.split(' '))
            .expect("good");
        let given = flags(&matches);
        assert!(given.contains(&("limits.body", vec!["1KiB".to_owned()])));
        let listen = given.iter().find(|(key, _)| *key == "listen");
        assert_eq!(listen.expect("given").1, ["127.0.0.1:2"]);
    }
}
