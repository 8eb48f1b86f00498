//! Layers, errors that name their source, and the list of keys.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::ExposeSecret;

use super::keys::keys;
use super::reader::Reader;
use super::*;
use crate::mirror;
use crate::server::Limits;

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

fn parsed(toml: &str) -> Result<Settings> {
    let written = file::parse(Path::new("/etc/davbridge.toml"), toml)?;
    Settings::read(&written, &[])
}

fn refusal(toml: &str) -> String {
    parsed(toml).expect_err("must be refused").chain()
}

#[test]
fn every_key_is_read_and_every_read_key_is_listed() {
    let written = Written::default();
    let reader = Reader::new(&written);
    Settings::read_with(&reader, &[]).expect("defaults");
    let read = reader.read.into_inner();
    let listed: BTreeSet<_> = keys().map(|key| key.name.to_owned()).collect();
    assert_eq!(read, listed);
}

#[test]
fn defaults_are_those_of_the_rooms() {
    let settings = Settings::default();
    assert_eq!(settings.mirror, mirror::Settings::default());
    assert_eq!(settings.sign_in, crate::accounts::Settings::default());
    assert_eq!(
        format!("{:?}", settings.limits),
        format!("{:?}", Limits::default())
    );
    assert_eq!(
        format!("{:?}", settings.providers),
        format!("{:?}", crate::providers::Settings::default())
    );
}

#[test]
fn layers() {
    let folder = tempfile::tempdir().expect("folder");
    let file = "listen = [\"127.0.0.1:1\", \"[::1]:1\"]\n[limits]\nconnections = 7\nstreams = 7\nbody = \"1KiB\"\n";
    std::fs::write(folder.path().join("davbridge.toml"), file).expect("file");
    let dir = folder.path().to_str().expect("utf-8");
    let sources = Sources {
        file: None,
        environment: variables(&[
            ("DAVBRIDGE_DATA_DIR", dir),
            ("DAVBRIDGE_LIMITS_STREAMS", "8"),
            ("DAVBRIDGE_LIMITS_BODY", "2KiB"),
            ("DAVBRIDGE_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
            ("DAVBRIDGE_PORT", "tcp://10.0.0.1:80"),
            ("DAVBRIDGE_LOG_LEVEL", ""),
        ]),
        flags: vec![("limits.body", vec!["3KiB".to_owned()])],
    };
    let (settings, written) = load(&sources).expect("good");
    assert_eq!(settings.listen.len(), 2);
    assert_eq!(settings.limits.connections, 7);
    assert_eq!(settings.limits.streams, 8);
    assert_eq!(settings.limits.body_bytes, 3 * 1024);
    assert_eq!(settings.trusted_proxies.len(), 2);
    assert_eq!(settings.data_dir, folder.path());
    let source = |key: &str| written.get(key).expect("written").source.to_string();
    assert!(source("limits.connections").ends_with("davbridge.toml line 3"));
    assert_eq!(
        source("limits.streams"),
        "variable DAVBRIDGE_LIMITS_STREAMS"
    );
    assert_eq!(source("limits.body"), "flag --limits-body");
}

#[test]
fn a_named_file_must_be_there() {
    let sources = Sources {
        environment: variables(&[("DAVBRIDGE_CONFIG", "/nowhere/d.toml")]),
        ..Sources::default()
    };
    let error = load(&sources).expect_err("not there").chain();
    assert!(error.contains("/nowhere/d.toml"), "{error}");
}

#[test]
fn errors_name_source_key_and_what_is_allowed() {
    for (toml, wanted) in [
        (
            "\nlisten = \"8080\"",
            "/etc/davbridge.toml line 2: listen: \"8080\" must be an address and a port",
        ),
        (
            "[log]\nlevel = \"loud\"",
            "line 2: log.level: \"loud\" must be one of error, warn, info",
        ),
        (
            "[limits]\nconnections = 0",
            "line 2: limits.connections: \"0\" must be a whole number from 1",
        ),
        (
            "[limits]\nheaders = \"1KiB\"",
            "must be between 8KiB and 64KiB",
        ),
        (
            "[limits]\nconnections = true",
            "line 2: limits.connections: must be a text, not a boolean",
        ),
        ("colour = 1", "line 1: colour: there is no such setting"),
        (
            "[limits]\n\ncolour = 1",
            "line 3: limits.colour: there is no such setting",
        ),
        (
            "[shapes]\nround = 1",
            "line 1: shapes: there is no such setting",
        ),
        ("limits = 1", "line 1: limits: must be a table"),
        ("listen = [", "/etc/davbridge.toml line 1: "),
        ("listen = []", "must name at least one address"),
        (
            "public_url = \"example.org\"",
            "public_url: \"example.org\" not an address",
        ),
        (
            "[tls]\nkey = \"k\"",
            "tls.key: \"k\" needs tls.certificate as well",
        ),
        (
            "[freshness]\nfolder = \"soon\"",
            "freshness.folder: \"soon\" must be a duration",
        ),
        (
            "trusted_proxies = [\"home\"]",
            "trusted_proxies: \"home\" must be an address or a network",
        ),
        (
            "[upstream]\nproxy = \"gopher://me:secret@h\"",
            "\"gopher://***@h\" must be an address",
        ),
    ] {
        let error = refusal(toml);
        assert!(error.contains(wanted), "{toml}: {error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn unknown_variables_are_refused() {
    let environment = variables(&[("DAVBRIDGE_LISTENN", "x")]);
    let error = environment::read(&environment)
        .expect_err("unknown")
        .chain();
    assert_eq!(
        error,
        "variable DAVBRIDGE_LISTENN: there is no such setting"
    );
}

#[test]
fn paths_are_relative_to_their_file() {
    let settings = parsed("[tls]\ncertificate = \"c.pem\"\nkey = \"/abs/k.pem\"").expect("good");
    let wanted = (PathBuf::from("/etc/c.pem"), PathBuf::from("/abs/k.pem"));
    assert_eq!(settings.tls, Some(wanted));
}

#[test]
fn durations_and_sizes() {
    use super::values::{bytes, duration};
    for (text, ms) in [
        ("500ms", 500),
        ("15s", 15_000),
        ("10min", 600_000),
        ("2m", 120_000),
        ("1h", 3_600_000),
        ("2 d", 172_800_000),
    ] {
        assert_eq!(duration(text), Ok(Duration::from_millis(ms)), "{text}");
    }
    for bad in ["", "s", "1", "-1s", "1.5s", "1y", "99999999999d", "36501d"] {
        assert!(duration(bad).is_err(), "{bad}");
    }
    for (text, size) in [
        ("4096", 4096),
        ("1KiB", 1024),
        ("2 MiB", 2 << 20),
        ("1GiB", 1 << 30),
    ] {
        assert_eq!(bytes(text), Ok(size), "{text}");
    }
    assert!(bytes("1kb").is_err());
}

#[test]
fn expiries() {
    let now = "2026-11-22T12:00:00Z".parse().expect("now");
    let at = |text: &str| moment(text, now).map(|at| at.to_rfc3339());
    assert_eq!(at("90d").as_deref(), Ok("2027-02-20T12:00:00+00:00"));
    assert_eq!(at("2027-01-31").as_deref(), Ok("2027-02-01T00:00:00+00:00"));
    for bad in ["2026-11-21", "0d", "tomorrow", "2027-02-30", ""] {
        assert!(at(bad).is_err(), "{bad}");
    }
}

#[test]
fn table_names_every_key() {
    let table = markdown_table();
    for key in keys() {
        assert!(
            table.contains(&format!("| `{}` |", key.name)),
            "{}",
            key.name
        );
    }
}

#[test]
fn secrets_come_themselves_or_from_a_file_and_are_never_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "in-a-file\n").unwrap();
    let table = |lines: &[&str]| format!("[providers.google]\n{}\n", lines.join("\n"));
    let (id, own) = ("client_id = \"an-id\"", "client_secret = \"written\"");
    let by_file = &*format!("client_secret_file = \"{}\"", path.display());
    for (lines, secret) in [([id, own], "written"), ([id, by_file], "in-a-file")] {
        let app = parsed(&table(&lines))
            .unwrap()
            .providers
            .google
            .unwrap()
            .app;
        assert_eq!(app.id, "an-id");
        assert_eq!(app.secret.unwrap().expose_secret(), secret);
    }
    let both = refusal(&table(&[id, own, by_file]));
    assert!(both.contains("must not be there beside"), "{both}");
    let alone = refusal(&table(&[own]));
    assert!(alone.contains("providers.google.client_id"), "{alone}");
    assert!(!alone.contains("written"), "{alone}");
    std::fs::write(&path, " \n").unwrap();
    assert!(refusal(&table(&[id, by_file])).contains("the file is empty"));
    let shown = shown("providers.google.client_secret", &["x".into()]);
    assert_eq!(shown, "***");
}

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
