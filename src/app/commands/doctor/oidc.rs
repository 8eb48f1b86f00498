//! The identity provider: whether it answers, and what it has to be told.

use std::sync::Arc;

use url::{Host, Url};

use super::super::{Done, Settings};
use super::Report;
use crate::accounts::{Oidc, OidcSettings};
use crate::domain::{Call, SystemClock};

/// Where the provider sends the browser back to, below the bridge's own address.
const BACK: &str = "/sign-in/oidc/back";

/// Asks the provider, where there is one.
pub(super) async fn check(settings: &Settings, report: &mut Report<'_>) -> Done {
    let Some(oidc) = &settings.oidc else {
        return Ok(());
    };
    report.out.note(&format!("asking {} …", oidc.issuer));
    match look(oidc).await {
        Ok(keys) => {
            let text = format!("{} answers; keys that sign its tokens: {keys}", oidc.issuer);
            report.ok("identity provider", &text)?;
        }
        Err(text) => report.problem("identity provider", &text)?,
    }
    if in_the_clear(&oidc.issuer) {
        let text = "the address of the identity provider is not https: whoever is on the way can \
                    sign in as anybody";
        report.note("identity provider", text)?;
    }
    match &settings.public_url {
        Some(url) => report.ok(
            "identity provider",
            &format!("redirect address to register there: {url}{BACK}"),
        ),
        None => report.note(
            "identity provider",
            &format!(
                "redirect address to register there: the bridge's address as browsers see it, \
                 and {BACK}; set public_url, else it follows from the request"
            ),
        ),
    }
}

async fn look(settings: &OidcSettings) -> Result<usize, String> {
    let oidc = Oidc::new(settings.clone(), Arc::new(SystemClock));
    let oidc = oidc.map_err(|error| error.chain())?;
    let keys = oidc.look(&Call::interactive()).await;
    keys.map_err(|error| error.chain())
}

/// Plain HTTP to another machine.
fn in_the_clear(issuer: &str) -> bool {
    let Ok(url) = Url::parse(issuer) else {
        return false;
    };
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "http" && !here
}
