//! The commands and their arguments; the comments are their help.

use std::path::PathBuf;

use clap::Subcommand;

use super::words::{RoleWord, ServicesWord};

/// What to do.
#[derive(Debug, Subcommand)]
pub(in crate::app) enum Command {
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
pub(in crate::app) enum User {
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
pub(in crate::app) enum Password {
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
pub(in crate::app) enum Keys {
    /// Make a new key and seal all secrets with it, also while the server runs
    Rotate,
    /// List keys: id, state, secrets sealed with it, app passwords hashed with it
    List,
    /// Drop the keys that nothing needs any more
    Prune,
}
