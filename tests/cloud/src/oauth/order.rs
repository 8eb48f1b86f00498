//! What tests do to tokens from outside.

use serde::{Deserialize, Serialize};

use super::book::Book;
use super::token::TokenKind;

/// A change from outside, as `/_control/google/tokens` and `/_control/microsoft/tokens` take it.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum TokenOrder {
    /// The person takes back what an account granted, to one application or to all.
    Revoke {
        /// Id of the account.
        account: String,
        /// Id of the application; all when not given.
        #[serde(default)]
        client: Option<String>,
    },
    /// One token is revoked.
    RevokeToken {
        /// The token.
        token: String,
    },
    /// The time of all tokens of a kind is over.
    Expire {
        /// Which ones.
        kind: TokenKind,
    },
    /// The browser is signed in to no account any more.
    SignOut,
}

impl TokenOrder {
    pub(crate) fn carry_out(&self, book: &mut Book) {
        match self {
            TokenOrder::Revoke { account, client } => {
                book.revoke_grants(account, client.as_deref());
            }
            TokenOrder::RevokeToken { token } => book.revoke(token),
            TokenOrder::Expire { kind } => book.expire(*kind),
            TokenOrder::SignOut => book.signed_in.clear(),
        }
    }
}
