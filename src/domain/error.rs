//! The one error type: what went wrong, whose fault it is, and why.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// Result with the bridge's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong; each kind has exactly one HTTP status (`dav::status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The named thing does not exist, as a positive statement.
    NotFound,
    /// The thing changed since the version the caller named.
    Changed,
    /// The account may not do this.
    Forbidden,
    /// The cloud no longer accepts the token.
    SignedOut,
    /// The token may be good, but not for this service: a scope is missing, or the call takes no
    /// tokens.
    NotGranted,
    /// The cloud asks to come back later.
    Busy {
        /// How long it asks to wait, where it says.
        retry_after: Option<Duration>,
    },
    /// The cloud cannot be reached, answers with a server error or is in maintenance.
    Down,
    /// A change-feed cursor is no longer known: start over.
    StaleCursor,
    /// The other side cannot do this at all.
    Unsupported,
    /// The request is not well formed.
    Invalid,
    /// No space is left.
    Full,
    /// A body or document exceeds a limit.
    TooLarge,
    /// Somebody holds a lock.
    Locked,
    /// An answer that cannot be understood, or an invariant that does not hold.
    Broken,
}

/// Which rule a request breaks, where people may break it: the page says it in their language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The user name is somebody's already.
    NameTaken,
    /// The last administrator cannot go.
    LastAdmin,
    /// A name or label is longer than 100 characters.
    LongLine,
    /// A name or label holds control characters.
    OneLine,
    /// A password for the page has fewer than 10 characters.
    ShortPassword,
    /// A password for the page has more than 1024 bytes.
    LongPassword,
    /// The end lies in the past.
    PastEnd,
    /// Who signs in at the identity provider has no password here.
    AtProvider,
}

/// Whose fault an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The DAV client or the operator's command.
    Client,
    /// The cloud or the way to it.
    Cloud,
    /// The bridge itself or its store.
    Bridge,
}

/// An error: kind, fault, a sentence, and optionally the error that caused it.
///
/// The sentence and the causes are logged: they never hold tokens, query strings or signed
/// addresses.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    fault: Fault,
    message: Cow<'static, str>,
    rule: Option<Rule>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// A new error without a cause.
    pub fn new(kind: Kind, fault: Fault, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            fault,
            message: message.into(),
            rule: None,
            cause: None,
        }
    }

    /// An error of the cloud.
    pub fn cloud(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(kind, Fault::Cloud, message)
    }

    /// An error of the client's request.
    pub fn client(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(kind, Fault::Client, message)
    }

    /// A request that breaks a rule.
    pub fn against(rule: Rule, message: impl Into<Cow<'static, str>>) -> Self {
        Self::client(Kind::Invalid, message).breaking(rule)
    }

    /// The same error with the rule that the request breaks.
    #[must_use]
    pub fn breaking(mut self, rule: Rule) -> Self {
        self.rule = Some(rule);
        self
    }

    /// An error of the bridge itself.
    pub fn bridge(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(kind, Fault::Bridge, message)
    }

    /// The same error with its cause.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Which rule the request breaks, where it is one that people may break.
    #[must_use]
    pub fn rule(&self) -> Option<Rule> {
        self.rule
    }

    /// Whose fault it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// The sentence without the causes.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether the last good copy may be served instead: trouble that says nothing about the data.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self.kind, Kind::Busy { .. } | Kind::Down | Kind::Broken)
            && self.fault == Fault::Cloud
    }

    /// Whether the cloud asks for another token, for all or for this service alone.
    #[must_use]
    pub fn wants_token(&self) -> bool {
        matches!(self.kind, Kind::SignedOut | Kind::NotGranted) && self.fault == Fault::Cloud
    }

    /// The same statement for another waiter: kind, fault, sentence, and the causes as text.
    #[must_use]
    pub fn repeat(&self) -> Self {
        let same = Self {
            rule: self.rule,
            ..Self::new(self.kind, self.fault, self.message.clone())
        };
        match self.chain().strip_prefix(&format!("{}: ", self.message)) {
            Some(causes) => same.because(causes.to_owned()),
            None => same,
        }
    }

    /// Message and causes joined by `: `.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.message.to_string();
        let mut next = StdError::source(self);
        while let Some(error) = next {
            text.push_str(": ");
            text.push_str(&error.to_string());
            next = error.source();
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_ref().map(|cause| {
            let cause: &(dyn StdError + 'static) = cause.as_ref();
            cause
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chain_joins_the_causes() {
        let error = Error::cloud(Kind::Down, "listing failed")
            .because(std::io::Error::other("connection reset"));
        assert_eq!(error.chain(), "listing failed: connection reset");
        assert_eq!(error.repeat().message(), "listing failed");
        assert_eq!(error.repeat().chain(), error.chain());
        assert_eq!(error.repeat().kind(), Kind::Down);
    }
}
