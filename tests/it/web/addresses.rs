//! The addresses of the page.

/// Every page, and whether it is for administrators only.
pub const PAGES: [(&str, bool); 12] = [
    ("/", false),
    ("/connect", false),
    ("/connect/infomaniak", false),
    ("/connect/google", false),
    ("/connections/progress", false),
    ("/connections/infomaniak", false),
    ("/connections/infomaniak/disconnect", false),
    ("/passwords", false),
    ("/sessions", false),
    ("/account", false),
    ("/devices", false),
    ("/admin/users", true),
];

/// Every form, with the page that it is on.
pub const FORMS: [&str; 21] = [
    "/sign-out",
    "/connect/infomaniak",
    "/connect/infomaniak/1",
    "/connect/infomaniak/1/cancel",
    "/connect/google",
    "/oauth/google",
    "/connections/infomaniak/check",
    "/connections/infomaniak/rename",
    "/connections/infomaniak/disconnect",
    "/connections/infomaniak/reconnect",
    "/passwords",
    "/passwords/1/revoke",
    "/sessions/1/end",
    "/account/password",
    "/admin/users",
    "/admin/users/bert/link",
    "/admin/users/bert/role",
    "/admin/users/bert/disable",
    "/admin/users/bert/enable",
    "/admin/users/bert/remove",
    "/sign-in",
];
