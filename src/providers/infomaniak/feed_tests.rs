//! From actions to changes.

use serde_json::json;

use super::*;
use crate::domain::EntryId;

fn told(actions: &Value) -> Vec<Change> {
    let mut found = Found::default();
    actions
        .as_array()
        .expect("a list")
        .iter()
        .for_each(|action| found.action(action));
    found.up_to("c".to_owned()).changes
}

fn id(id: u64) -> EntryId {
    entry_id(id)
}

#[test]
fn an_action_is_about_its_file_and_its_folder() {
    for action in [
        "file_create",
        "file_rename",
        "file_move_out",
        "file_trash",
        "brand_new",
    ] {
        let told = told(&json!([{"action": action, "file_id": 20, "parent_id": 7}]));
        assert_eq!(
            told,
            [Change::Entry(id(20)), Change::Children(id(7))],
            "{action}"
        );
    }
}

#[test]
fn the_root_stands_for_private_too() {
    let told = told(&json!([{"action": "file_create", "file_id": 20, "parent_id": 1}]));
    assert_eq!(
        told,
        [Change::Entry(id(20)), Change::ChildrenTwoDeep(id(1))]
    );
}

#[test]
fn changes_are_told_once() {
    let told = told(&json!([
        {"action": "file_move_out", "file_id": 20, "parent_id": 7},
        {"action": "file_move", "file_id": 20, "parent_id": 8},
        {"action": "file_update", "file_id": 20, "parent_id": 8},
    ]));
    let expected = [
        Change::Entry(id(20)),
        Change::Children(id(7)),
        Change::Children(id(8)),
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_changes_no_listing_is_left_out() {
    for action in [
        "file_access",
        "share_link_create",
        "comment_create",
        "collaborative_folder_create",
    ] {
        let told = told(&json!([{"action": action, "file_id": 20, "parent_id": 7}]));
        assert!(told.is_empty(), "{action}");
    }
}

#[test]
fn rights_and_damaged_records_mean_everything() {
    for action in [
        json!({"action": "acl_remove", "file_id": 20, "parent_id": 7}),
        json!({"action": "file_create", "parent_id": 7}),
        json!({"action": "file_create", "file_id": 20}),
        json!({"file_id": 20, "parent_id": 7}),
        json!(null),
    ] {
        let mixed = json!([{"action": "file_create", "file_id": 1, "parent_id": 2}, action]);
        assert_eq!(told(&mixed), [Change::Everything], "{mixed}");
    }
}
