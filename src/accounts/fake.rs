//! A small made-up cloud and clock for tests.
