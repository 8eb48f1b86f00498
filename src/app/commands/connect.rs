//! `davbridge connect`

use std::io::{IsTerminal, Read, stdin};
use std::path::Path;

use secrecy::SecretString;

use super::{Bridge, Done, Failure, Output};
use crate::accounts::By;
use crate::app::output::plain;
use crate::domain::{UserName, Way};

/// No token is longer, and no other file should be read whole.
const LONGEST: u64 = 64 * 1024;

/// Tries a token and keeps it where it is good.
pub(super) async fn run(
    provider: &str,
    user: &UserName,
    token_file: &Path,
    bridge: &Bridge,
    out: &mut Output,
) -> Done {
    let token = token(token_file, out)?;
    let connector = bridge.connector(provider);
    if let Some(Way::Paste(paste)) = connector.map(|connector| connector.way()) {
        let scopes = paste.scopes().join(", ");
        out.note(&format!("asking {provider} for: {scopes} …"));
    }
    let accounts = bridge.accounts();
    let connection = accounts
        .connect(&By::command(), user, provider, &token)
        .await?;
    for status in accounts.list_connections(Some(user)).await? {
        if status.id != connection.id {
            continue;
        }
        for scope in &status.scopes {
            let line = match &scope.missing {
                None => format!("{}: ok", scope.scope),
                Some(reason) => format!("{}: missing: {reason}", scope.scope),
            };
            out.note(&plain(&line));
        }
    }
    out.note(&plain(&format!(
        "connected {} of {user}; its drives are in /dav/files/{user}/{}/",
        connection.account.label, connection.slug
    )));
    out.line(&connection.slug)
}

/// The token in a file, or on standard input.
fn token(file: &Path, out: &mut Output) -> Result<SecretString, Failure> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        if stdin().is_terminal() {
            out.note("paste the token and press Enter");
            stdin().read_line(&mut text)
        } else {
            stdin().lock().take(LONGEST).read_to_string(&mut text)
        }
    } else {
        std::fs::File::open(file).and_then(|file| file.take(LONGEST).read_to_string(&mut text))
    };
    let unreadable = |error| Failure::new(format!("token file {}: {error}", file.display()));
    read.map_err(unreadable)?;
    Ok(SecretString::from(text))
}
