//! The shared suites that every provider passes.

pub mod files;
mod infomaniak;
mod reference;
