//! Names that clients and servers get wrong.

use super::BORN;
use crate::infomaniak::drive::tree::{Drive, PRIVATE};

/// Legal names of all sorts.
const NAMES: &[&str] = &[
    "with space.txt",
    "hash # sign.txt",
    "100% sure.txt",
    "percent %41 %2F.txt",
    "why?.txt",
    "this & that.txt",
    "one + one.txt",
    "semi;colon.txt",
    "[brackets].txt",
    "quote \" double.txt",
    "quote ' single.txt",
    "<angle>.txt",
    "back\\slash.txt",
    "colon:name.txt",
    "emoji 🦀🇨🇭👩‍👩‍👧.txt",
    "日本語.txt",
    // the same text composed and decomposed
    "caf\u{e9}.txt",
    "cafe\u{301}.txt",
    "Case.txt",
    "case.txt",
    "CASE.txt",
    "trailing dot.",
    "trailing space ",
    " leading space.txt",
    "...",
    "~tilde.txt",
    "CON",
];

/// The folder `Odd names`.
pub(super) fn add(drive: &mut Drive) {
    let folder = drive.add_folder(PRIVATE, "Odd names", BORN);
    for (index, name) in NAMES.iter().enumerate() {
        drive.add_generated(folder, name, 100 + crate::content::size(index), BORN);
    }
    drive.add_generated(folder, &format!("{}.txt", "a".repeat(251)), 255, BORN);
    drive.add_generated(folder, &format!("{}abc", "🦀".repeat(63)), 255, BORN);
    drive.add_generated(folder, "empty.txt", 0, BORN);
    drive.add_folder(folder, "Empty folder", BORN);
    let inner = drive.add_folder(folder, "Folder with # and %20 and ü", BORN);
    drive.add_generated(inner, "inside?.txt", 64, BORN);
}

/// The folder `Hostile`: what no client could have uploaded.
pub(super) fn add_hostile(drive: &mut Drive) {
    let folder = drive.add_folder(PRIVATE, "Hostile", BORN);
    let names = [
        "line\r\nX-Injected: yes.txt",
        "control \u{1}\u{7}\u{1b}[31m.txt",
        "end ]]> of cdata.txt",
        "<script>alert(1)</script>.txt",
        "nul \0 byte.txt",
        "slash / inside.txt",
        "..",
        ".",
        "right \u{202e}txt.exe",
        "noncharacter \u{ffff}.txt",
        "",
    ];
    for name in names {
        drive.add_generated(folder, name, 10, BORN);
    }
    let kinds = [
        ("mime.txt", "text/plain\r\nX-Injected: yes", "plain"),
        ("mime quotes.txt", "text/html\"; charset=\"<\"", "plain"),
        ("etag lines.txt", "text/plain", "a\r\nX-Injected: yes"),
        ("etag quotes.txt", "text/plain", "a\"b\"<c>"),
        ("etag only quote.txt", "text/plain", "\""),
        ("etag empty.txt", "text/plain", ""),
        ("etag foreign.txt", "text/plain", "é\u{1f980}"),
    ];
    for (name, mime, etag) in kinds {
        let id = drive.add_generated(folder, name, 10, BORN);
        let node = drive.nodes.get_mut(&id);
        if let Some(file) = node.and_then(|node| node.file_mut()) {
            file.mime = Some(mime.to_owned());
            file.etag = Some(etag.to_owned());
        }
    }
}
