//! Trouble of the cloud.
