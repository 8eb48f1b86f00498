//! Users and app passwords.

use super::program::Home;

#[test]
fn a_user_comes_and_goes() {
    let home = Home::new();
    let added = home.good(&["user", "add", "anna", "--display-name", "Anna A."]);
    assert!(
        added.err.contains("made a new data folder"),
        "{}",
        added.err
    );
    home.good(&["user", "add", "bert"]);
    home.bad(&["user", "add", "anna"], 1, &["error: ", "anna"]);
    home.bad(
        &["user", "add", "Anna Bell"],
        1,
        &["is not a user name", "lower-case"],
    );
    home.good(&["user", "disable", "bert"]);
    let list = home.good(&["user", "list"]);
    let rows = list.rows();
    assert_eq!(
        (rows[0][0], rows[0][1], rows[0][3]),
        ("anna", "active", "Anna A.")
    );
    assert_eq!((rows[1][0], rows[1][1]), ("bert", "disabled"));
    home.good(&["user", "enable", "bert"]);
    home.good(&["user", "remove", "anna"]);
    let list = home.good(&["user", "list"]);
    assert_eq!((list.rows().len(), list.rows()[0][1]), (1, "active"));
    home.bad(&["user", "remove", "anna"], 1, &["there is no user anna"]);
}

#[test]
fn passwords_are_shown_once_and_alone() {
    let home = Home::new();
    home.good(&["user", "add", "anna"]);
    let made = home.good(&["password", "add", "anna", "--label", "phone"]);
    let secret = made.out.trim_end();
    assert!(
        secret.len() >= 32 && !secret.contains(char::is_whitespace),
        "{secret:?}"
    );
    assert!(!made.err.contains(secret));
    assert!(
        made.err.contains("http://127.0.0.1:8080/dav/files/anna/"),
        "{}",
        made.err
    );
    let line = ["password", "add", "anna", "--read-only", "--expires", "90d"];
    home.good(&line);
    let list = home.good(&["password", "list", "anna"]);
    let rows = list.rows();
    assert_eq!(
        (rows[0][1], rows[0][2], rows[0][4], rows[0][5]),
        ("phone", "read-write", "never", "never")
    );
    assert_eq!(rows[1][2], "read-only");
    let line = [
        "password",
        "add",
        "anna",
        "--services",
        "calendars,contacts",
    ];
    let line = [&line[..], &["--expires", "2099-01-31"]].concat();
    home.good(&line);
    let both = home.good(&["password", "list", "anna"]);
    let both = both.rows();
    assert_eq!(
        (both[2][4], both[2][6]),
        ("2099-01-31", "calendars,contacts")
    );
    home.good(&["password", "revoke", "anna", both[2][0]]);
    assert!(rows[1][4].starts_with("20"), "{rows:?}");
    assert!(!list.out.contains(secret));
    home.good(&["password", "revoke", "anna", rows[0][0]]);
    assert_eq!(home.good(&["password", "list", "anna"]).rows().len(), 1);
    home.bad(&["password", "revoke", "anna", rows[0][0]], 1, &["error: "]);
    home.bad(
        &["password", "add", "nobody"],
        1,
        &["there is no user nobody"],
    );
    home.bad(
        &["password", "add", "anna", "--expires", "soon"],
        1,
        &["--expires", "90d"],
    );
    home.bad(
        &["password", "add", "anna", "--expires", "2020-01-01"],
        1,
        &["in the past"],
    );
}

#[test]
fn the_address_is_the_public_one() {
    let mut home = Home::new();
    home.set("DAVBRIDGE_PUBLIC_URL", "https://example.org/bridge/");
    home.good(&["user", "add", "anna"]);
    let made = home.good(&["password", "add", "anna"]);
    assert!(
        made.err
            .contains("https://example.org/bridge/dav/files/anna/"),
        "{}",
        made.err
    );
}

#[test]
fn a_wrong_folder_is_noticed() {
    let home = Home::new();
    for line in [
        &["user", "list"][..],
        &["password", "add", "anna"],
        &["connections"],
    ] {
        home.bad(line, 1, &["there is no database in", "data folder"]);
    }
    assert!(!home.data().exists(), "nothing was made");
}

#[test]
fn wrong_usage_and_wrong_configuration() {
    let mut home = Home::new();
    home.bad(&["frobnicate"], 2, &["frobnicate"]);
    home.bad(
        &["user", "list", "--listen", "here"],
        1,
        &["error: flag --listen: listen: \"here\""],
    );
    std::fs::create_dir(home.data()).unwrap();
    std::fs::write(home.data().join("davbridge.toml"), "[log]\nlevel = 1\n").unwrap();
    home.bad(
        &["user", "list"],
        1,
        &["davbridge.toml line 2: log.level: \"1\" must be one of"],
    );
    home.set("DAVBRIDGE_LISTENS", "x");
    home.bad(
        &["user", "list"],
        1,
        &["variable DAVBRIDGE_LISTENS: there is no such setting"],
    );
    assert!(home.good(&["--version"]).out.starts_with("davbridge "));
    let help = home.good(&["serve", "--help"]).out;
    assert!(
        help.contains("--limits-connections") && help.contains("[default: 512]"),
        "{help}"
    );
}
