//! Odd and hostile names.

use super::*;

#[tokio::test]
async fn odd_names_come_back_as_they_are_and_can_be_opened() {
    let cloud = Reference::new(false);
    let names = [
        "a b",
        "#",
        "%41",
        "?x",
        "a&b<c>\"d'",
        "+",
        ";",
        "[x]",
        "😀.txt",
        "a:b\\c|d*e",
        "x]]>y",
        "trailing. ",
        "~tilde",
        "@at",
        "=",
        "ü",
    ];
    for name in names {
        cloud.put(&root(), name, name.to_owned());
    }
    let long = "ä".repeat(127) + "x";
    cloud.put(&root(), &long, "long");
    let bridge = Bridge::over(&cloud);
    let answer = bridge.propfind(DRIVE, "1").await;
    let responses = multistatus(&answer.body);
    for (response, name) in responses[1..]
        .iter()
        .zip(names.iter().copied().chain([long.as_str()]))
    {
        assert_eq!(response.name(), name);
        assert_eq!(response.path(), format!("{DRIVE}/{name}"));
        assert_eq!(
            bridge.get(&response.href, &[]).await.status,
            StatusCode::OK,
            "{}",
            response.href
        );
    }
}

#[tokio::test]
async fn hostile_names_break_neither_xml_nor_headers() {
    let cloud = Reference::new(false);
    for name in [
        "a\r\nSet-Cookie: x",
        "b\0c",
        "..",
        ".",
        "",
        "d/e",
        "f\u{FFFF}g",
        "\u{1b}[31m",
    ] {
        cloud.put(&root(), name, "hostile");
    }
    let bridge = Bridge::over(&cloud);
    let answer = bridge.propfind(DRIVE, "1").await;
    let responses = multistatus(&answer.body);
    assert_eq!(responses.len(), 9);
    for response in &responses[1..] {
        let got = bridge.get(&response.href, &[]).await;
        assert_eq!(
            (got.status, got.text()),
            (StatusCode::OK, "hostile"),
            "{}",
            response.href
        );
    }
}
