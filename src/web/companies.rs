//! Names of companies as they write them.

use serde::Deserialize;

/// Names of companies.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    infomaniak: String,
    google: String,
    microsoft: String,
}

impl Texts {
    /// The name of a company; of one without a text its own.
    pub(super) fn name<'n>(&'n self, provider: &'n str) -> &'n str {
        match provider {
            "infomaniak" => &self.infomaniak,
            "google" => &self.google,
            "microsoft" => &self.microsoft,
            other => other,
        }
    }
}
