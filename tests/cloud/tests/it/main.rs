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
mod listings;
mod mutations;
mod people;
mod pim_edits;
mod uploads;
mod writing;
