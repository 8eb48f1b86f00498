//! The command line: commands by derive, one flag per key of the configuration.

use std::path::PathBuf;

use clap::{
    Arg, ArgAction, ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum,
};

use super::config::{KEYS, Key, Sources};
use crate::domain::{Role, Services};

/// Serves cloud accounts that speak only JSON APIs to any WebDAV client.
#[derive(Debug, Parser)]
#[command(name = "davbridge", version, max_term_width = 100)]
pub(super) struct Cli {
    /// Configuration file; without it `davbridge.toml` in the data folder, if there is one
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve until SIGTERM
    Serve,
    /// Users
    #[command(subcommand)]
    User(User),
    /// App passwords
    #[command(subcommand)]
    Password(Password),
    /// Connect an account of a cloud
    ///
    /// Exit codes: 3 a scope is missing, 4 the token is not accepted, 5 the cloud cannot be
    /// reached or answers something unexpected.
    Connect {
        /// Which cloud: infomaniak
        provider: String,
        /// Whose account it is here
        user: String,
        /// File with the token; `-` reads it from standard input
        #[arg(long, value_name = "FILE")]
        token_file: PathBuf,
    },
    /// List connected accounts: what is copied of each, how far a first reading has come, problems
    Connections {
        /// Only of this user
        user: Option<String>,
    },
    /// Forget an account's token; its addresses stay for the next time
    Disconnect {
        /// Whose
        user: String,
        /// Name of the connection, as `connections` lists it
        connection: String,
    },
    /// Drop what the running server holds of an account, so that it is read anew
    Refresh {
        /// Whose
        user: String,
        /// Name of the connection; without it all of the user's
        connection: Option<String>,
    },
    /// Write a copy of the database, also while the server runs
    Backup {
        /// New file
        file: PathBuf,
    },
    /// Replace users, passwords and connections by those of a backup
    Restore {
        /// A file that `backup` wrote
        file: PathBuf,
    },
    /// The master keys, which open the secrets in the database
    #[command(subcommand)]
    Key(Keys),
    /// Print who did what: when, who, what, whom, about, way, from
    Audit {
        /// So many lines, the newest ones
        #[arg(long, value_name = "COUNT", default_value = "100")]
        lines: u32,
    },
    /// Check configuration, store, key, addresses and connections, and say what to do
    Doctor,
    /// Print all configuration keys as a Markdown table
    #[command(hide = true)]
    ConfigTable,
}

/// `davbridge user …`
#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Add a user
    Add {
        /// Lower-case letters, digits, `.`, `-`, `_`; part of all addresses, for ever
        name: String,
        /// Name for people
        #[arg(long, value_name = "TEXT", default_value = "")]
        display_name: String,
        /// What the user may do
        #[arg(long, value_name = "ROLE", default_value = "editor")]
        role: RoleWord,
    },
    /// Give a user another role, from the next request on
    Role {
        /// Who
        name: String,
        /// What the user may do
        role: RoleWord,
    },
    /// Print a link with which a user sets a password for the page, once
    Invite {
        /// Who
        name: String,
    },
    /// List users: name, state, date, name for people, role, last sign-in on the page
    List,
    /// Remove a user with all passwords and connections
    Remove {
        /// Who
        name: String,
    },
    /// Refuse a user's sign-in from the next request on
    Disable {
        /// Who
        name: String,
    },
    /// Allow a disabled user's sign-in again
    Enable {
        /// Who
        name: String,
    },
}

/// `davbridge password …`
#[derive(Debug, Subcommand)]
pub(super) enum Password {
    /// Make an app password and print it, this once
    Add {
        /// For whom
        user: String,
        /// The device or program
        #[arg(long, value_name = "TEXT", default_value = "")]
        label: String,
        /// It never allows writing
        #[arg(long)]
        read_only: bool,
        /// It opens nothing else
        #[arg(long, value_name = "SERVICES")]
        services: Option<ServicesWord>,
        /// When it ends: a time from now such as `90d`, or a day such as `2027-01-31`
        #[arg(long, value_name = "WHEN")]
        expires: Option<String>,
    },
    /// List app passwords: number, label, access, made, ends, last used, services
    List {
        /// Whose
        user: String,
    },
    /// End an app password from the next request on
    Revoke {
        /// Whose
        user: String,
        /// Its number, as `password list` shows it
        id: i64,
    },
}

/// `davbridge key …`
#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum Keys {
    /// Make a new key and seal all secrets with it, also while the server runs
    Rotate,
    /// List keys: id, state, secrets sealed with it, app passwords hashed with it
    List,
    /// Drop the keys that nothing needs any more
    Prune,
}

/// A role on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum RoleWord {
    /// Everything, other users among it
    Admin,
    /// Reads and writes through the accounts they connect
    Editor,
    /// Connects accounts; clients only read
    Viewer,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Admin => Self::Admin,
            RoleWord::Editor => Self::Editor,
            RoleWord::Viewer => Self::Viewer,
        }
    }
}

/// Services on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ServicesWord {
    /// Files
    Files,
    /// Calendars
    Calendars,
    /// Address books
    Contacts,
}

impl From<ServicesWord> for Services {
    fn from(word: ServicesWord) -> Self {
        match word {
            ServicesWord::Files => Self::Files,
            ServicesWord::Calendars => Self::Calendars,
            ServicesWord::Contacts => Self::Contacts,
        }
    }
}

/// A parsed command line.
#[derive(Debug)]
pub(super) struct Invocation {
    /// What to do.
    pub(super) command: Command,
    /// Where the configuration is.
    pub(super) sources: Sources,
}

impl Invocation {
    /// From the program's own arguments and environment; `Err` is help, version or wrong usage.
    pub(super) fn parse() -> Result<Self, clap::Error> {
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
    Cli::command().args(KEYS.iter().map(argument))
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
    let given = KEYS.iter().filter_map(|key| {
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
