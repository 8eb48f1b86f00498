//! The server on real sockets, with a made-up protocol and made-up accounts behind it.

mod answers;
mod ending;
mod fake;
mod limits;
mod public;
mod record;
mod site;
mod tls;
pub mod wire;
