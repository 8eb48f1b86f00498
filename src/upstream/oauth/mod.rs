//! The OAuth 2.0 client that providers share: code with PKCE S256 (RFC 6749, RFC 7636), refresh,
//! revocation (RFC 7009).
//!
//! A provider makes one [`OAuth`] and, per opened connection, one [`Tokens`], which keeps the
//! connection's [`TokenSet`] in the vault and renews it: one refresh at a time, saved before it
//! is used. No secret is in an error or a log.

mod answer;
mod app;
mod client;
mod flight;
mod page;
mod random;
mod set;
mod tokens;

pub use answer::{GrantError, Granted};
pub use app::{App, Endpoints, Proof};
pub use client::OAuth;
pub use random::{challenge, random};
pub use set::TokenSet;
pub use tokens::Tokens;
