//! Infomaniak: kDrive.
