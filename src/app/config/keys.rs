//! All keys.

/// One key of the configuration.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct Key {
    /// Name with dots, as in the TOML file.
    pub(in crate::app) name: &'static str,
    /// What holds without it, as one would write it; empty where there is no value.
    pub(in crate::app) default: &'static str,
    /// What it is, for the flag's help and the documentation.
    pub(in crate::app) about: &'static str,
    /// Several values: an array in the file, commas in the variable, a repeated flag.
    pub(in crate::app) list: bool,
    /// Never shown.
    pub(in crate::app) secret: bool,
}

impl Key {
    /// `--limits-connections`, without the hyphens in front.
    pub(in crate::app) fn flag(&self) -> String {
        self.name.replace(['.', '_'], "-")
    }

    /// `DAVBRIDGE_LIMITS_CONNECTIONS`.
    pub(in crate::app) fn variable(&self) -> String {
        let name = self.name.replace('.', "_").to_ascii_uppercase();
        format!("{}{name}", super::environment::PREFIX)
    }
}

const fn one(name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        default,
        about,
        list: false,
        secret: false,
    }
}

const fn secret(name: &'static str, about: &'static str) -> Key {
    Key {
        secret: true,
        ..one(name, "", about)
    }
}

const fn many(name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        default,
        about,
        list: true,
        secret: false,
    }
}

/// All keys, in the order of the documentation.
pub(in crate::app) const KEYS: &[Key] = &[
    one(
        "data_dir",
        "",
        "Data folder: database, key file, `davbridge.toml`. Without it `$XDG_DATA_HOME/davbridge`, `~/.local/share/davbridge`, or `/var/lib/davbridge` for root",
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
    one(
        "sign_in.failures",
        "10",
        "Wrong passwords of one user, or from one address, within the window before guessing is slowed; then each address where the user is not signed in has three attempts at the password of the page",
    ),
    one("sign_in.window", "1min", "Length of that window"),
    one(
        "oidc.issuer",
        "",
        "Identity provider for sign-in with OpenID Connect, exactly as it names itself, e.g. `https://id.example.org/realms/home`",
    ),
    one("oidc.client_id", "", "The bridge's client id there"),
    secret(
        "oidc.client_secret",
        "The client's secret; without one the client is a public one",
    ),
    one(
        "oidc.client_secret_file",
        "",
        "File with the client's secret, instead of the secret itself",
    ),
    many(
        "oidc.scopes",
        "openid,profile,email",
        "Scopes that are asked for; some providers want `groups` too",
    ),
    one(
        "oidc.roles_claim",
        "",
        "Claim with a user's groups or roles, e.g. `groups`; dots lead inwards, e.g. `realm_access.roles`. Read again at every sign-in",
    ),
    many(
        "oidc.admin",
        "",
        "Values of that claim that make an administrator, e.g. `/admins`",
    ),
    many("oidc.editor", "", "Values that let a user read and write"),
    many("oidc.viewer", "", "Values that let a user read"),
    one(
        "oidc.default_role",
        "",
        "`admin`, `editor` or `viewer` for users with none of these values; without it they are refused",
    ),
    many(
        "oidc.audience",
        "",
        "Audiences of access tokens that are taken as Bearer on DAV addresses; without it the client id. `azp:NAME` takes those issued to the client NAME; `off` takes none",
    ),
    one(
        "oidc.own_passwords",
        "no",
        "`yes` lets users of the identity provider set a password for the page here, with which they come in without the provider",
    ),
    one(
        "sessions.idle",
        "14d",
        "A sign-in on the page ends when it was not used for this long",
    ),
    one(
        "sessions.longest",
        "90d",
        "A sign-in on the page ends after this long in any case",
    ),
    one(
        "passwords.sign_in_within",
        "",
        "App passwords rest while their user has not signed in on the page for this long, e.g. `90d`; without it they do not",
    ),
    one(
        "freshness.folder_feed",
        "15s",
        "Age at which a drive's change feed is asked again",
    ),
    one(
        "freshness.folder",
        "1min",
        "Age at which a folder is listed again where there is no change feed",
    ),
    one(
        "freshness.folder_stale_max",
        "10min",
        "How long the last complete listing is served while the cloud is in trouble",
    ),
    one(
        "freshness.drives",
        "1h",
        "Age at which the list of drives is read again",
    ),
    one(
        "freshness.quota",
        "10min",
        "Age at which a drive's space is read again",
    ),
    one(
        "freshness.shelves",
        "1h",
        "Age at which the lists of calendars and address books are read again",
    ),
    one(
        "freshness.events_near",
        "5min",
        "Age at which the weeks around today are read again, where a cloud tells no changes of a calendar",
    ),
    one(
        "freshness.events_full",
        "6h",
        "Age at which all of such a calendar is read again",
    ),
    one(
        "freshness.contacts",
        "15min",
        "Age at which address books are read again",
    ),
    one(
        "horizon.past",
        "365",
        "Days back for which such calendars are read; what has slid out stays as it was",
    ),
    one(
        "horizon.future",
        "730",
        "Days ahead for which such calendars are read",
    ),
    one(
        "freshness.patience",
        "8s",
        "How long a request waits for a refresh before it is served the last complete state",
    ),
    one(
        "freshness.patience_cold",
        "25s",
        "How long a request waits where there is no such state",
    ),
    one("cache.folders", "32MiB", "Memory for folder listings"),
    one(
        "cache.listings",
        "16MiB",
        "Memory for lists of events and contacts",
    ),
    one(
        "upstream.ca_bundle",
        "",
        "PEM file with further certificate authorities to trust for the clouds, beside the system's",
    ),
    one(
        "upstream.proxy",
        "",
        "Proxy on the way to the clouds, e.g. `http://proxy.example:3128`, `socks5h://127.0.0.1:1080`",
    ),
    one("upstream.connect_timeout", "10s", "To reach a cloud"),
    one(
        "upstream.read_timeout",
        "30s",
        "Silence of a cloud in the middle of an answer",
    ),
    one(
        "upstream.json_timeout",
        "1min",
        "For a whole answer of a cloud that is not a file",
    ),
    one(
        "providers.infomaniak.api_base",
        "https://api.infomaniak.com",
        "Base address of Infomaniak's API",
    ),
    one(
        "providers.infomaniak.kdrive_base",
        "https://api.kdrive.infomaniak.com",
        "Base address of kDrive's API",
    ),
    one(
        "providers.infomaniak.calendar_base",
        "https://api.infomaniak.com/1/calendar/pim",
        "Base address of Infomaniak's calendars; the other one that is known is `https://calendar.infomaniak.com/api/pim`",
    ),
    one(
        "providers.infomaniak.contacts_base",
        "https://contacts.infomaniak.com",
        "Base address of Infomaniak's address books",
    ),
    many(
        "providers.infomaniak.download_hosts",
        "download.kdrive.infomaniakusercontent.com",
        "Where a download may be sent to: hosts, with all below them, by HTTPS; `host:port` is exactly that, HTTP too",
    ),
    one(
        "providers.infomaniak.requests_per_minute",
        "60",
        "Calls to Infomaniak per account and minute",
    ),
    one("providers.infomaniak.burst", "60", "Of these at once"),
    one(
        "providers.infomaniak.concurrent",
        "8",
        "Of these at the same time",
    ),
    one(
        "providers.infomaniak.change_feed",
        "probe",
        "`probe`: use a drive's change feed where the token may; `off`: never",
    ),
    one(
        "providers.google.client_id",
        "",
        "Client id of the application that you registered with Google",
    ),
    secret(
        "providers.google.client_secret",
        "Its client secret; better in a file that only the bridge can read",
    ),
    one(
        "providers.google.client_secret_file",
        "",
        "File that holds the client secret and nothing else",
    ),
    one(
        "providers.microsoft.client_id",
        "",
        "Application (client) id of the application that you registered with Microsoft",
    ),
    secret(
        "providers.microsoft.client_secret",
        "The value of its client secret; better in a file that only the bridge can read",
    ),
    one(
        "providers.microsoft.client_secret_file",
        "",
        "File that holds the client secret and nothing else",
    ),
    one(
        "providers.microsoft.tenant",
        "common",
        "Whose accounts: `common` (work and personal), `organizations`, `consumers`, or a tenant's id or domain",
    ),
];

/// The key of that name.
pub(in crate::app) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}
