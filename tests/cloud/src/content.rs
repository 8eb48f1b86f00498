//! The bytes of sample files: a pure function of file id, version and offset, never stored.
//!
//! A file is one block of pseudo-random bytes, repeated, and the first eight bytes of each
//! sector are the sector's number: copying is nearly all the work, any range is cheap, and bytes
//! from a wrong place never look right.

use std::sync::Arc;

/// Length of the repeated block, bytes.
const BLOCK: usize = 64 * 1024;
/// Length of a sector, bytes.
const SECTOR: u64 = 512;
/// Length of the number at the start of a sector, bytes.
const STAMP: u64 = 8;

/// The bytes of version `version` of generated file `file`, from `offset`, `length` of them.
///
/// Shows what any download of a sample file must have given.
pub fn generated(file: u64, version: u32, offset: u64, length: usize) -> Vec<u8> {
    Pattern::new(file, version).bytes(offset, length)
}

/// The repeated block of one version of a file.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    block: Arc<[u8]>,
}

impl Pattern {
    pub(crate) fn new(file: u64, version: u32) -> Pattern {
        let mut state = mix(file ^ (u64::from(version) << 48) ^ 0x6b64_7269_7665);
        let mut block = vec![0; BLOCK];
        for word in block.chunks_exact_mut(8) {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            word.copy_from_slice(&mix(state).to_le_bytes());
        }
        Pattern {
            block: block.into(),
        }
    }

    /// `length` bytes at `offset`.
    pub(crate) fn bytes(&self, offset: u64, length: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(length);
        while out.len() < length {
            let start = place(offset + size(out.len()));
            let part = (BLOCK - start).min(length - out.len());
            out.extend_from_slice(&self.block[start..start + part]);
        }
        stamp(offset, &mut out);
        out
    }
}

/// Overwrites the first bytes of each sector that `out` covers with the sector's number.
fn stamp(offset: u64, out: &mut [u8]) {
    let end = offset + size(out.len());
    for sector in offset / SECTOR..end.div_ceil(SECTOR) {
        let number = sector.to_be_bytes();
        let at = sector * SECTOR;
        // the part of the number that lies within
        let first = offset.saturating_sub(at).min(STAMP);
        let last = end.saturating_sub(at).min(STAMP);
        if first < last {
            let place = length(at + first - offset)..length(at + last - offset);
            out[place].copy_from_slice(&number[length(first)..length(last)]);
        }
    }
}

/// Where `offset` falls in the block.
fn place(offset: u64) -> usize {
    length(offset % size(BLOCK))
}

/// A length of memory as a file size.
pub(crate) fn size(length: usize) -> u64 {
    u64::try_from(length).expect("memory is smaller than 2^64 bytes")
}

/// A part of a file as a length of memory.
pub(crate) fn length(size: u64) -> usize {
    usize::try_from(size).expect("parts of files fit in memory")
}

/// Scrambles the bits of a number (the finaliser of SplitMix64).
pub(crate) fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_range_equals_the_same_part_of_the_whole() {
        let whole = generated(7, 1, 0, 200_000);
        for (offset, len) in [(0, 1), (511, 3), (65_530, 20), (131_072, 700), (3, 190_000)] {
            let part = generated(7, 1, offset, len);
            let start = length(offset);
            assert_eq!(part, whole[start..start + len], "{offset}+{len}");
        }
    }

    #[test]
    fn versions_files_and_places_differ() {
        let at = |file, version, offset| generated(file, version, offset, 600);
        assert_ne!(at(7, 1, 0), at(7, 2, 0));
        assert_ne!(at(7, 1, 0), at(8, 1, 0));
        assert_ne!(at(7, 1, 0), at(7, 1, 65_536));
        assert_ne!(at(7, 1, 0), at(7, 1, 5 << 30));
    }
}
