//! Content hashes that clients send (fact sheet §3.6, §3.7).

use std::fmt::Write;

use sha2::Digest;

use crate::infomaniak::envelope::Failure;

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // writing to a string does not fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `xxh3` of bytes, 16 digits.
pub(crate) fn xxh3(bytes: &[u8]) -> String {
    format!("{:016x}", xxhash_rust::xxh3::xxh3_64(bytes))
}

/// Compares bytes with `algorithm:digits`. `md5` and `sha1` are taken on trust.
pub(crate) fn check(told: Option<&str>, bytes: &[u8]) -> Result<(), Failure> {
    let Some((algorithm, digits)) = told.and_then(|told| told.split_once(':')) else {
        return match told {
            None => Ok(()),
            Some(_) => Err(unknown()),
        };
    };
    let own = match algorithm {
        "md5" | "sha1" => return Ok(()),
        "sha256" => hexadecimal(&sha2::Sha256::digest(bytes)),
        "sha512" => hexadecimal(&sha2::Sha512::digest(bytes)),
        "xxh3" => xxh3(bytes),
        "xxh128" => format!("{:032x}", xxhash_rust::xxh3::xxh3_128(bytes)),
        "xxh32" => format!("{:08x}", xxhash_rust::xxh32::xxh32(bytes, 0)),
        "xxh64" => format!("{:016x}", xxhash_rust::xxh64::xxh64(bytes, 0)),
        _ => return Err(unknown()),
    };
    if own.eq_ignore_ascii_case(digits) {
        return Ok(());
    }
    Err(mismatch())
}

pub(crate) fn mismatch() -> Failure {
    Failure::new(400, "upload_error", "The hash does not match")
}

fn unknown() -> Failure {
    Failure::invalid("total_chunk_hash", "hash", "The hash format is invalid.")
}
