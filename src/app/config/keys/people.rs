//! People: how they sign in, and for how long.

use super::{Key, many, one, secret};

pub(super) const KEYS: &[Key] = &[
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
];
