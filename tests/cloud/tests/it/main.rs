//! The simulation does what the fact sheet says, seen through a plain TCP client.

mod accounts;
mod client;
mod controls;
mod downloads;
mod faults;
mod feeds;
mod listings;
mod mutations;
mod uploads;
