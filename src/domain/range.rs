//! Byte ranges of file content.

/// A range of bytes inside a file of known size: `first..=last`, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    first: u64,
    last: u64,
}

impl ByteRange {
    /// The range `first..=last`; `None` when `last < first`.
    #[must_use]
    pub fn new(first: u64, last: u64) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// Offset of the first byte.
    #[must_use]
    pub fn first(self) -> u64 {
        self.first
    }

    /// Offset of the last byte.
    #[must_use]
    pub fn last(self) -> u64 {
        self.last
    }

    /// Number of bytes; `u64::MAX` for the full span of `u64`.
    #[must_use]
    pub fn count(self) -> u64 {
        (self.last - self.first).saturating_add(1)
    }
}
