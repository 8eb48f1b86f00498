//! davbridge: cloud accounts that speak only JSON APIs, served to any DAV client.
//!
//! # The rooms
//! - [`domain`]: what the bridge talks about, and the ports. Imports none of ours.
//! - [`text`]: iCalendar and vCard 3.0: domain to text and back, zones, recurrence. May use `domain`.
//! - [`upstream`]: the one outgoing HTTP client, pacing and retry, the OAuth client. May use `domain`.
//! - [`store`]: SQLite, sealed secrets. May use `domain`.
//! - [`providers`]: one folder a company. May use `upstream`, `domain`.
//! - [`mirror`]: the bridge's own copy. May use `domain`, `text`, `store`.
//! - [`accounts`]: users, app passwords, connections. May use `domain`, `store`, `upstream`.
//! - [`dav`]: the protocol. May use `domain`, `text`, `mirror`.
//! - [`web`]: the page on which people connect accounts. May use `domain`, `accounts`, `mirror`.
//! - [`server`]: listener to handler. May use `domain`, `dav`, `web`, `accounts`.
//! - [`app`]: configuration, wiring, commands. May use all.
//!
//! # How a request travels
//! bytes → `server` → `accounts` (who) → `dav`: request value → place → `mirror` (own copy) →
//! answer value → bytes. Only when the copy is stale: `mirror` → provider → `upstream` → cloud.
//! What a browser asks for goes from `server` to `web`, which asks `accounts` itself.

pub mod accounts;
pub mod app;
pub mod dav;
pub mod domain;
pub mod mirror;
pub mod providers;
pub mod server;
pub mod store;
pub mod text;
pub mod upstream;
pub mod web;
