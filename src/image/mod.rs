//! Pictures: encoded bytes or RGBA pixels → normalised planes.
//!
//! The same code runs natively and in the browser, so that both see the same numbers. Only decoding differs: natively,
//! and for hosts without decoders of their own, it is [`Picture::decode`]; in the browser it is the browser's decoder,
//! to whose pixels that one is held.

#[cfg(feature = "engine")]
mod area;
#[cfg(any(not(target_arch = "wasm32"), feature = "decoder"))]
mod decode;
mod picture;
#[cfg(feature = "engine")]
mod preprocessing;
#[cfg(feature = "engine")]
mod resize;
#[cfg(feature = "engine")]
mod test_card;

#[cfg(feature = "engine")]
pub use area::Area;
pub use picture::{MAX_BYTES, MAX_PIXELS, Picture};
#[cfg(feature = "engine")]
pub use preprocessing::{ChannelOrder, Preprocessing};
#[cfg(feature = "engine")]
pub use test_card::test_card;
