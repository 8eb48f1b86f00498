//! One folder a company, and their registry.
//!
//! A new company is a folder, a field of [`Settings`] and a line in [`registry`]. It is in the
//! registry once it has a service: [`google`] and [`microsoft`] can be connected, and no more yet.

mod consent;
pub mod google;
pub mod infomaniak;
pub mod microsoft;

use std::sync::Arc;

use crate::domain::{Clock, Connector, Result};

/// Settings of all companies.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Infomaniak.
    pub infomaniak: infomaniak::Settings,
    /// Google, where the operator has an application there.
    pub google: Option<google::Settings>,
    /// Microsoft, where the operator has an application there.
    pub microsoft: Option<microsoft::Settings>,
}

/// All companies.
///
/// # Errors
/// `Invalid` when settings cannot be used.
pub fn registry(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Vec<Arc<dyn Connector>>> {
    Ok(vec![Arc::new(infomaniak::Infomaniak::new(
        settings.infomaniak.clone(),
        clock,
    )?)])
}
