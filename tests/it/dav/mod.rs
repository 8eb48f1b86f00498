//! The protocol, request by request, over the reference cloud.

mod bad_input;
mod collections;
mod first_sync;
mod get;
mod heavy;
mod hidden;
mod items;
mod multiget;
mod principals;
mod propfind;
mod queries;
mod refusals;
mod services;
mod sync;
