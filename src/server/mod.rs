//! Listener, TLS, routing, limits, health, metrics, graceful end.
