//! What may be done with an object.

use serde_json::json;

use super::node::{Node, Special};
use super::tree::{Drive, Place, SHARED};

/// Why nothing may be put into a folder, if so.
pub(crate) fn closed(drive: &Drive, folder: &Node) -> bool {
    let place = drive.place(folder.id);
    matches!(folder.special, Special::Root | Special::Shared) || place.read_only
}

/// Why an object may not be changed, if so.
pub(crate) fn fixed(drive: &Drive, node: &Node) -> bool {
    node.special != Special::No || node.id <= SHARED || drive.place(node.id).read_only
}

/// The object `capabilities` of an object that lies in `above`.
pub(crate) fn capabilities(node: &Node, above: &Place) -> serde_json::Value {
    let own = node.special == Special::No;
    let write = own && !above.read_only && !node.read_only;
    let inside = write || matches!(node.special, Special::Private | Special::Team);
    let mut value = json!({
        "can_show": true, "can_read": true, "can_write": inside && node.special != Special::Root,
        "can_share": write, "can_leave": false, "can_delete": write, "can_rename": write,
        "can_move": write, "can_use_favorite": own, "can_use_team": write,
        "can_become_sharelink": write,
    });
    if node.is_folder() {
        let inside = inside && node.special != Special::Root;
        let names = [
            "can_create_directory",
            "can_create_file",
            "can_upload",
            "can_move_into",
        ];
        for name in names {
            value[name] = json!(inside);
        }
        value["can_become_dropbox"] = json!(write);
    }
    value
}
