//! Reading envelopes.

use serde_json::json;

use super::super::refusal::Reason;
use super::*;

fn read(status: u16, body: &str) -> Result<Envelope, Failure> {
    Envelope::read(&Answer::plain(status, body))
}

fn refused(status: u16, body: &str) -> (Reason, Kind) {
    let Err(failure) = read(status, body) else {
        panic!("no refusal: {status} {body}")
    };
    (failure.refusal.reason, failure.refusal.error.kind())
}

#[test]
fn success_is_told_by_result_and_status() {
    let root = include_str!("../../../fixtures/infomaniak/root.json");
    let envelope = read(200, root).ok().expect("success");
    assert_eq!(envelope.list().expect("a list").len(), 3);
    assert_eq!(envelope.next().expect("an end"), None);
    assert_eq!(refused(404, root).1, Kind::Broken);
    assert_eq!(refused(500, root).1, Kind::Down);
    for no_success in [
        "{}",
        "[]",
        "7",
        "{\"result\":\"asynchronous\",\"data\":1}",
        "{\"data\":[]}",
        "{\"result\":\"success\"}",
        "{\"result\":true,\"data\":[]}",
    ] {
        assert_eq!(
            refused(200, no_success),
            (Reason::Other, Kind::Broken),
            "{no_success}"
        );
    }
}

#[test]
fn errors_are_found_in_every_form() {
    let outer = include_str!("../../../fixtures/infomaniak/validation_failed.json");
    assert_eq!(refused(422, outer).1, Kind::Invalid);
    assert_eq!(refused(200, outer).1, Kind::Invalid);
    let bare = r#"{"code":"object_not_found","description":"x","context":{"model":"Drive"}}"#;
    assert_eq!(refused(404, bare).1, Kind::NotFound);
    let nested = r#"{"result":"error","error":{"code":"denied","errors":[{"code":"all_scopes"}]}}"#;
    assert_eq!(refused(403, nested).0, Reason::ScopeMissing);
    assert_eq!(refused(200, r#"{"result":"error"}"#).1, Kind::Broken);
    assert_eq!(
        refused(404, r#"{"result":"error","error":"object_not_found"}"#).1,
        Kind::Broken
    );
    assert_eq!(refused(404, r#"{"message":"no route"}"#).1, Kind::Broken);
    assert_eq!(
        refused(401, r#"{"message":"Unauthenticated."}"#).0,
        Reason::NotAccepted
    );
}

#[test]
fn one_deep_record_spoils_no_other() {
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let body =
        format!(r#"{{"result":"success","data":[{{"id":1}},{{"id":2,"x":{deep}}},{{"id":3}}]}}"#);
    let list = read(200, &body)
        .ok()
        .expect("success")
        .list()
        .expect("a list");
    assert_eq!(list, [json!({"id": 1}), Value::Null, json!({"id": 3})]);
}

#[test]
fn the_end_of_a_list_is_certain() {
    let page = |value: Value| next(value.as_object().expect("a page"));
    let next = |value| page(value).expect("sound");
    assert_eq!(
        next(json!({"cursor": "a", "has_more": true})),
        Some("a".to_owned())
    );
    assert_eq!(next(json!({"cursor": "a"})), Some("a".to_owned()));
    assert_eq!(next(json!({"cursor": "a", "has_more": false})), None);
    assert_eq!(next(json!({"cursor": null, "has_more": false})), None);
    assert_eq!(next(json!({"cursor": ""})), None);
    for wrong in [
        json!({"has_more": true}),
        json!({"cursor": "", "has_more": true}),
    ] {
        assert_eq!(page(wrong).expect_err("an error").kind(), Kind::Broken);
    }
}

#[test]
fn ids_are_positive() {
    let record = json!({"a": 7, "b": "8", "c": 0, "d": -1, "e": 1.5, "f": "x", "g": null});
    let record = record.as_object().expect("a record");
    let read = |name| id(record, name);
    assert_eq!((read("a"), read("b")), (Some(7), Some(8)));
    for name in ["c", "d", "e", "f", "g", "h"] {
        assert_eq!(read(name), None, "{name}");
    }
}

#[test]
fn half_pairs_spoil_no_record() {
    let body =
        r#"{"result":"success","data":[{"id":1,"name":"a\ud83d"},{"id":2,"name":"\ud83d\ude00"}]}"#;
    let envelope = read(200, body).ok().expect("success");
    let names = [
        json!({"id": 1, "name": "a\u{FFFD}"}),
        json!({"id": 2, "name": "😀"}),
    ];
    assert_eq!(envelope.list().expect("a list"), names);
    let rows = envelope.rows(&[]).expect("a list");
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| row.expect("sound").into())
        .collect();
    assert_eq!(rows, names);
    let one = r#"{"result":"success","data":{"id":1,"name":"\ude00x"}}"#;
    let one = read(200, one).ok().expect("success").object();
    assert_eq!(text(&one.expect("an object"), "name"), Some("\u{FFFD}x"));
}

#[test]
fn rows_are_the_data_or_a_field_of_it() {
    let rows = |data: Value| {
        let body = json!({"result": "success", "data": data}).to_string();
        let envelope = read(200, &body).ok().expect("success");
        envelope.rows(&["events", "items"]).map(|rows| rows.len())
    };
    assert_eq!(rows(json!([{}, {}])).expect("a list"), 2);
    assert_eq!(
        rows(json!({"events": [{}], "total": 7})).expect("a list"),
        1
    );
    assert_eq!(rows(json!({"items": []})).expect("a list"), 0);
    for none in [
        json!(null),
        json!({}),
        json!("x"),
        json!({"events": null}),
        json!({"other": []}),
    ] {
        assert_eq!(rows(none).expect_err("no list").kind(), Kind::Broken);
    }
}

#[test]
fn a_damaged_row_keeps_its_id() {
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let body = format!(
        r#"{{"result":"success","data":[{{"id":7,"x":{deep}}},{{"id":"s-8","x":1e999}},{{"x":1e999}},null,"text",{{"id":9}}]}}"#
    );
    let rows = read(200, &body)
        .ok()
        .expect("success")
        .rows(&[])
        .expect("a list");
    let ids: Vec<_> = rows
        .into_iter()
        .map(|row| row.map(drop).map_err(|bad| bad.id))
        .collect();
    let id = |id: &str| Err(Some(id.to_owned()));
    assert_eq!(
        ids,
        [id("7"), id("s-8"), Err(None), Err(None), Err(None), Ok(())]
    );
}

#[test]
fn keys_are_numbers_or_texts() {
    let key =
        |value: Value| super::key(json!({ "id": value }).as_object().expect("a record"), "id");
    assert_eq!(key(json!(7)).as_deref(), Some("7"));
    assert_eq!(key(json!(" 7 ")).as_deref(), Some("7"));
    assert_eq!(key(json!("a/b@c")).as_deref(), Some("a/b@c"));
    let long = "x".repeat(201);
    for none in [
        json!(0),
        json!(-7),
        json!(1.5),
        json!(""),
        json!("a\nb"),
        json!(long),
        json!(null),
        json!([7]),
    ] {
        assert_eq!(key(none.clone()), None, "{none}");
    }
    assert_eq!(segment("a-1_B").expect("plain"), "a-1_B");
    for bad in ["", ".", "..", "a/b", "a?b", "a b", "é", "%2e"] {
        assert_eq!(segment(bad).expect_err(bad).kind(), Kind::Broken);
    }
}
