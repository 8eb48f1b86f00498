//! The clouds: the way to them, their addresses, their pace, the operator's applications.

use super::{Key, many, one, secret};

pub(super) const KEYS: &[Key] = &[
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
