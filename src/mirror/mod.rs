//! The bridge's own copy: folder listings in a bounded cache, freshness, single flight.
