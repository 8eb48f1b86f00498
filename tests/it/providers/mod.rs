//! Provider by provider, against its simulated cloud.

mod consent;
mod infomaniak;
mod infomaniak_calendar_faults;
mod infomaniak_calendars;
mod infomaniak_calendars_port;
mod infomaniak_connect;
mod infomaniak_contact_faults;
mod infomaniak_contacts;
mod infomaniak_contacts_port;
mod infomaniak_corpus;
mod infomaniak_events;
mod infomaniak_faults;
mod infomaniak_feed;
mod infomaniak_files;
mod infomaniak_read;
mod infomaniak_read_faults;
mod reconnect;
mod tokens;
