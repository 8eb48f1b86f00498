//! Configuration, wiring, the commands.
