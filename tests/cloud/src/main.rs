//! The simulated clouds as a program.

fn main() {}
