//! Numbers that follow from a seed.

use crate::content::{length, mix, size};

/// A row of numbers that look like chance.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(mix(seed))
    }

    /// A number below `most`.
    pub(crate) fn roll(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0) % most
    }

    /// One of several.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[length(self.roll(size(from.len())))]
    }
}
