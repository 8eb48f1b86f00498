//! The server: data, addresses, log, limits.

use super::{Key, many, one};

pub(super) const KEYS: &[Key] = &[
    one(
        "data_dir",
        "",
        "Data folder: database, key file, `davbridge.toml`. Without it `/var/lib/davbridge` for root; for others `$XDG_DATA_HOME/davbridge`, else `~/.local/share/davbridge`",
    ),
    one(
        "key_file",
        "",
        "Key file, where it is not `davbridge.key` in the data folder",
    ),
    many(
        "listen",
        "127.0.0.1:8080",
        "Addresses to listen on, e.g. `0.0.0.0:8080`, `[::]:8080`",
    ),
    one(
        "public_url",
        "",
        "Address under which clients reach the bridge, e.g. `https://example.org/bridge/`: the only source of links. Without it they come from the request",
    ),
    many(
        "trusted_proxies",
        "",
        "Addresses or networks of reverse proxies whose `X-Forwarded-*` and `Forwarded` headers are believed, e.g. `127.0.0.1`, `10.0.0.0/8`",
    ),
    one(
        "tls.certificate",
        "",
        "PEM file with the certificate chain, leaf first; read again when it changes",
    ),
    one("tls.key", "", "PEM file with the certificate's private key"),
    one(
        "metrics.listen",
        "",
        "Address for Prometheus (`GET /metrics`), e.g. `127.0.0.1:9090`; not served without it",
    ),
    one(
        "log.level",
        "info",
        "`error`, `warn`, `info`, `debug` or `trace`",
    ),
    one("log.format", "text", "`text` or `json`"),
    one(
        "limits.connections",
        "512",
        "Connections at a time; further ones wait",
    ),
    one(
        "limits.headers",
        "32KiB",
        "Size of a request's headers, 8 KiB to 64 KiB",
    ),
    one(
        "limits.body",
        "16MiB",
        "Size of a request's body, PUT excepted",
    ),
    one(
        "limits.streams",
        "128",
        "Requests at a time on one HTTP/2 connection",
    ),
    one(
        "limits.header_timeout",
        "30s",
        "For the TLS handshake and each request's head; a connection may be idle so long",
    ),
    one(
        "limits.body_timeout",
        "1min",
        "Silence in the middle of a request's body",
    ),
    one(
        "limits.write_timeout",
        "5min",
        "For a client that takes no more bytes of an answer",
    ),
    one(
        "limits.end_timeout",
        "30s",
        "For running requests after SIGTERM",
    ),
];
