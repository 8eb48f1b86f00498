//! What single values may be.

use super::*;

#[test]
fn paths_are_relative_to_their_file() {
    let settings = parsed("[tls]\ncertificate = \"c.pem\"\nkey = \"/abs/k.pem\"").expect("good");
    let wanted = (PathBuf::from("/etc/c.pem"), PathBuf::from("/abs/k.pem"));
    assert_eq!(settings.tls, Some(wanted));
}

#[test]
fn durations_and_sizes() {
    use super::super::values::{bytes, duration};
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
