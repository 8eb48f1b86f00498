//! From a socket to the protocol: listeners, TLS, limits, who the client is, sign-in, one log
//! line and one set of figures per request, health, metrics, graceful end.
//!
//! A request comes in through [`run`], gets its id and its client address, and is handed to a
//! [`Front`] (the protocol) once the [`Door`] (the accounts) knows the user, or to the [`Site`]
//! (the page), which has a sign-in of its own.

mod answer;
mod connection;
mod drain;
mod forwarded;
#[cfg(test)]
mod forwarded_tests;
mod front;
mod handler;
mod head;
mod listen;
mod prometheus;
mod public_url;
mod record;
mod request_body;
mod settings;
mod socket;
mod stream;
mod tls;
mod uri;

pub use front::{Door, Front, Site};
pub use listen::{Shutdown, bind, run};
pub use prometheus::{Render, serve_metrics};
pub use public_url::PublicUrl;
pub use request_body::RequestBody;
pub use settings::{Limits, Settings};
pub use tls::Tls;
