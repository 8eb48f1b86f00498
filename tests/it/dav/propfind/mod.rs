//! PROPFIND.

mod names;

use davbridge::domain::EntryId;
use http::StatusCode;

use crate::support::bridge::{Bridge, DRIVE};
use crate::support::reference::{ROOT, Reference};
use crate::support::xml::multistatus;

fn root() -> EntryId {
    EntryId::new(ROOT)
}

#[tokio::test]
async fn a_file_has_all_its_properties() {
    let cloud = Reference::new(true);
    cloud.put(&root(), "a b#.txt", "hello");
    let bridge = Bridge::over(&cloud);
    let body = r#"<?xml version="1.0"?><p:propfind xmlns:p="DAV:" xmlns:z="urn:schemas-microsoft-com:" xmlns:q="urn:q">
        <p:prop><p:resourcetype/><p:displayname/><p:getcontentlength/><p:getlastmodified/><p:creationdate/><p:getetag/>
        <p:getcontenttype/><p:supportedlock/><p:lockdiscovery/><p:current-user-principal/><p:current-user-privilege-set/>
        <p:owner/><p:supported-report-set/><p:quota-available-bytes/><p:quota-used-bytes/><p:principal-collection-set/>
        <z:Win32FileAttributes/><q:unknown/><p:getcontentlanguage/></p:prop></p:propfind>"#;
    let answer = bridge
        .send(
            "PROPFIND",
            &format!("{DRIVE}/a%20b%23.txt"),
            &[("depth", "0")],
            body,
        )
        .await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    assert_eq!(
        answer.header("content-type"),
        "application/xml; charset=utf-8"
    );
    assert_eq!(answer.header("dav"), "1, 3");
    let responses = multistatus(&answer.body);
    let [file] = responses.as_slice() else {
        panic!("{responses:?}")
    };
    assert_eq!(file.href, format!("{DRIVE}/a%20b%23.txt"));
    let expected = [
        ("D:resourcetype", ""),
        ("D:displayname", "a b#.txt"),
        ("D:getcontentlength", "5"),
        ("D:getlastmodified", "Thu, 09 Oct 2025 08:55:20 GMT"),
        ("D:creationdate", "2025-10-09T08:53:20Z"),
        ("D:getetag", "\"2-1\""),
        ("D:getcontenttype", "text/plain"),
        ("D:supportedlock", ""),
        ("D:lockdiscovery", ""),
        ("D:current-user-principal", "<D:href>/dav/principals/anna/"),
        (
            "D:current-user-privilege-set",
            "<D:privilege><D:read><D:privilege><D:read-current-user-privilege-set>",
        ),
        ("D:owner", "<D:href>/dav/principals/anna/"),
        ("D:supported-report-set", ""),
        ("D:quota-available-bytes", "1099511627771"),
        ("D:quota-used-bytes", "5"),
        ("D:principal-collection-set", "<D:href>/dav/principals/"),
        ("Z:Win32FileAttributes", "00000021"),
    ];
    for (tag, value) in expected {
        assert_eq!(file.prop(tag), Some(value), "{tag}");
    }
    assert_eq!(file.missing(), ["D:getcontentlanguage", "q:unknown"]);
    assert_eq!(
        file.propstats[0].0, "HTTP/1.1 200 OK",
        "what exists comes first"
    );
    assert!(answer.text().contains("xmlns:q=\"urn:q\""));
}

#[tokio::test]
async fn every_level_lists_its_members() {
    let cloud = Reference::new(false);
    let folder = cloud.make_folder(&root(), "Ordner ü");
    cloud.make_folder(&folder, "empty");
    cloud.put(&folder, "x.bin", "x");
    let bridge = Bridge::over(&cloud);
    let levels: [(&str, &[&str]); 8] = [
        ("/", &["/", "/dav/"]),
        (
            "/dav/",
            &[
                "/dav/",
                "/dav/addressbooks/",
                "/dav/calendars/",
                "/dav/files/",
                "/dav/principals/",
            ],
        ),
        (
            "/dav/principals",
            &["/dav/principals/", "/dav/principals/anna/"],
        ),
        ("/dav/files/", &["/dav/files/", "/dav/files/anna/"]),
        (
            "/dav/files/anna/",
            &["/dav/files/anna/", "/dav/files/anna/ref/"],
        ),
        (
            "/dav/files/anna/ref",
            &["/dav/files/anna/ref/", "/dav/files/anna/ref/drive/"],
        ),
        (
            DRIVE,
            &[
                "/dav/files/anna/ref/drive/",
                "/dav/files/anna/ref/drive/Ordner%20%C3%BC/",
            ],
        ),
        (
            "/dav/files/anna/ref/drive/Ordner%20u%CC%88",
            &[
                "/dav/files/anna/ref/drive/Ordner%20u%CC%88/",
                "/dav/files/anna/ref/drive/Ordner%20u%CC%88/empty/",
                "/dav/files/anna/ref/drive/Ordner%20u%CC%88/x.bin",
            ],
        ),
    ];
    for (path, expected) in levels {
        let answer = bridge.propfind(path, "1").await;
        assert_eq!(answer.status, StatusCode::MULTI_STATUS, "{path}");
        let responses = multistatus(&answer.body);
        let hrefs: Vec<&str> = responses
            .iter()
            .map(|response| response.href.as_str())
            .collect();
        assert_eq!(hrefs, expected, "{path}");
        for response in &responses {
            let kind = response
                .prop("D:resourcetype")
                .expect("every member tells its type");
            assert_eq!(
                response.href.ends_with('/'),
                kind.starts_with("<D:collection>"),
                "{}",
                response.href
            );
        }
    }
    let empty = bridge
        .propfind(&format!("{DRIVE}/Ordner%20%C3%BC/empty/"), "1")
        .await;
    assert_eq!(multistatus(&empty.body).len(), 1);
}

#[tokio::test]
async fn the_prefix_stands_before_every_href() {
    let cloud = Reference::new(false);
    let mut bridge = Bridge::over(&cloud);
    bridge.prefix = "/bridge".to_owned();
    let body = "<propfind xmlns=\"DAV:\"><prop><current-user-principal/><owner/></prop></propfind>";
    let answer = bridge
        .send("PROPFIND", "/dav/files/anna/", &[("depth", "1")], body)
        .await;
    for response in multistatus(&answer.body) {
        assert!(
            response.href.starts_with("/bridge/dav/"),
            "{}",
            response.href
        );
        assert_eq!(
            response.prop("D:owner"),
            Some("<D:href>/bridge/dav/principals/anna/")
        );
    }
}

#[tokio::test]
async fn a_principal_tells_who_it_is() {
    let bridge = Bridge::over(&Reference::new(false));
    let body = "<propfind xmlns=\"DAV:\"><prop><resourcetype/><displayname/><principal-URL/><current-user-principal/><group-membership/></prop></propfind>";
    let answer = bridge
        .send("PROPFIND", "/dav/principals/anna/", &[("depth", "0")], body)
        .await;
    let responses = multistatus(&answer.body);
    assert_eq!(
        responses[0].prop("D:resourcetype"),
        Some("<D:collection><D:principal>")
    );
    assert_eq!(
        responses[0].prop("D:principal-URL"),
        Some("<D:href>/dav/principals/anna/")
    );
    assert_eq!(responses[0].prop("D:group-membership"), Some(""));
}

#[tokio::test]
async fn other_users_places_do_not_exist() {
    let bridge = Bridge::over(&Reference::new(false));
    for path in [
        "/dav/files/bob/",
        "/dav/principals/bob/",
        "/dav/files/anna/nope/",
        "/dav/files/anna/ref/nope/",
        "/remote.php/dav/",
    ] {
        assert_eq!(
            bridge.propfind(path, "0").await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn depth_infinity_is_refused_and_absence_means_one() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "a", "a");
    let bridge = Bridge::over(&cloud);
    let answer = bridge.propfind(DRIVE, "infinity").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(
        answer.text().contains("<D:propfind-finite-depth/>"),
        "{}",
        answer.text()
    );
    let answer = bridge.send("PROPFIND", DRIVE, &[], "").await;
    assert_eq!(multistatus(&answer.body).len(), 2);
}

#[tokio::test]
async fn minimal_answers_leave_out_what_is_missing() {
    let cloud = Reference::new(false);
    let bridge = Bridge::over(&cloud);
    let body = "<propfind xmlns=\"DAV:\"><prop><resourcetype/><getetag/></prop></propfind>";
    let answer = bridge
        .send(
            "PROPFIND",
            DRIVE,
            &[("depth", "0"), ("prefer", "return=minimal")],
            body,
        )
        .await;
    assert!(multistatus(&answer.body)[0].missing().is_empty());
    assert_eq!(answer.header("preference-applied"), "return=minimal");
    let answer = bridge
        .send("PROPFIND", DRIVE, &[("depth", "0")], body)
        .await;
    assert_eq!(multistatus(&answer.body)[0].missing(), ["D:getetag"]);
}

#[tokio::test]
async fn names_only_tells_no_values() {
    let cloud = Reference::new(false);
    let bridge = Bridge::over(&cloud);
    let body = "<propfind xmlns=\"DAV:\"><propname/></propfind>";
    let answer = bridge
        .send("PROPFIND", DRIVE, &[("depth", "0")], body)
        .await;
    let response = &multistatus(&answer.body)[0];
    assert_eq!(response.prop("D:displayname"), Some(""));
    assert_eq!(response.propstats.len(), 1);
}

#[tokio::test]
async fn everything_costs_no_quota_call_and_windows_gets_its_own() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "a.txt", "a");
    let bridge = Bridge::over(&cloud);
    bridge.propfind(DRIVE, "1").await;
    let answer = bridge.propfind(DRIVE, "1").await;
    assert_eq!(answer.calls, 0);
    let responses = multistatus(&answer.body);
    assert_eq!(responses[1].prop("D:quota-used-bytes"), None);
    assert_eq!(responses[1].prop("Z:Win32FileAttributes"), None);
    let agent = [
        ("depth", "1"),
        ("user-agent", "Microsoft-WebDAV-MiniRedir/10.0.19045"),
    ];
    let answer = bridge.send("PROPFIND", DRIVE, &agent, "").await;
    assert_eq!(
        multistatus(&answer.body)[1].prop("Z:Win32FileAttributes"),
        Some("00000021")
    );
}

#[tokio::test]
async fn ten_thousand_members_are_all_there() {
    let cloud = Reference::new(false);
    for number in 0..10_000 {
        cloud.put(&root(), &format!("file {number}.txt"), "x");
    }
    let bridge = Bridge::over(&cloud);
    let names = bridge.list(DRIVE).await.unwrap();
    assert_eq!(names.len(), 10_000);
    assert_eq!(names[9_999], "file 9999.txt");
}
