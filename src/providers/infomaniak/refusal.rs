//! What an answer that is no success means (fact sheet §1.4, §3.11).

use super::codes::{TOO_LONG, by_status, kind, plain};
use crate::domain::{Error, Kind};

/// An answer that is no success.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) reason: Reason,
    pub(super) error: Error,
}

/// The refusals that callers tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// The token is not known.
    NotAccepted,
    /// The token lacks a scope.
    ScopeMissing,
    /// A redirect to the sign-in page: this call takes no tokens.
    SignInPage,
    /// More time was asked for than one call may cover.
    WindowTooLong,
    /// Anything else.
    Other,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self {
            reason: Reason::Other,
            error,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}

impl Refusal {
    fn new(reason: Reason, kind: Kind, message: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        Self {
            reason,
            error: Error::cloud(kind, message),
        }
    }

    /// A redirect to the sign-in page. The token may well be good elsewhere, but not here.
    pub(super) fn sign_in_page() -> Self {
        let message = "the cloud answered with its sign-in page: the call takes no tokens";
        Self::new(Reason::SignInPage, Kind::NotGranted, message)
    }

    /// An error envelope: its code decides, the status only where the code is unknown.
    pub(super) fn told(status: u16, codes: &[&str]) -> Self {
        let known = codes.iter().find_map(|code| Some((*code, kind(code)?)));
        let reason = match codes {
            codes if codes.contains(&"all_scopes") => Reason::ScopeMissing,
            codes if codes.contains(&"not_authorized") => Reason::NotAccepted,
            codes if codes.contains(&TOO_LONG) => Reason::WindowTooLong,
            _ if status == 401 && known.is_none() => Reason::NotAccepted,
            _ => Reason::Other,
        };
        let (message, kind) = match (reason, known) {
            (Reason::ScopeMissing, _) => ("the token lacks a scope".into(), Kind::NotGranted),
            (Reason::NotAccepted, _) => (
                "the cloud does not accept the token".into(),
                Kind::SignedOut,
            ),
            (_, Some((code, kind))) => (format!("the cloud answered {code}"), kind),
            (_, None) => {
                let code = codes.first().copied().unwrap_or_default();
                (
                    format!("the cloud answered {status} {}", plain(code)),
                    by_status(status),
                )
            }
        };
        Self::new(reason, kind, message)
    }

    /// No envelope: a proxy's page, an empty body. It says nothing about accounts or files,
    /// except that a token is refused.
    pub(super) fn bare(status: u16) -> Self {
        match status {
            401 => Self::told(status, &[]),
            500.. => Self::new(
                Reason::Other,
                Kind::Down,
                format!("the cloud answered {status}"),
            ),
            _ => {
                let message = format!("the cloud answered {status} without saying why");
                Self::new(Reason::Other, Kind::Broken, message)
            }
        }
    }

    /// Whether it is final and speaks of this call alone: neither passing nor the token's trouble.
    pub(super) fn is_of_the_call(&self) -> bool {
        match self.error.kind() {
            Kind::NotGranted => self.reason == Reason::SignInPage,
            Kind::SignedOut | Kind::Busy { .. } | Kind::Down => false,
            _ => true,
        }
    }

    /// Whether a server error carries a code that asking again will not change (§4.3).
    pub(super) fn is_final(codes: &[&str]) -> bool {
        codes.iter().any(|code| kind(code).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: u16, codes: &[&str]) -> (Reason, Kind) {
        let refusal = Refusal::told(status, codes);
        (refusal.reason, refusal.error.kind())
    }

    #[test]
    fn the_code_decides() {
        let table = [
            ("not_authorized", Reason::NotAccepted, Kind::SignedOut),
            ("all_scopes", Reason::ScopeMissing, Kind::NotGranted),
            ("forbidden_error", Reason::Other, Kind::Forbidden),
            ("access_denied", Reason::Other, Kind::Forbidden),
            ("object_not_found", Reason::Other, Kind::NotFound),
            ("file_not_found", Reason::Other, Kind::NotFound),
            ("validation_failed", Reason::Other, Kind::Invalid),
            ("destination_not_a_directory", Reason::Other, Kind::Invalid),
            ("lock_error", Reason::Other, Kind::Locked),
            ("quota_exceeded_error", Reason::Other, Kind::Full),
            (
                "limit_exceeded_error",
                Reason::Other,
                Kind::Busy { retry_after: None },
            ),
            ("product_maintenance", Reason::Other, Kind::Down),
            ("drive_is_in_maintenance_error", Reason::Other, Kind::Down),
            ("invalid_cursor_error", Reason::Other, Kind::StaleCursor),
            (TOO_LONG, Reason::WindowTooLong, Kind::Broken),
        ];
        for (code, reason, kind) in table {
            for status in [200, 400, 401, 403, 404, 409, 422, 500, 503] {
                assert_eq!(told(status, &[code]), (reason, kind), "{status} {code}");
            }
        }
    }

    #[test]
    fn an_inner_code_counts_where_the_outer_is_unknown() {
        assert_eq!(
            told(403, &["forbidden", "all_scopes"]).0,
            Reason::ScopeMissing
        );
        assert_eq!(
            told(404, &["failure", "object_not_found"]).1,
            Kind::NotFound
        );
    }

    #[test]
    fn an_unknown_code_leaves_the_status() {
        assert_eq!(
            told(401, &["strange"]),
            (Reason::NotAccepted, Kind::SignedOut)
        );
        assert_eq!(told(403, &["strange"]).1, Kind::Forbidden);
        assert_eq!(
            told(404, &["strange"]).1,
            Kind::Broken,
            "no proof of absence"
        );
        assert_eq!(told(200, &["strange"]).1, Kind::Broken);
        assert_eq!(told(503, &["strange"]).1, Kind::Down);
    }

    #[test]
    fn without_an_envelope_nothing_is_gone() {
        for status in [200, 302, 400, 403, 404, 410] {
            assert_eq!(Refusal::bare(status).error.kind(), Kind::Broken, "{status}");
        }
        for status in [500, 502, 503, 504] {
            assert_eq!(Refusal::bare(status).error.kind(), Kind::Down, "{status}");
        }
        assert_eq!(Refusal::bare(401).reason, Reason::NotAccepted);
    }

    #[test]
    fn messages_hold_no_foreign_text() {
        let refusal = Refusal::told(400, &["a\r\nb <c> ü"]);
        assert_eq!(refusal.error.message(), "the cloud answered 400 abc");
    }
}
