"""Recorded conversations of DAV clients, played against a server and judged as each client would."""
