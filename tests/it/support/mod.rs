//! What several topics need.

pub mod bridge;
pub mod consent;
pub mod infomaniak;
pub mod infomaniak_pim;
pub mod issuer;
pub mod items;
pub mod library;
pub mod looks;
pub mod reference;
pub mod xml;
