//! Backup, restore, doctor.

use std::net::TcpListener;

use super::program::{Home, Ran, cloud};
use crate::support::issuer::Issuer;

#[test]
fn a_backup_brings_everything_back() {
    let home = Home::new();
    home.good(&["user", "add", "anna"]);
    let file = &home.beside("backup.db");
    let made = home.good(&["backup", file]);
    assert!(
        made.err.contains("davbridge.key is not in it"),
        "{}",
        made.err
    );
    home.bad(&["backup", file], 1, &["is there already"]);
    home.good(&["user", "remove", "anna"]);
    home.good(&["user", "add", "bert"]);
    home.good(&["restore", file]);
    let list = home.good(&["user", "list"]);
    assert_eq!((list.rows().len(), list.rows()[0][0]), (1, "anna"));
    let other = &home.beside("other.db");
    std::fs::write(other, "").unwrap();
    home.bad(&["restore", other], 1, &["is not a database of davbridge"]);
    assert_eq!(home.good(&["user", "list"]).rows()[0][0], "anna");
}

#[test]
fn on_a_new_machine_the_key_comes_first() {
    let home = Home::new();
    home.good(&["user", "add", "anna"]);
    let file = &home.beside("backup.db");
    home.good(&["backup", file]);
    let new = Home::new();
    new.bad(&["restore", file], 1, &["davbridge.key first"]);
    assert!(!new.data().exists());
    std::fs::create_dir(new.data()).unwrap();
    std::fs::copy(
        home.data().join("davbridge.key"),
        new.data().join("davbridge.key"),
    )
    .unwrap();
    new.good(&["restore", file]);
    assert_eq!(new.good(&["user", "list"]).rows()[0][0], "anna");
}

#[track_caller]
fn says(ran: &Ran, kind: &str, what: &str, part: &str) {
    let found = ran
        .rows()
        .iter()
        .any(|row| row[0] == kind && row[1] == what && row[2].contains(part));
    assert!(found, "no {kind} {what} {part}:\n{}", ran.out);
}

#[test]
fn doctor_before_the_first_start() {
    let home = Home::new();
    let ran = home.good(&["doctor", "--listen", "127.0.0.1:0", "--limits-body", "1MiB"]);
    says(
        &ran,
        "ok",
        "configuration",
        "limits.body = 1MiB (flag --limits-body)",
    );
    says(&ran, "ok", "configuration", "(variable DAVBRIDGE_DATA_DIR)");
    says(&ran, "ok", "listen", "is free");
    says(&ran, "note", "store", "`davbridge serve` makes it");
    says(&ran, "note", "google", "then /oauth/google");
    let public = ["doctor", "--listen", "127.0.0.1:0", "--public-url"];
    let ran = home.good(&[&public[..], &["https://h.example"]].concat());
    says(
        &ran,
        "note",
        "microsoft",
        "https://h.example/oauth/microsoft",
    );
    assert!(!home.data().exists(), "it changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_tells_of_an_older_key_after_a_restore() {
    let cloud = cloud().await;
    let home = Home::with(&cloud);
    home.good(&["user", "add", "anna"]);
    let line = ["connect", "infomaniak", "anna", "--token-file", "-"];
    home.feed(&line, &format!("{}\n", cloud.token()));
    let copy = home.beside("copy");
    home.good(&["backup", &copy]);
    home.good(&["key", "rotate"]);
    let doctor = || home.good(&["doctor", "--listen", "127.0.0.1:0"]);
    assert!(!doctor().out.contains("older key"));
    home.good(&["restore", &copy]);
    says(
        &doctor(),
        "note",
        "keys",
        "1 secrets are sealed with the older key",
    );
    home.good(&["key", "rotate"]);
    assert!(!doctor().out.contains("older key"));
}

#[test]
fn doctor_tells_the_redirect_addresses_to_register() {
    let home = Home::new();
    let public = ["--public-url", "https://h.example/bridge/"];
    let secret = ["--providers-google-client-secret", "hush"];
    let ids = [
        "--providers-google-client-id",
        "1.apps.example",
        "--providers-microsoft-client-id",
        "0-0",
    ];
    let line = [
        &["doctor", "--listen", "127.0.0.1:0"],
        &public[..],
        &secret,
        &ids,
    ]
    .concat();
    let ran = home.good(&line);
    says(
        &ran,
        "ok",
        "google",
        "https://h.example/bridge/oauth/google",
    );
    says(
        &ran,
        "ok",
        "microsoft",
        "https://h.example/bridge/oauth/microsoft",
    );
    says(&ran, "note", "microsoft", "no client secret");
    says(&ran, "note", "google", "nothing of it is served yet");
    assert!(!ran.out.contains("hush"), "{}", ran.out);
}

#[test]
fn doctor_finds_what_is_wrong() {
    let home = Home::new();
    home.good(&["user", "add", "anna"]);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let key = home.data().join("davbridge.key");
    let key_text = std::fs::read_to_string(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let line = [
        "doctor",
        "--listen",
        "192.0.2.1:8080",
        "--tls-certificate",
        "/no/c.pem",
        "--tls-key",
        "/no/k.pem",
    ];
    let ran = home.run(&line);
    assert_eq!(ran.code, 1);
    says(&ran, "problem", "store", "davbridge.key is missing");
    says(&ran, "problem", "tls", "/no/c.pem");
    says(
        &ran,
        "problem",
        "listen",
        "192.0.2.1:8080 cannot be listened on",
    );
    assert!(ran.err.contains("error: 3 problems found"), "{}", ran.err);
    std::fs::write(&key, key_text).unwrap();
    let ran = home.run(&[
        "doctor",
        "--listen",
        &address,
        "--public-url",
        "https://h.example",
    ]);
    says(&ran, "problem", "store", "is open to others");
    says(&ran, "note", "listen", "is in use");
    says(&ran, "ok", "public_url", "https://h.example");
    says(&ran, "note", "trusted_proxies", "name the reverse proxy");
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_asks_the_identity_provider() {
    let issuer = Issuer::start().await;
    let mut home = Home::new();
    for (name, value) in [
        ("ISSUER", issuer.name.as_str()),
        ("CLIENT_ID", "davbridge"),
        ("CLIENT_SECRET", "not-for-eyes"),
        ("DEFAULT_ROLE", "editor"),
    ] {
        home.set(&format!("DAVBRIDGE_OIDC_{name}"), value);
    }
    let line = ["doctor", "--listen", "127.0.0.1:0"];
    let ran = home.good(&line);
    says(
        &ran,
        "ok",
        "identity provider",
        "keys that sign its tokens: 1",
    );
    says(&ran, "note", "identity provider", "/sign-in/oidc/back");
    says(&ran, "ok", "configuration", "oidc.client_secret = *** (");
    assert!(!format!("{ran:?}").contains("not-for-eyes"));
    home.set("DAVBRIDGE_PUBLIC_URL", "https://h.example/bridge/");
    let ran = home.good(&line);
    let back = "https://h.example/bridge/sign-in/oidc/back";
    says(&ran, "ok", "identity provider", back);
    issuer.knobs().document_over = serde_json::json!({ "issuer": "https://other.example" });
    let ran = home.run(&line);
    assert_eq!(ran.code, 1);
    says(
        &ran,
        "problem",
        "identity provider",
        "https://other.example",
    );
    home.set("DAVBRIDGE_OIDC_CLIENT_SECRET_FILE", "/nowhere");
    let ran = home.run(&line);
    assert!(
        ran.code != 0 && ran.err.contains("oidc.client_secret_file"),
        "{ran:?}"
    );
    assert!(!format!("{ran:?}").contains("not-for-eyes"));
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_asks_the_clouds_and_a_running_bridge() {
    let cloud = cloud().await;
    let home = Home::with(&cloud);
    home.good(&["user", "add", "anna"]);
    let token = format!("{}\n", cloud.token());
    let line = ["connect", "infomaniak", "anna", "--token-file", "-"];
    let slug = home.feed(&line, &token).out.trim_end().to_owned();
    let what = format!("connection anna/{slug}");
    let serving = home.serve(&[]);
    let ran = home.good(&["doctor", "--listen", &serving.address.to_string()]);
    says(&ran, "ok", "listen", "davbridge answers there");
    says(
        &ran,
        "ok",
        "store",
        "1 users, 0 app passwords, 1 connected accounts",
    );
    says(&ran, "ok", &what, "scope drive: granted");
    cloud.set_token(cloud.token(), None);
    let ran = home.run(&["doctor", "--listen", "127.0.0.1:0"]);
    assert_eq!(ran.code, 1);
    says(
        &ran,
        "problem",
        &what,
        "no longer accepted: make a new token",
    );
    assert!(!ran.out.contains(cloud.token()) && !ran.err.contains(cloud.token()));
}
