//! Any path, by each method that looks at one.
#![no_main]

#[allow(dead_code)]
mod common;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let path = format!("/{text}");
    for method in ["PROPFIND", "GET", "HEAD", "PROPPATCH", "PUT", "MKCOL"] {
        if let Some(answer) = common::send(method, &path, &[("depth", "1")], b"") {
            common::is_readable(&answer);
            let writing = matches!(method, "PUT" | "MKCOL");
            assert!(
                !(writing && answer.status.is_success()),
                "{method} {path}: {}",
                answer.status
            );
        }
    }
});
