//! The simulated clouds as a program.

use std::io::Write;
use std::net::SocketAddr;

use chrono::NaiveDate;
use clap::Parser;
use cloud::{Cloud, Options, Switches};

/// Simulated clouds for tests, benchmarks and demonstrations.
///
/// Speaks Infomaniak's JSON under /api, /kdrive, /notify, /calendar, /contacts, /mail and /login.
/// `GET /_control/help` tells how to look inside and make things go wrong.
#[derive(Debug, Parser)]
#[command(name = "cloud", version)]
struct Arguments {
    /// Address of the APIs; the CDN takes a free port beside it.
    #[arg(long, default_value = "127.0.0.1:9000")]
    listen: SocketAddr,
    /// Number of sample files beside the fixed folders.
    #[arg(long, default_value_t = 40)]
    files: u32,
    /// Picks names, sizes and dates of the sample files.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Number of sample events, one fifth recurring.
    #[arg(long, default_value_t = 40)]
    events: u32,
    /// Number of sample contacts.
    #[arg(long, default_value_t = 30)]
    contacts: u32,
    /// Adds a calendar and a book of odd events and contacts.
    #[arg(long)]
    corpus: bool,
    /// The day around which sample events lie, such as 2026-06-15; today when not given.
    #[arg(long, value_name = "DAY")]
    anchor: Option<NaiveDate>,
    /// Adds folders with 1 000 and 10 000 files.
    #[arg(long)]
    large: bool,
    /// Adds a tree of 2 000 folders.
    #[arg(long)]
    wide: bool,
    /// Leaves out the folder with files of 1 and 5 GiB.
    #[arg(long)]
    no_big: bool,
    /// Adds names, content types and etags that break careless servers.
    #[arg(long)]
    hostile: bool,
    /// Switches for uncertain facts as JSON, such as '{"cdn_ranges":false}'; GET
    /// /_control/switches shows all.
    #[arg(long, value_name = "JSON", value_parser = switches)]
    switches: Option<Switches>,
}

fn switches(text: &str) -> Result<Switches, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    let options = Options {
        seed: arguments.seed,
        files: arguments.files,
        events: arguments.events,
        contacts: arguments.contacts,
        corpus: arguments.corpus,
        anchor: arguments.anchor,
        large: arguments.large,
        wide: arguments.wide,
        big: !arguments.no_big,
        hostile: arguments.hostile,
        switches: arguments.switches.unwrap_or_default(),
        ..Options::default()
    };
    let cloud = Cloud::start(arguments.listen, options).await?;
    let mut out = std::io::stdout();
    writeln!(out, "APIs     {}", cloud.base_url())?;
    writeln!(out, "CDN      {}", cloud.cdn_url())?;
    writeln!(out, "token    {}", cloud.token())?;
    writeln!(out, "control  {}/_control/help", cloud.base_url())?;
    out.flush()?;
    // ends with the process
    std::future::pending().await
}
