//! Tests of the whole room.

mod connections;
mod pending;
mod people;
mod processes;
mod sign_in;
