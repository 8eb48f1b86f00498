//! The shared suites that every provider passes.

pub mod files;
pub mod items;
mod items_read;
mod looked;
mod reference;
mod reference_items;
