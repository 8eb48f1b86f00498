//! The control paths of vendors with OAuth, `/_control/google/…` and `/_control/microsoft/…`.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Outcome, merge, read, read_all};
use crate::oauth::client::OAuthClient;
use crate::oauth::order::TokenOrder;
use crate::server::Shared;
use crate::vendors::{Vendor, Vendors};

/// Answers; `None` where there is no such path.
pub(super) fn answer(
    shared: &Shared,
    method: &str,
    command: &str,
    body: &Bytes,
) -> Option<Outcome> {
    let (vendor, command) = command.split_once('/')?;
    let vendor = match vendor {
        "google" => Vendor::Google,
        "microsoft" => Vendor::Microsoft,
        _ => return None,
    };
    let mut vendors = shared.vendors();
    Some(match (method, command) {
        ("GET", "tokens") => Ok(json!(vendors.book(vendor).tokens())),
        ("POST", "tokens") => change_tokens(&mut vendors, vendor, body),
        ("GET", "clients") => Ok(json!(vendors.book(vendor).clients)),
        ("POST", "clients") => register(&mut vendors, vendor, body),
        ("GET", "switches") => Ok(switches(&vendors, vendor)),
        ("POST", "switches") => set_switches(&mut vendors, vendor, body),
        _ => return None,
    })
}

fn change_tokens(vendors: &mut Vendors, vendor: Vendor, body: &Bytes) -> Outcome {
    let orders: Vec<TokenOrder> = read_all(body)?;
    for order in orders {
        order.carry_out(vendors.book(vendor));
    }
    Ok(json!({}))
}

fn register(vendors: &mut Vendors, vendor: Vendor, body: &Bytes) -> Outcome {
    let clients: Vec<OAuthClient> = read_all(body)?;
    for client in clients {
        vendors.book(vendor).register(client);
    }
    Ok(json!({}))
}

fn switches(vendors: &Vendors, vendor: Vendor) -> Value {
    match vendor {
        Vendor::Google => json!(vendors.google.switches),
        Vendor::Microsoft => json!(vendors.microsoft.switches),
    }
}

fn set_switches(vendors: &mut Vendors, vendor: Vendor, body: &Bytes) -> Outcome {
    let change: Value = read(body)?;
    match vendor {
        Vendor::Google => {
            vendors.google.switches = merge(&vendors.google.switches, &change)?;
        }
        Vendor::Microsoft => {
            vendors.microsoft.switches = merge(&vendors.microsoft.switches, &change)?;
        }
    }
    Ok(switches(vendors, vendor))
}
