//! The commands. Each works on the store, so a running server sees its effect at once.

mod audit;
mod backup;
mod connect;
mod connections;
mod doctor;
mod key;
mod password;
mod probe;
mod serve;
mod user;

use std::path::Path;

use tracing::Level;

use super::cli::{Command, Invocation};
use super::config::{self, LogSettings, Settings, markdown_table};
use super::failure::Failure;
use super::output::Output;
use super::{Bridge, logging};
use crate::domain::UserName;

type Done = Result<(), Failure>;

/// Runs a command.
pub(super) async fn run(invocation: Invocation, out: &mut Output) -> Done {
    let (settings, written) = config::load(&invocation.sources)?;
    match invocation.command {
        Command::Serve => return Box::pin(serve::run(settings)).await,
        Command::ConfigTable => return out.line(markdown_table().trim_end()),
        _ => {}
    }
    logging::start(LogSettings {
        level: settings.log.level.min(Level::WARN),
        ..settings.log
    });
    if let Command::Doctor = invocation.command {
        return Box::pin(doctor::run(settings, &written, out)).await;
    }
    if let Command::Restore { .. } = invocation.command {
        backup::needs_key(&settings)?;
    }
    let bridge = open(settings, makes_store(&invocation.command), out).await?;
    let done = work(invocation.command, &bridge, out).await;
    bridge.accounts().finish().await;
    bridge.store().close().await;
    done
}

async fn work(command: Command, bridge: &Bridge, out: &mut Output) -> Done {
    match command {
        Command::User(command) => user::run(command, bridge, out).await,
        Command::Password(command) => password::run(command, bridge, out).await,
        Command::Connect {
            provider,
            user,
            token_file,
        } => connect::run(&provider, &named(&user)?, &token_file, bridge, out).await,
        Command::Connections { user } => {
            let user = user.as_deref().map(named).transpose()?;
            connections::list(user.as_ref(), bridge, out).await
        }
        Command::Disconnect { user, connection } => {
            connections::disconnect(&named(&user)?, &connection, bridge, out).await
        }
        Command::Refresh { user, connection } => {
            connections::refresh(&named(&user)?, connection.as_deref(), bridge, out).await
        }
        Command::Key(command) => key::run(command, bridge, out).await,
        Command::Audit { lines } => audit::run(lines, bridge, out).await,
        Command::Backup { file } => backup::backup(&file, bridge, out).await,
        Command::Restore { file } => backup::restore(&file, bridge, out).await,
        Command::Serve | Command::Doctor | Command::ConfigTable => Ok(()),
    }
}

/// Commands with which a bridge may begin; with others a missing database is a wrong folder.
fn makes_store(command: &Command) -> bool {
    use super::cli::User;
    matches!(
        command,
        Command::User(User::Add { .. }) | Command::Restore { .. }
    )
}

async fn open(settings: Settings, make: bool, out: &mut Output) -> Result<Bridge, Failure> {
    let folder = settings.data_dir.clone();
    let there = has_store(&folder);
    if !there && !make {
        return Err(Failure::new(format!(
            "there is no database in {}: is this the right data folder? `davbridge serve` makes \
             it at its first start",
            folder.display()
        )));
    }
    let bridge = Bridge::open(settings).await?;
    if !there {
        out.note(&format!("made a new data folder in {}", folder.display()));
    }
    Ok(bridge)
}

/// Whether there is a database, or something that cannot be told from one.
fn has_store(folder: &Path) -> bool {
    folder.join("davbridge.db").try_exists().unwrap_or(true)
}

/// A user name from the command line.
fn named(name: &str) -> Result<UserName, Failure> {
    UserName::parse(name).ok_or_else(|| {
        Failure::new(format!(
            "{name:?} is not a user name: lower-case letters, digits, `.`, `-`, `_`, beginning \
             with a letter or digit, at most {} characters",
            UserName::MAX
        ))
    })
}
