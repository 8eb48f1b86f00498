//! The bytes of sample files: a pure function of file id, version and offset, never stored.
//!
//! A file is one block of pseudo-random bytes, repeated, and the first eight bytes of each
//! sector are the sector's number: copying is nearly all the work, any range is cheap, and bytes
//! from a wrong place never look right.

use std::sync::Arc;

use bytes::Bytes;

/// Length of the repeated block, bytes.
const BLOCK: usize = 64 * 1024;
/// Length of a sector, bytes.
const SECTOR: u64 = 512;
/// Length of the number at the start of a sector, bytes.
const STAMP: usize = 8;

/// The bytes of version `version` of generated file `file`, from `offset`, `length` of them.
///
/// Shows what any download of a sample file must have given.
pub fn generated(file: u64, version: u32, offset: u64, length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    Pattern::new(file, version).fill(offset, &mut out);
    out
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

    /// Writes the bytes at `offset` into `out`.
    pub(crate) fn fill(&self, offset: u64, out: &mut [u8]) {
        let mut done = 0;
        while done < out.len() {
            let start = place(offset + size(done));
            let part = (BLOCK - start).min(out.len() - done);
            out[done..done + part].copy_from_slice(&self.block[start..start + part]);
            done += part;
        }
        stamp(offset, out);
    }

    /// `length` bytes at `offset`.
    pub(crate) fn bytes(&self, offset: u64, length: usize) -> Bytes {
        let mut out = vec![0; length];
        self.fill(offset, &mut out);
        out.into()
    }
}

/// Overwrites the first bytes of each sector that `out` covers with the sector's number.
fn stamp(offset: u64, out: &mut [u8]) {
    let end = offset + size(out.len());
    let mut sector = offset / SECTOR;
    while sector * SECTOR < end {
        for (index, byte) in sector.to_be_bytes().iter().enumerate() {
            let at = sector * SECTOR + size(index);
            if (offset..end).contains(&at) {
                out[length(at - offset)] = *byte;
            }
        }
        sector += 1;
    }
}

const _: () = assert!(STAMP == size_of::<u64>());

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
