//! The rules themselves.

/// A room, the rooms it may use, and the outside crates it may use beside [`COMMON`].
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) room: &'static str,
    rooms: &'static str,
    crates: &'static str,
    /// Whether it may use [`COMMON`].
    common: bool,
}

/// Crates that bring no protocol, format or database with them.
const COMMON: &str = "async_trait base64 bytes chrono data_encoding futures getrandom metrics \
                      percent_encoding secrecy sha2 thiserror tokio tokio_util tracing \
                      unicode_normalization url";

const fn rule(room: &'static str, rooms: &'static str, crates: &'static str) -> Rule {
    Rule {
        room,
        rooms,
        crates,
        common: true,
    }
}

/// All rooms; `main` is `src/main.rs`.
pub(super) const RULES: &[Rule] = &[
    Rule {
        room: "domain",
        rooms: "",
        crates: "async_trait bytes chrono futures secrecy serde tokio",
        common: false,
    },
    rule(
        "upstream",
        "domain",
        "http httpdate metrics_exporter_prometheus reqwest rustls serde serde_json",
    ),
    rule(
        "store",
        "domain",
        "chacha20poly1305 hmac serde serde_json sqlx",
    ),
    rule("providers", "domain upstream", "serde serde_json"),
    rule("text", "domain", "calcard chrono_tz"),
    rule("mirror", "domain store text", "moka serde_json"),
    rule(
        "accounts",
        "domain store upstream",
        "argon2 hmac jsonwebtoken serde serde_json",
    ),
    rule(
        "dav",
        "domain mirror text",
        "dav_server http http_body http_body_util httpdate hyper mime_guess quick_xml",
    ),
    rule(
        "web",
        "accounts domain mirror",
        "http http_body http_body_util httpdate maud qrcode quick_xml serde \
         serde_json toml",
    ),
    rule(
        "server",
        "accounts dav domain web",
        "http http_body http_body_util httpdate hyper hyper_util ipnet rustls socket2 tokio_rustls",
    ),
    rule(
        "app",
        "accounts dav domain mirror providers server store text upstream web",
        "clap http ipnet metrics_exporter_prometheus toml tracing_subscriber",
    ),
    Rule {
        room: "main",
        rooms: "app",
        crates: "",
        common: false,
    },
];

impl Rule {
    /// The rule of a room.
    pub(super) fn of(room: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.room == room)
    }

    /// Other rooms it may use.
    pub(super) fn rooms(&self) -> impl Iterator<Item = &'static str> {
        self.rooms.split_whitespace()
    }

    /// Outside crates it may use.
    pub(super) fn crates(&self) -> impl Iterator<Item = &'static str> {
        let common = if self.common { COMMON } else { "" };
        self.crates
            .split_whitespace()
            .chain(common.split_whitespace())
    }
}
