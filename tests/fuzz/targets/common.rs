//! A bridge over a tiny cloud in memory, kept between runs.

use std::sync::Arc;

use davbridge::domain::EntryId;
use support::bridge::{Answer, Bridge};
use support::reference::{ROOT, Reference};
use tokio::runtime::{Builder, Runtime};

#[allow(dead_code)]
#[path = "support/mod.rs"]
mod support;

/// Content of the file `f` on the drive.
pub const CONTENT: &[u8] = b"hello, fuzzer";
/// Where the drive is served.
pub const DRIVE: &str = support::bridge::DRIVE;

thread_local! {
    static HERE: (Runtime, Bridge) = here();
}

fn here() -> (Runtime, Bridge) {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be made");
    let bridge = runtime.block_on(async {
        let cloud: Arc<Reference> = Reference::new(false);
        let root = EntryId::new(ROOT);
        cloud.put(&root, "f", CONTENT);
        let folder = cloud.make_folder(&root, "folder & <more>");
        cloud.put(&folder, "ü%\u{1f600}", "");
        Bridge::over(&cloud)
    });
    (runtime, bridge)
}

/// Sends a request; `None` where it is none that a server would ever see.
pub fn send(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
    path.parse::<http::Uri>().ok()?;
    for (_, value) in headers {
        http::HeaderValue::from_str(value).ok()?;
    }
    HERE.with(|(runtime, bridge)| {
        let answer = runtime.block_on(bridge.send(method, path, headers, body.to_vec()));
        assert!(!answer.status.is_server_error(), "{}", answer.status);
        assert!(!answer.broken, "the body broke off");
        Some(answer)
    })
}

/// A multistatus must be XML that can be read, with at least one response.
pub fn is_readable(answer: &Answer) {
    if answer.status == 207 {
        assert!(!support::xml::multistatus(&answer.body).is_empty());
    }
}
