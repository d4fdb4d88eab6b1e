//! Small files that claim, or unpack to, much. Each is made anew, so that none is stored.

pub mod image;
pub mod metadata;
pub mod profile;
pub mod table;

/// What a file is called, and how it is made.
pub type Named = (&'static str, fn() -> Vec<u8>);

/// The bits of a stream, from the lowest bit of each byte (WebP) or from the highest (JPEG).
#[derive(Default)]
pub struct Bits {
    bits: Vec<bool>,
}

impl Bits {
    /// Appends a number's lowest bits, the lowest first.
    pub fn low_first(&mut self, value: u32, count: u32) -> &mut Self {
        self.bits.extend((0..count).map(|bit| value >> bit & 1 == 1));
        self
    }

    /// Appends a number's lowest bits, the highest first.
    pub fn high_first(&mut self, value: u32, count: u32) -> &mut Self {
        self.bits.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
        self
    }

    /// Bytes that are filled from their lowest bit.
    #[must_use]
    pub fn from_low(&self) -> Vec<u8> {
        let byte = |bits: &[bool]| (0..8).fold(0, |byte, bit| byte | u8::from(bits.get(bit) == Some(&true)) << bit);
        self.bits.chunks(8).map(byte).collect()
    }

    /// Bytes that are filled from their highest bit, with ones at the end.
    #[must_use]
    pub fn from_high(&self) -> Vec<u8> {
        let byte = |bits: &[bool]| (0..8).fold(0, |byte, bit| byte << 1 | u8::from(bits.get(bit) != Some(&false)));
        self.bits.chunks(8).map(byte).collect()
    }
}
