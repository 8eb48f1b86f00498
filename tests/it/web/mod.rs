//! The page, through the real server, as a browser without JavaScript uses it.

mod account;
mod admin;
mod browser;
mod connect;
mod consent;
mod devices;
mod oidc;
mod overview;
mod passwords;
mod rig;
mod safety;
mod sign_in;
mod welcome;
