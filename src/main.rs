//! davbridge
fn main() {}
