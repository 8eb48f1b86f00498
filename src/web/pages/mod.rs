//! The pages, one file each.

pub(super) mod account;
mod agent;
pub(super) mod connect;
pub(super) mod connection;
pub(super) mod consent;
mod consent_refused;
pub(super) mod health;
pub(super) mod log;
pub(super) mod oidc;
pub(super) mod overview;
pub(super) mod passwords;
pub(super) mod paste;
pub(super) mod sessions;
pub(super) mod sign_in;
pub(super) mod tree;
pub(super) mod user_removal;
pub(super) mod users;
pub(super) mod welcome;
