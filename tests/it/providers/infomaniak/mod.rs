//! Infomaniak: `*_port` run the shared suites, the others are of what is its own.

mod bugs;
mod calendar_faults;
mod calendars;
mod calendars_port;
mod connect;
mod contact_faults;
mod contacts;
mod contacts_port;
mod corpus;
mod events;
mod faults;
mod feed;
mod files;
mod files_port;
mod read;
mod read_faults;
