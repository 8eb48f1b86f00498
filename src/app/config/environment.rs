//! Environment variables.

use super::keys::keys;
use super::written::{Source, Written, split};
use crate::domain::{Error, Kind, Result};

/// All our variables begin so.
pub(super) const PREFIX: &str = "DAVBRIDGE_";

/// Names the configuration file.
pub(super) const FILE: &str = "DAVBRIDGE_CONFIG";

/// Kubernetes sets these for a service that is called `davbridge`.
const FOREIGN: [&str; 2] = ["DAVBRIDGE_SERVICE_", "DAVBRIDGE_PORT"];

/// Reads our variables; an unknown one is an error, an empty one counts as not set.
pub(super) fn read(environment: &[(String, String)]) -> Result<Written> {
    let mut written = Written::default();
    for (name, value) in environment {
        let foreign = FOREIGN.iter().any(|prefix| name.starts_with(prefix));
        if !name.starts_with(PREFIX) || name == FILE || foreign {
            continue;
        }
        let Some(key) = keys().find(|key| key.variable() == *name) else {
            let sentence = format!("variable {name}: there is no such setting");
            return Err(Error::client(Kind::Invalid, sentence));
        };
        if value.is_empty() {
            continue;
        }
        let values = if key.list {
            split(value)
        } else {
            vec![value.clone()]
        };
        written.put(key.name, values, Source::Variable(name.clone()));
    }
    Ok(written)
}
