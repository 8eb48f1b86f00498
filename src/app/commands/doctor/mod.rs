//! `davbridge doctor`: looks at everything, changes nothing, says what to do.

mod companies;
mod network;
mod oidc;

use super::probe::probe;
use super::{Bridge, Done, Failure, Output, Settings, has_store};
use crate::accounts::RowState;
use crate::app::config::{Written, shown};
use crate::server::Tls;

/// Runs all checks; an error where at least one found a problem.
pub(super) async fn run(settings: Settings, written: &Written, out: &mut Output) -> Done {
    let mut report = Report { out, problems: 0 };
    configuration(&settings, written, &mut report)?;
    network::check(&settings, &mut report).await?;
    companies::check(&settings, &mut report)?;
    oidc::check(&settings, &mut report).await?;
    if has_store(&settings.data_dir) {
        store(settings, &mut report).await?;
    } else {
        let folder = settings.data_dir.display();
        let text = format!("no database in {folder} yet: `davbridge serve` makes it");
        report.note("store", &text)?;
    }
    match report.problems {
        0 => Ok(()),
        1 => Err(Failure::new("1 problem found")),
        count => Err(Failure::new(format!("{count} problems found"))),
    }
}

/// Rows of three columns: `ok`, `note` or `problem`; what was looked at; what was found.
pub(super) struct Report<'a> {
    out: &'a mut Output,
    problems: usize,
}

impl Report<'_> {
    pub(super) fn ok(&mut self, what: &str, text: &str) -> Done {
        self.out.row(&["ok", what, text])
    }

    pub(super) fn note(&mut self, what: &str, text: &str) -> Done {
        self.out.row(&["note", what, text])
    }

    pub(super) fn problem(&mut self, what: &str, text: &str) -> Done {
        self.problems += 1;
        self.out.row(&["problem", what, text])
    }
}

fn configuration(settings: &Settings, written: &Written, report: &mut Report<'_>) -> Done {
    let folder = settings.data_dir.display();
    report.ok("configuration", &format!("data folder {folder}"))?;
    for (key, given) in written.all() {
        let text = format!("{key} = {} ({})", shown(key, &given.values), given.source);
        report.ok("configuration", &text)?;
    }
    if let Some((certificate, key)) = &settings.tls {
        match Tls::load(certificate, key) {
            Ok(_) => report.ok("tls", &format!("{} fits its key", certificate.display()))?,
            Err(error) => report.problem("tls", &error.chain())?,
        }
    }
    Ok(())
}

async fn store(settings: Settings, report: &mut Report<'_>) -> Done {
    let bridge = match Bridge::open_to_read(settings).await {
        Ok(bridge) => bridge,
        Err(error) => return report.problem("store", &error.chain()),
    };
    match bridge.store().check().await {
        Ok(health) => {
            let text = format!(
                "{} users, {} app passwords, {} connected accounts; {} KiB, schema {}, key {}",
                health.users,
                health.passwords,
                health.connections,
                health.bytes / 1024,
                health.schema,
                health.keys
            );
            report.ok("store", &text)?;
            for problem in &health.problems {
                report.problem("store", problem)?;
            }
            old_keys(&bridge, report).await?;
            if health.users == 0 {
                report.note(
                    "users",
                    "nobody can sign in yet: open the link that `davbridge serve` prints, or \
                     `davbridge user add NAME --role admin`",
                )?;
            }
        }
        Err(error) => report.problem("store", &error.chain())?,
    }
    connections(&bridge, report).await?;
    bridge.store().close().await;
    Ok(())
}

/// What a restore brought of a backup from before a new key is sealed with the old one still.
async fn old_keys(bridge: &Bridge, report: &mut Report<'_>) -> Done {
    let keys = match bridge.accounts().list_keys().await {
        Ok(keys) => keys,
        Err(error) => return report.problem("keys", &error.chain()),
    };
    for key in keys.iter().filter(|key| !key.current && key.sealed > 0) {
        let text = format!(
            "{} secrets are sealed with the older key {}, as after a restore of a backup made before \
             `key rotate`: run `davbridge key rotate` again",
            key.sealed, key.id
        );
        report.note("keys", &text)?;
    }
    Ok(())
}

async fn connections(bridge: &Bridge, report: &mut Report<'_>) -> Done {
    let list = match bridge.accounts().list_connections(None).await {
        Ok(list) => list,
        Err(error) => return report.problem("connections", &error.chain()),
    };
    for status in list {
        let what = format!("connection {}/{}", status.user, status.slug);
        if status.state == RowState::Disconnected {
            report.note(&what, "disconnected")?;
            continue;
        }
        report.out.note(&format!("asking {} …", status.provider));
        match probe(&status, bridge).await {
            Ok(scopes) => {
                for (text, good) in scopes {
                    match good {
                        true => report.ok(&what, &text)?,
                        false => report.problem(&what, &text)?,
                    }
                }
            }
            Err(text) => report.problem(&what, &text)?,
        }
    }
    Ok(())
}
