//! The simulation does what the fact sheet says, seen through a plain TCP client.

mod accounts;
mod client;
mod controls;
mod corpus;
mod downloads;
mod events;
mod exports;
mod faults;
mod feeds;
mod google;
mod listings;
mod microsoft;
mod mutations;
mod oauth;
mod people;
mod pim_edits;
mod uploads;
mod writing;
