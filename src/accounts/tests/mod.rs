//! Tests of the whole room.

mod connections;
mod processes;
mod sign_in;
