//! Sign-in with OpenID Connect, and access tokens of the same identity provider on DAV.
//!
//! [`Oidc`] is the protocol and knows nothing of users: it sends the browser to the provider,
//! turns the code it comes back with into a [`Person`], and tells whose access token a request
//! carries. What it reads of the provider it keeps, so that an outage there ends nothing here.

mod access;
mod bearer;
mod claims;
mod dav;
mod discovery;
mod error;
mod fault;
mod flow;
mod identity;
mod jws;
mod kept;
mod keys;
mod page;
mod person;
mod provider;
mod roles;
mod settings;
mod userinfo;

pub use error::OidcError;
pub use fault::TokenFault;
pub use page::SignedIn;
pub use person::Person;
pub use provider::Oidc;
pub use settings::{Audience, OidcSettings, RoleRules};
