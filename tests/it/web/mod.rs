//! The page, through the real server, as a browser without JavaScript uses it.

mod account;
mod addresses;
mod admin;
mod browser;
mod connect;
mod consent;
mod cookies;
mod devices;
mod forms;
mod headers;
mod oidc;
mod overview;
mod pages;
mod passwords;
mod rig;
mod safety;
mod sign_in;
mod welcome;
mod words;
