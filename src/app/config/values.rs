//! Texts to values. Each error is what is allowed.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use ipnet::IpNet;
use url::Url;

/// `15s`, `10min`, `1h`, `500ms`, `2d`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let allowed = || "must be a duration such as 500ms, 15s, 10min, 1h or 2d".to_owned();
    let (number, unit) = number_and_unit(text).ok_or_else(allowed)?;
    let ms = match unit {
        "ms" => 1,
        "s" => 1_000,
        "min" | "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(allowed()),
    };
    let ms = number.checked_mul(ms).ok_or_else(allowed)?;
    // beyond this, timers overflow
    if ms > 86_400_000 * 36_500 {
        return Err("must be at most 36500d".into());
    }
    Ok(Duration::from_millis(ms))
}

/// A duration that is not zero.
pub(super) fn some_time(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("must be more than nothing".into()),
        time => Ok(time),
    }
}

/// `32KiB`, `16 MiB`, `1GiB`, `4096`.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let allowed = || "must be a size such as 32KiB, 16MiB, 1GiB or 4096 (bytes)".to_owned();
    let (number, unit) = number_and_unit(text).ok_or_else(allowed)?;
    let unit = match unit {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(allowed()),
    };
    number.checked_mul(unit).ok_or_else(allowed)
}

fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    Some((number.parse().ok()?, unit.trim_start()))
}

/// A whole number from 1.
pub(super) fn count<const MAX: u32>(text: &str) -> Result<u32, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=MAX).contains(number));
    number.ok_or_else(|| format!("must be a whole number from 1 to {MAX}"))
}

/// An address with port.
pub(super) fn socket(text: &str) -> Result<SocketAddr, String> {
    let allowed = |_| "must be an address and a port such as 127.0.0.1:8080 or [::]:8080".into();
    text.parse().map_err(allowed)
}

/// A network, or one address.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let single = || text.parse::<IpAddr>().ok().map(IpNet::from);
    let network = text.parse().ok().or_else(single);
    let allowed = || "must be an address or a network such as 127.0.0.1 or 10.0.0.0/8".to_owned();
    network.ok_or_else(allowed)
}

/// An http(s) address without slash, query and credentials.
pub(super) fn base(text: &str) -> Result<Url, String> {
    let allowed = || "must be an address such as https://api.example.org/path".to_owned();
    let mut url = Url::parse(text).map_err(|_| allowed())?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !plain {
        return Err(allowed());
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// The name of an identity provider: an http(s) address, kept letter by letter.
pub(super) fn issuer(text: &str) -> Result<String, String> {
    base(text).map(|_| text.to_owned())
}

/// A host name, optionally with port.
pub(super) fn host(text: &str) -> Result<String, String> {
    let parsed: Option<http::uri::Authority> = text.parse().ok();
    let plain = parsed.filter(|host| !host.host().is_empty() && !text.contains('@'));
    let allowed = || "must be a host such as infomaniak.com or 127.0.0.1:9001".to_owned();
    plain.map(|host| host.to_string()).ok_or_else(allowed)
}

/// The address of a proxy.
pub(super) fn proxy(text: &str) -> Result<String, String> {
    let url = Url::parse(text).ok();
    let known = |url: &Url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h");
    let allowed = || "must be an address such as http://proxy:3128 or socks5h://proxy:1080".into();
    match url {
        Some(url) if known(&url) && url.has_host() => Ok(text.to_owned()),
        _ => Err(allowed()),
    }
}

/// A path, relative to the folder of the file it is written in.
pub(super) fn path(text: &str, folder: Option<&Path>) -> Result<PathBuf, String> {
    if text.contains('\0') {
        return Err("must be a path".into());
    }
    Ok(folder.unwrap_or(Path::new("")).join(text))
}

/// Without user and password of an address, for the eye.
pub(super) fn masked(text: &str) -> String {
    match text.rsplit_once('@') {
        None => text.to_owned(),
        Some((before, host)) => {
            let scheme = before.split_once("://").map(|(scheme, _)| scheme);
            scheme.map_or_else(
                || format!("***@{host}"),
                |scheme| format!("{scheme}://***@{host}"),
            )
        }
    }
}

/// An instant to come: `90d` from now, or the end of a day such as `2027-01-31` (UTC).
pub(in crate::app) fn moment(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let day = text.parse::<NaiveDate>().ok();
    let end = day.and_then(|day| day.checked_add_days(Days::new(1)));
    let moment = match end {
        Some(end) => Some(end.and_time(NaiveTime::MIN).and_utc()),
        None => duration(text)
            .ok()
            .and_then(|time| now.checked_add_signed(chrono::Duration::from_std(time).ok()?)),
    };
    let allowed = || "must be a time from now such as 90d, or a day such as 2027-01-31".to_owned();
    let moment = moment.ok_or_else(allowed)?;
    if moment <= now {
        return Err("lies in the past".into());
    }
    Ok(moment)
}
