//! What the simulated sign-in pages share: the applications of operators, what accounts granted
//! them, codes with PKCE, tokens, and the page on which people consent.

pub(crate) mod ask;
pub(crate) mod book;
pub(crate) mod client;
pub(crate) mod grant;
pub(crate) mod handle;
pub(crate) mod jwt;
pub(crate) mod order;
pub(crate) mod page;
pub(crate) mod post;
pub(crate) mod token;
