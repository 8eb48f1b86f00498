//! Any bytes as the body of a REPORT: the first byte chooses calendar or address book, and
//! preference.
#![no_main]

#[allow(dead_code)]
mod common;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((choice, body)) = data.split_first() else {
        return;
    };
    let prefer = ["", "return=minimal"][usize::from(choice >> 1 & 1)];
    let headers = [("depth", "1"), ("prefer", prefer)];
    let answer = common::report(choice & 1 == 0, &headers, body);
    if answer.status == 207 {
        common::is_xml(&answer);
    }
});
