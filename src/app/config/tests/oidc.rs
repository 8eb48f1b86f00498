//! The identity provider.

use super::*;

const PROVIDER: &str = "[oidc]\nissuer = \"https://id.example/realms/a\"\nclient_id = \"dav\"\n";

#[test]
fn half_an_identity_provider_is_refused() {
    for (more, wanted) in [
        (
            "",
            "line 2: oidc.issuer: \"https://id.example/realms/a\" needs oidc.roles_claim or oidc.default_role",
        ),
        (
            "roles_claim = \"groups\"",
            "line 4: oidc.roles_claim: \"groups\" needs oidc.admin, oidc.editor or oidc.viewer as well",
        ),
        (
            "viewer = [\"/a\"]",
            "line 4: oidc.viewer: \"/a\" needs oidc.roles_claim as well",
        ),
        (
            "default_role = \"owner\"",
            "must be one of admin, editor, viewer",
        ),
        (
            "default_role = \"admin\"\nown_passwords = \"maybe\"",
            "oidc.own_passwords: \"maybe\" must be yes or no",
        ),
        (
            "default_role = \"admin\"\nscopes = [\"profile\"]",
            "must hold openid",
        ),
        (
            "default_role = \"admin\"\nscopes = [\"openid email\"]",
            "must hold no blanks",
        ),
        (
            "default_role = \"admin\"\naudience = [\"off\", \"x\"]",
            "must be names, azp:NAME, or off alone",
        ),
        (
            "default_role = \"admin\"\naudience = \"azp:\"",
            "oidc.audience: \"azp:\" must be names",
        ),
        (
            "default_role = \"admin\"\nclient_secret = \"secret\"\nclient_secret_file = \"f\"",
            "must not be there beside oidc.client_secret",
        ),
        (
            "default_role = \"admin\"\nclient_secret_file = \"/nowhere/f\"",
            "oidc.client_secret_file: \"/nowhere/f\" cannot be used: the file cannot be read",
        ),
    ] {
        let error = refusal(&format!("{PROVIDER}{more}"));
        assert!(error.contains(wanted), "{more}: {error}");
        assert!(!error.contains("\"secret\""), "{error}");
    }
    for (toml, wanted) in [
        (
            "[oidc]\nissuer = \"https://id.example\"",
            "needs oidc.client_id as well",
        ),
        (
            "[oidc]\nissuer = \"id.example\"",
            "must be an address such as https://",
        ),
        (
            "[oidc]\nclient_secret = \"secret\"",
            "line 2: oidc.client_secret: \"***\" needs oidc.issuer as well",
        ),
        (
            "[oidc]\nscopes = []",
            "oidc.scopes: \"\" needs oidc.issuer as well",
        ),
    ] {
        let error = refusal(toml);
        assert!(error.contains(wanted), "{toml}: {error}");
    }
}

#[test]
fn an_identity_provider_is_read() {
    use crate::accounts::Audience;

    let folder = tempfile::tempdir().expect("folder");
    let secret = folder.path().join("secret");
    let with = |text: &str, more: &str| {
        std::fs::write(&secret, text).expect("file");
        let file = secret.display();
        let written =
            format!("{PROVIDER}default_role = \"editor\"\nclient_secret_file = \"{file}\"\n{more}");
        parsed(&written)
    };
    let oidc = |more: &str| with("s e\r\n", more).expect("good").oidc.expect("there");
    let plain = oidc("");
    let read = plain
        .client_secret
        .as_ref()
        .map(ExposeSecret::expose_secret);
    assert_eq!(read, Some("s e"));
    assert!(!format!("{plain:?}").contains("s e"));
    // letter by letter: a slash more is another issuer
    assert_eq!(plain.issuer, "https://id.example/realms/a");
    assert_eq!(plain.scopes, ["openid", "profile", "email"]);
    assert_eq!(plain.audience, [Audience::Named("dav".to_owned())]);
    let off = oidc("audience = \"off\"");
    assert!(off.audience.is_empty());
    let both = oidc("audience = [\"azp:tel\", \"dav.example\"]");
    let named = Audience::Named("dav.example".to_owned());
    assert_eq!(both.audience, [Audience::IssuedTo("tel".to_owned()), named]);
    for bad in ["", "\n", "first\nother\n", &"x".repeat(5000)] {
        let error = with(bad, "").expect_err("no secret").chain();
        assert!(
            error.contains("the file ") && !error.contains("first"),
            "{error}"
        );
    }
    assert!(Settings::default().oidc.is_none());
}
