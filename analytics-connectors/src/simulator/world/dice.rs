//! Random numbers without state: each is a pure function of the seed and of what it is about.

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finalizer of splitmix64: every input bit moves every output bit.
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A random number that is named rather than drawn: the same names give the same number, in any
/// order and on any thread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The root of a world.
    pub(crate) fn new(seed: u64) -> Self {
        Self(mix(seed.wrapping_add(GOLDEN)))
    }

    /// The numbers about `topic`.
    pub(crate) fn of(self, topic: &str) -> Self {
        let name = topic
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        self.at(name)
    }

    /// The `n`th of them.
    pub(crate) fn at(self, n: u64) -> Self {
        Self(mix(self.0 ^ n.wrapping_add(1).wrapping_mul(GOLDEN)))
    }

    /// 64 random bits.
    pub(crate) fn bits(self) -> u64 {
        mix(self.0 ^ GOLDEN)
    }

    /// From 0 up to, but not including, 1.
    pub(crate) fn unit(self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number from 0 up to, but not including, `n`.
    pub(crate) fn below(self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// Between two bounds.
    pub(crate) fn between(self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number of days from `low` to `high`.
    pub(crate) fn days(self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).unsigned_abs()).cast_signed()
    }

    /// True with this probability.
    pub(crate) fn chance(self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of `items`, which must not be empty.
    pub(crate) fn pick<T>(self, items: &[T]) -> &T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// A whole number whose expectation is `value`: rounded up with the probability of its fraction.
    pub(crate) fn round(self, value: f64) -> i64 {
        (value + self.unit()).floor().max(0.0) as i64
    }
}
