//! The simulated clouds as a program.

use std::io::Write;
use std::net::SocketAddr;

use clap::Parser;
use cloud::{Cloud, Options};

/// Simulated clouds for tests, benchmarks and demonstrations.
#[derive(Debug, Parser)]
#[command(name = "cloud")]
struct Arguments {
    /// Address of the APIs.
    #[arg(long, default_value = "127.0.0.1:9000")]
    listen: SocketAddr,
    /// Number of sample files.
    #[arg(long, default_value_t = 40)]
    files: u32,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    let options = Options {
        files: arguments.files,
        ..Options::default()
    };
    let cloud = Cloud::start(arguments.listen, options).await?;
    let mut out = std::io::stdout();
    writeln!(out, "{} token {}", cloud.base_url(), cloud.token())?;
    std::future::pending().await
}
