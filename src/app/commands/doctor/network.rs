//! Addresses: free, or held by a running davbridge; and whether passwords travel in the clear.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::super::{Done, Settings};
use super::Report;
use crate::server::bind;

/// Checks all addresses.
pub(super) async fn check(settings: &Settings, report: &mut Report<'_>) -> Done {
    let tls = settings.tls.is_some();
    for address in &settings.listen {
        free("listen", *address, tls, report).await?;
    }
    if let Some(address) = settings.metrics_listen {
        free("metrics.listen", address, true, report).await?;
    }
    match &settings.public_url {
        Some(url) => report.ok("public_url", &url.to_string())?,
        None => report.note("public_url", "not set: links come from the requests")?,
    }
    exposure(settings, report)
}

fn exposure(settings: &Settings, report: &mut Report<'_>) -> Done {
    let open = settings
        .listen
        .iter()
        .any(|address| !address.ip().is_loopback());
    let public = settings.public_url.as_ref();
    let https = public.is_some_and(|url| url.scheme().as_str() == "https");
    if open && settings.tls.is_none() && !https {
        let text = "passwords travel in the clear: set tls.certificate and tls.key, or put a \
                    reverse proxy with TLS in front and set public_url";
        report.note("tls", text)?;
    }
    if https && settings.tls.is_none() && settings.trusted_proxies.is_empty() {
        let text = "public_url is https and the bridge is not: name the reverse proxy here, else \
                    all clients share its address";
        report.note("trusted_proxies", text)?;
    }
    Ok(())
}

async fn free(what: &str, address: SocketAddr, deaf: bool, report: &mut Report<'_>) -> Done {
    match bind(&[address]) {
        Ok(_) => report.ok(what, &format!("{address} is free")),
        Err((_, error)) if error.kind() == ErrorKind::AddrInUse => {
            if !deaf && answers(address).await {
                report.ok(what, &format!("{address}: davbridge answers there"))
            } else {
                let text = format!(
                    "{address} is in use: by a running davbridge, or choose another address"
                );
                report.note(what, &text)
            }
        }
        Err((_, error)) => {
            let text = format!("{address} cannot be listened on ({error}): choose another address");
            report.problem(what, &text)
        }
    }
}

/// Whether a bridge says there that it is well.
async fn answers(address: SocketAddr) -> bool {
    let ask = async {
        let mut tcp = TcpStream::connect(address).await?;
        let request = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        tcp.write_all(request).await?;
        let mut answer = Vec::new();
        tcp.take(4096).read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = timeout(Duration::from_secs(3), ask).await;
    answer.is_ok_and(|answer| {
        answer.is_ok_and(|answer| {
            answer.starts_with(b"HTTP/1.1 200") && answer.ends_with(b"\r\n\r\nok\n")
        })
    })
}
