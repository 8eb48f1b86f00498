//! Sign-in with OpenID Connect and access tokens, against a made-up provider.

mod bearer;
mod documents;
mod rig;
mod sign_in;
mod tokens;
