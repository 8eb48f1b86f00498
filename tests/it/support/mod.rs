//! What several topics need.

pub mod bridge;
pub mod reference;
pub mod xml;
