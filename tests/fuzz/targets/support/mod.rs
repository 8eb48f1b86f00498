//! The integration tests' own cloud and bridge.

#[path = "../../../it/support/bridge.rs"]
pub mod bridge;
#[allow(unused_imports)]
#[path = "../../../it/support/items/mod.rs"]
pub mod items;
#[path = "../../../it/support/library.rs"]
pub mod library;
#[path = "../../../it/support/reference.rs"]
pub mod reference;
#[path = "../../../it/support/xml.rs"]
pub mod xml;
