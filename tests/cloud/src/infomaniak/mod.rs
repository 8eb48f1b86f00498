//! Infomaniak as its fact sheet describes it: accounts, profile, kDrive, calendars and contacts.
//!
//! [`routes`] is the table of all calls; a handler gets a [`state::Call`] and runs under the one
//! lock of the state. `drive` has the drives, [`pim`] calendars and contacts, [`people`] the users and tokens, [`sample`] the
//! sample files.

pub(crate) mod accounts;
pub(crate) mod drive;
pub(crate) mod envelope;
pub(crate) mod gate;
pub(crate) mod limiter;
pub(crate) mod outside;
pub(crate) mod people;
pub(crate) mod pim;
pub(crate) mod routes;
pub(crate) mod sample;
pub(crate) mod state;
