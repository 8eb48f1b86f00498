//! How long a cloud asks to wait, and jitter.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use http::header::RETRY_AFTER;

/// Longer waits than this are taken as this.
const LONGEST: Duration = Duration::from_secs(3600);

/// `Retry-After` in seconds or as a date, else `X-RateLimit-Reset` in epoch seconds. A date in
/// the past is no wait.
pub(super) fn asked(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let retry = text(RETRY_AFTER.as_str()).and_then(|value| {
        let seconds = value.parse().ok().map(Duration::from_secs);
        seconds.or_else(|| until(httpdate::parse_http_date(value).ok()?.into(), now))
    });
    let reset = || {
        let epoch: u32 = text("x-ratelimit-reset")?.parse().ok()?;
        until(DateTime::from_timestamp(epoch.into(), 0)?, now)
    };
    retry.or_else(reset).map(|wait| wait.min(LONGEST))
}

fn until(then: DateTime<Utc>, now: DateTime<Utc>) -> Option<Duration> {
    Some((then - now).to_std().unwrap_or(Duration::ZERO))
}

/// A random fraction in `0.0..1.0`.
pub(super) fn chance() -> f64 {
    // without the operating system's randomness no jitter is the best left
    getrandom::u32().map_or(0.5, |number| {
        f64::from(number) / (f64::from(u32::MAX) + 1.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn wait(name: &'static str, value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).expect("header"));
        let now = DateTime::from_timestamp(1_760_000_000, 0).expect("now");
        asked(&headers, now)
    }

    #[test]
    fn waits_are_read_in_every_spelling() {
        let seconds = |number| Some(Duration::from_secs(number));
        assert_eq!(wait("retry-after", "7"), seconds(7));
        assert_eq!(wait("retry-after", " 7 "), seconds(7));
        let date = "Thu, 09 Oct 2025 08:53:30 GMT";
        assert_eq!(wait("retry-after", date), seconds(10));
        let past = "Thu, 09 Oct 2025 08:53:10 GMT";
        assert_eq!(wait("retry-after", past), seconds(0));
        assert_eq!(wait("x-ratelimit-reset", "1760000042"), seconds(42));
        assert_eq!(wait("x-ratelimit-reset", "1"), seconds(0));
        assert_eq!(wait("retry-after", "99999999"), Some(LONGEST));
        for bad in ["-1", "soon", "", "1.5"] {
            assert_eq!(wait("retry-after", bad), None, "{bad}");
            assert_eq!(wait("x-ratelimit-reset", bad), None, "{bad}");
        }
    }

    #[test]
    fn retry_after_goes_before_the_reset() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_static("3"));
        headers.insert("x-ratelimit-reset", HeaderValue::from_static("1760000042"));
        let now = DateTime::from_timestamp(1_760_000_000, 0).expect("now");
        assert_eq!(asked(&headers, now), Some(Duration::from_secs(3)));
    }
}
