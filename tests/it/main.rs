//! Integration tests: one binary, a module per topic.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
#![allow(unreachable_pub, reason = "one binary")]

mod commands;
#[path = "../companies.rs"]
mod companies;
mod conformance;
mod dav;
mod flows;
mod layering;
mod mirror;
mod mirror_items;
mod oidc;
mod providers;
mod readme;
mod server;
mod support;
mod upstream;
mod web;
