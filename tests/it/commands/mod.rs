//! The program from outside: its commands, as a person or a script runs them.

mod connections;
mod people;
mod program;
mod serving;
mod store;
mod users;
