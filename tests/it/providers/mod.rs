//! Provider by provider, against its simulated cloud.

mod consent;
mod infomaniak;
mod reconnect;
mod tokens;
