//! The protocol, request by request, over the reference cloud.

mod bad_input;
mod get;
mod propfind;
mod refusals;
