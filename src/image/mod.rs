//! Pictures: encoded bytes or RGBA pixels → normalised planes.
//!
//! The same code runs natively and in the browser, so that both see the same numbers. Only decoding differs: natively
//! it is [`Picture::decode`], in the browser it is the browser's own decoder.

#[cfg(not(target_arch = "wasm32"))]
mod decode;
mod picture;
mod preprocessing;
mod resize;
mod test_card;

pub use picture::{MAX_BYTES, MAX_PIXELS, Picture};
pub use preprocessing::{ChannelOrder, Preprocessing};
pub use test_card::test_card;
