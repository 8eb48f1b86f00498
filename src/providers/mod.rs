//! One folder a company, and their registry.

pub mod infomaniak;
