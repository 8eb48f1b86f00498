//! The shared suites that every provider passes.

pub mod files;
pub mod items;
mod looked;
mod reference;
mod reference_items;
