//! Any conditions and ranges of a GET: one header a line, the first byte of each line its name.
#![no_main]

#[allow(dead_code)]
mod common;

use common::CONTENT;

const NAMES: [&str; 6] = [
    "range",
    "if-match",
    "if-none-match",
    "if-range",
    "if-modified-since",
    "if-unmodified-since",
];

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut headers = Vec::new();
    for line in text.split('\n').take(12) {
        let mut letters = line.chars();
        let Some(first) = letters.next() else {
            continue;
        };
        let name = NAMES[first as usize % NAMES.len()];
        headers.push((name, letters.as_str()));
    }
    let path = format!("{}/f", common::DRIVE);
    for method in ["GET", "HEAD"] {
        let Some(answer) = common::send(method, &path, &headers, b"") else {
            return;
        };
        match answer.status.as_u16() {
            200 if method == "GET" => assert_eq!(&answer.body[..], CONTENT),
            206 if method == "GET" => {
                let told = answer.header("content-range");
                let range = told
                    .strip_prefix("bytes ")
                    .and_then(|told| told.split_once('/'));
                let (range, size) = range.expect("a Content-Range of bytes");
                let (first, last) = range.split_once('-').expect("first and last");
                let place = |text: &str| text.parse::<usize>().expect("a number");
                assert_eq!(place(size), CONTENT.len());
                assert_eq!(&answer.body[..], &CONTENT[place(first)..=place(last)]);
            }
            200 | 206 | 304 | 400 | 412 | 416 => {}
            other => panic!("{method}: {other}"),
        }
    }
});
