//! Tests of the whole room.

mod connections;
mod humans;
mod log;
mod page;
mod passwords;
mod pending;
mod people;
mod processes;
mod sign_in;
mod subjects;
