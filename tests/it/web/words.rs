//! What the page says is written in its texts, whichever room found it out.

use std::sync::LazyLock;

use super::browser::{Browser, Page};
use super::rig::{PASSWORD, Rig, rig, user};

/// The texts, cut where values stand in them.
static TEXTS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let english = include_str!("../../../src/web/texts/en.toml");
    let mut left = vec![toml::Value::Table(english.parse().unwrap())];
    let mut all = Vec::new();
    while let Some(value) = left.pop() {
        match value {
            toml::Value::Table(table) => left.extend(table.into_iter().map(|(_, value)| value)),
            toml::Value::Array(array) => left.extend(array),
            toml::Value::String(text) => all.push(parts(&text)),
            other => panic!("{other}"),
        }
    }
    all
});

fn parts(text: &str) -> Vec<String> {
    let mut parts = text.split('{');
    let first = parts.next().unwrap().to_owned();
    let rest = parts.map(|part| part.split_once('}').unwrap().1.to_owned());
    std::iter::once(first).chain(rest).collect()
}

/// Whether a sentence is such a text with values in it. Texts of hardly more than values do not
/// count: anything would be one.
fn is_text(sentence: &str) -> bool {
    TEXTS.iter().any(|parts| {
        let length: usize = parts.iter().map(String::len).sum();
        let mut rest = sentence;
        let found = parts.iter().enumerate().all(|(at, part)| {
            let found = if at == 0 {
                rest.strip_prefix(&**part)
            } else if at == parts.len() - 1 && part.is_empty() {
                Some("")
            } else {
                rest.split_once(&**part).map(|(_, rest)| rest)
            };
            rest = found.unwrap_or(rest);
            found.is_some()
        });
        length > 15 && found && rest.is_empty()
    })
}

/// What a page says first, below its heading.
#[track_caller]
fn sentence(page: &Page) -> String {
    let paragraph = page.between("</h1>", "</p>");
    let text = paragraph.rsplit('>').next().unwrap();
    text.replace("&quot;", "\"").replace("&amp;", "&")
}

/// Sends a form of one's own making; what the page says.
async fn told(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let csrf = browser.get("/").await.form("/sign-out").fields[0].1.clone();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("csrf", &csrf)
        .extend_pairs(fields)
        .finish();
    let page = browser.send("POST", path, Some(&form)).await;
    (page.status(), sentence(&page))
}

async fn with_bert(rig: &Rig) -> Browser {
    rig.invite("bert", "editor").await;
    rig.connect("anna").await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/admin/users").await;
    anna.go(&page, "/bert/disable", &[]).await;
    anna
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_told_in_the_words_of_the_page() {
    let rig = rig().await;
    let mut anna = with_bert(&rig).await;
    let (long, endless) = ("x".repeat(101), "x".repeat(1025));
    let branch = "b".repeat(1001);
    for (path, fields, words) in [
        (
            "/admin/users",
            vec![("name", "bert"), ("role", "editor")],
            "already a user",
        ),
        (
            "/admin/users",
            vec![("name", "Bert!"), ("role", "editor")],
            "lower-case",
        ),
        (
            "/admin/users",
            vec![
                ("name", "carl"),
                ("role", "editor"),
                ("display_name", &*long),
            ],
            "longer than 100",
        ),
        (
            "/admin/users/bert/role",
            vec![("role", "owner")],
            "no such role",
        ),
        (
            "/admin/users",
            vec![("name", "carl"), ("role", "")],
            "no such role",
        ),
        (
            "/passwords",
            vec![("label", "x"), ("services", "mail")],
            "no such choice of services",
        ),
        ("/admin/users/bert/link", vec![], "is disabled"),
        (
            "/connections/infomaniak/rename",
            vec![("name", &long)],
            "longer than 100",
        ),
        (
            "/connections/infomaniak/rename",
            vec![("name", "a\nb")],
            "line breaks",
        ),
        (
            "/connections/infomaniak/hide",
            vec![("kind", "event"), ("id", &branch), ("hide", "yes")],
            "does not accept",
        ),
        ("/passwords", vec![("label", &long)], "longer than 100"),
        (
            "/passwords",
            vec![("label", "x"), ("expires", "2020-01-01")],
            "has passed",
        ),
        (
            "/passwords",
            vec![("label", "x"), ("expires", "soon")],
            "is not a date",
        ),
        ("/devices/rclone", vec![("label", "a\u{7}")], "line breaks"),
        (
            "/account/password",
            vec![("old", PASSWORD), ("new", "short"), ("again", "short")],
            "at least 10",
        ),
        (
            "/account/password",
            vec![("old", PASSWORD), ("new", &endless), ("again", &endless)],
            "1024",
        ),
        (
            "/account/password",
            vec![("old", "wrong"), ("new", PASSWORD), ("again", PASSWORD)],
            "not right",
        ),
    ] {
        let (status, said) = told(&mut anna, path, &fields).await;
        assert_eq!(status, 400, "{path} {words}: {said}");
        assert!(
            said.contains(words) && is_text(&said),
            "{path} {words}: {said}"
        );
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_account_is_told_in_the_words_of_the_page() {
    let rig = rig().await;
    rig.token_with(&["accounts", "drive", "workspace:calendar"]);
    rig.connect("anna").await;
    let mut anna = rig.signed_in("anna").await;
    let page = anna.get("/connections/infomaniak").await;
    let said = page.between("<ul><li>Access", "</li>");
    assert_eq!(said, " to contacts was not granted.");
    assert!(is_text(&format!("Access{said}")));
    let status = rig
        .accounts
        .list_connections(Some(&user("anna")))
        .await
        .unwrap();
    let own = status[0]
        .scopes
        .iter()
        .find_map(|scope| scope.missing.as_deref());
    page.lacks(own.unwrap());
}

#[test]
fn other_sentences_are_none() {
    for sentence in [
        "the name is longer than 100 characters",
        "listing failed",
        "",
    ] {
        assert!(!is_text(sentence), "{sentence}");
    }
    assert!(is_text("Wait 7 seconds, then try again."));
    assert!(is_text(
        "Infomaniak no longer accepts the sign-in: connect the account again."
    ));
}
