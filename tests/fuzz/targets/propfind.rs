//! Any bytes as the body of a PROPFIND on a folder: the first byte chooses depth and preference.
#![no_main]

#[allow(dead_code)]
mod common;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((choice, body)) = data.split_first() else {
        return;
    };
    let depth = ["0", "1", "infinity", "1,noroot"][usize::from(choice & 3)];
    let prefer = ["", "return=minimal"][usize::from(choice >> 2 & 1)];
    let headers = [("depth", depth), ("prefer", prefer)];
    if let Some(answer) = common::send("PROPFIND", common::DRIVE, &headers, body) {
        common::is_readable(&answer);
    }
});
