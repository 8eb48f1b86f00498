//! Connecting accounts.

use cloud::Cloud;

use super::program::{Home, cloud};

const ANNA: [&str; 3] = ["connect", "infomaniak", "anna"];

fn with_token(home: &Home, token: &str) -> String {
    let file = home.beside("token");
    std::fs::write(&file, format!("{token}\n")).unwrap();
    file
}

fn home(cloud: &Cloud) -> Home {
    let home = Home::with(cloud);
    home.good(&["user", "add", "anna"]);
    home
}

/// No file of the data folder, and no output, holds the token.
#[track_caller]
fn nowhere(home: &Home, token: &str) {
    for file in std::fs::read_dir(home.data()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(
            !bytes
                .windows(token.len())
                .any(|part| part == token.as_bytes())
        );
    }
}

fn connect(home: &Home, token: &str) -> super::program::Ran {
    home.feed(
        &[&ANNA[..], &["--token-file", "-"]].concat(),
        &format!("{token}\n"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_connected_listed_refreshed_and_forgotten() {
    let cloud = cloud().await;
    let home = home(&cloud);
    let file = with_token(&home, cloud.token());
    let made = home.good(&[&ANNA[..], &["--token-file", &file]].concat());
    let slug = made.out.trim_end().to_owned();
    for part in [
        "accounts: ok",
        "drive: ok",
        &format!("/dav/files/anna/{slug}/"),
    ] {
        assert!(made.err.contains(part), "{part}: {}", made.err);
    }
    assert!(!made.err.contains(cloud.token()));
    nowhere(&home, cloud.token());
    let again = connect(&home, cloud.token());
    assert_eq!((again.code, again.out.trim_end()), (0, slug.as_str()));

    for line in [&["connections"][..], &["connections", "anna"]] {
        let list = home.good(line);
        let rows = list.rows();
        assert_eq!(rows.len(), 1);
        assert_eq!(
            rows[0][..4],
            ["anna", slug.as_str(), "infomaniak", "active"]
        );
        assert_eq!(rows[0][5], format!("/dav/files/anna/{slug}/"));
        assert!(rows[0][6].contains("drive"), "{rows:?}");
    }
    home.good(&["refresh", "anna", &slug]);
    home.good(&["refresh", "anna"]);
    home.bad(&["refresh", "anna", "other"], 1, &["error: "]);
    home.good(&["disconnect", "anna", &slug]);
    assert_eq!(home.good(&["connections"]).rows()[0][3], "disconnected");
    home.bad(&["refresh", "anna"], 1, &["no connected account"]);
    home.bad(&["disconnect", "anna", "other"], 1, &["error: "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_told_apart_and_nothing_is_kept() {
    let cloud = cloud().await;
    let home = home(&cloud);
    let unknown = connect(&home, "pat-that-nobody-made");
    assert_eq!(unknown.code, 4, "{unknown:?}");
    assert!(
        unknown.err.contains("the token is not accepted"),
        "{}",
        unknown.err
    );
    let lacking = connect(&home, "sim-anna-without-drive");
    assert_eq!(lacking.code, 3, "{lacking:?}");
    assert!(
        lacking.err.contains("lacks the scope drive"),
        "{}",
        lacking.err
    );
    cloud.outage(cloud::Outage::Drop);
    let down = connect(&home, "pat-that-may-be-good");
    assert_eq!(down.code, 5, "{down:?}");
    assert!(down.err.contains("may be good"), "{}", down.err);
    let empty = connect(&home, " ");
    assert_eq!(empty.code, 1);
    for (ran, token) in [
        (&unknown, "pat-that-nobody"),
        (&lacking, "sim-anna-without"),
        (&down, "pat-that-may"),
    ] {
        assert!(ran.out.is_empty() && !ran.err.contains(token), "{ran:?}");
        nowhere(&home, token);
    }
    assert_eq!(home.good(&["connections"]).out, "");
}

#[test]
fn mistakes_before_the_cloud_is_asked() {
    let home = Home::new();
    home.good(&["user", "add", "anna"]);
    let token = with_token(&home, "t");
    home.bad(
        &["connect", "infomaniak", "nobody", "--token-file", &token],
        1,
        &["no user nobody"],
    );
    home.bad(
        &["connect", "acme", "anna", "--token-file", &token],
        1,
        &["acme", "infomaniak"],
    );
    let line = [&ANNA[..], &["--token-file", "/nowhere/token"]].concat();
    home.bad(&line, 1, &["token file /nowhere/token: "]);
    home.bad(&ANNA, 2, &["--token-file"]);
}
