//! The shared suites that every provider passes.

pub mod files;
mod reference;
