//! The bridge's own address, as well as it can be known without a request.

use std::net::{IpAddr, SocketAddr};

use super::Settings;

/// The public address, or the first listener's; without a slash at the end.
pub(in crate::app) fn address(settings: &Settings) -> String {
    address_at(settings, settings.listen.first().copied())
}

/// The same where the listeners are known.
pub(in crate::app) fn address_at(settings: &Settings, listener: Option<SocketAddr>) -> String {
    if let Some(url) = &settings.public_url {
        return url.to_string().trim_end_matches('/').to_owned();
    }
    let scheme = if settings.tls.is_some() {
        "https"
    } else {
        "http"
    };
    match listener {
        Some(address) => format!("{scheme}://{}", reachable(address)),
        None => format!("{scheme}://localhost"),
    }
}

/// All interfaces are no address to go to.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => ([127, 0, 0, 1], address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => {
            (std::net::Ipv6Addr::LOCALHOST, address.port()).into()
        }
        _ => address,
    }
}
