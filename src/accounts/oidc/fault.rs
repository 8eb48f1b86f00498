//! What can be wrong with a token.

use std::fmt;

/// Why a token is not accepted. Holds nothing of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// Not a signed token of three parts, too long, or with headers that have to be understood.
    NotAToken,
    /// Signed by `none`, by a shared secret, or by anything else that is not taken.
    Algorithm,
    /// Signed by a key that the provider does not publish.
    UnknownKey,
    /// The signature does not fit.
    Signature,
    /// A token of another kind: an access token for an ID token, or the other way round.
    WrongKind,
    /// Bound to a key of the client, which is not shown with Bearer.
    Bound,
    /// From another issuer.
    Issuer,
    /// For somebody else.
    Audience,
    /// Issued to another client.
    Client,
    /// Past its time, or without one.
    Expired,
    /// Not valid yet: the clocks differ.
    NotYet,
    /// Made for another sign-in.
    Nonce,
    /// Tells groups or roles, and none that lets anybody in.
    NoRole,
    /// Names nobody, or somebody else than the answer it came with.
    Subject,
}

impl fmt::Display for TokenFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAToken => "it is not a signed token",
            Self::Algorithm => "its signature is of a kind that is not accepted",
            Self::UnknownKey => "its key is not published by the identity provider",
            Self::Signature => "its signature is wrong",
            Self::WrongKind => "it is a token of another kind",
            Self::Bound => "it is bound to a key of the client",
            Self::Issuer => "it is from another issuer",
            Self::Audience => "it is not for this bridge",
            Self::Client => "it was issued to another client",
            Self::Expired => "its time is over",
            Self::NotYet => "it is not valid yet: compare the clocks",
            Self::Nonce => "it belongs to another sign-in",
            Self::NoRole => "none of its groups or roles may use this bridge",
            Self::Subject => "it does not say whose it is",
        })
    }
}

impl std::error::Error for TokenFault {}
