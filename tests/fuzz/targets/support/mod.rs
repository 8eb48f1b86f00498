//! The integration tests' own cloud and bridge.

#[path = "../../../it/support/bridge.rs"]
pub mod bridge;
#[path = "../../../it/support/reference.rs"]
pub mod reference;
#[path = "../../../it/support/xml.rs"]
pub mod xml;
