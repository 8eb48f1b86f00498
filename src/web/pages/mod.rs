//! The pages, one file each.

pub(super) mod sign_in;
