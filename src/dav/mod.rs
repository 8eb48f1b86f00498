//! The protocol: requests to values, one property engine, answers to bytes.
