//! Users, app passwords, connections, token vault.
