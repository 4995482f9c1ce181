//! Ids as X spells them.

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// A number in base 36.
pub(super) fn spell(mut number: u64) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(DIGITS[(number % 36) as usize]));
        number /= 36;
        if number == 0 {
            return letters.into_iter().rev().collect();
        }
    }
}

/// The number that is spelt so, and not otherwise.
pub(super) fn read(text: &str) -> Option<u64> {
    let number = u64::from_str_radix(text, 36).ok()?;
    (spell(number) == text).then_some(number)
}

/// The post behind an ad: a number of 64 bits.
pub(super) fn tweet(ad: u64) -> u64 {
    1_700_000_000_000_000_000 + ad * 1_048_577
}
