//! What tells one company from another.

use url::Url;

use super::Owner;
use crate::domain::{Error, Kind, ProviderName, Purpose, Result};
use crate::upstream::PaceSettings;
use crate::upstream::oauth::{App, Endpoints};

/// A scope that is asked for, and the service it is for, as people call it.
pub(in crate::providers) type Asked = (&'static str, &'static str);

/// A company with a page of consent.
pub(in crate::providers) struct Company {
    /// Its name in configuration, addresses and the store.
    pub(in crate::providers) name: ProviderName,
    /// Its name for people.
    pub(in crate::providers) title: &'static str,
    /// The operator's application there.
    pub(in crate::providers) app: App,
    /// Addresses of its sign-in.
    pub(in crate::providers) endpoints: Endpoints,
    /// Scopes for the sign-in itself and for whose account it is, as the page takes them.
    pub(in crate::providers) identity: &'static str,
    /// Scopes of services, in the order shown.
    pub(in crate::providers) asked: Vec<Asked>,
    /// Whether a granted scope, in the company's spelling, is this one of ours.
    pub(in crate::providers) same: fn(told: &str, ours: &str) -> bool,
    /// What its page wants besides.
    pub(in crate::providers) more: for<'a> fn(Purpose<'a>) -> Vec<(&'static str, &'a str)>,
    /// How fast it may be asked whose an account is.
    pub(in crate::providers) pace: PaceSettings,
    /// Where that is asked.
    pub(in crate::providers) whose: Url,
    /// Reads what is answered there.
    pub(in crate::providers) owner: fn(body: &[u8]) -> Result<Owner>,
}

/// The address of a path below a base address.
///
/// # Errors
/// `Invalid` where the base takes no path.
pub(in crate::providers) fn below(base: &Url, path: &[&str]) -> Result<Url> {
    let mut url = base.clone();
    let unusable = || {
        let message = format!("not a base address of a cloud: {base}");
        Error::bridge(Kind::Invalid, message)
    };
    url.path_segments_mut()
        .map_err(|()| unusable())?
        .pop_if_empty()
        .extend(path);
    Ok(url)
}
