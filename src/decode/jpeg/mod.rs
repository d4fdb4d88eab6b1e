//! JPEG, in colour, grey or four inks.

#[cfg(not(target_arch = "wasm32"))]
mod libjpeg;
#[cfg(any(target_arch = "wasm32", test))]
pub(super) mod portable;
mod scans;

use emofuse_core::{budget::MAX_PROFILE_BYTES, error::Result};
use image::metadata::Orientation;
use zune_jpeg::{
    JpegDecoder,
    errors::DecodeErrors,
    zune_core::{bytestream::ZCursor, options::DecoderOptions},
};

#[cfg(not(target_arch = "wasm32"))]
use self::libjpeg::pixels;
#[cfg(target_arch = "wasm32")]
use self::portable::pixels;
use super::{
    Decoded, Needs, checked,
    colour::{Channels, Conversion, as_written},
    damaged, pixels_of,
};

pub use self::scans::needs;

/// What a decoder made of a file, in the size that this decoder found.
pub struct Stored {
    pub width: u32,
    pub height: u32,
    pub pixels: Pixels,
}

/// Pixels as a file has them.
pub enum Pixels {
    /// Red, green, blue and an alpha of 255.
    Rgba(Vec<u8>),
    /// Cyan, magenta, yellow and black, where 255 is none of an ink. Adobe's programs write inks so, and browsers take all inks for those.
    Inks(Vec<u8>),
}

pub fn decode(encoded: &[u8]) -> Result<Decoded> {
    decode_by(encoded, pixels)
}

pub(super) fn decode_by(encoded: &[u8], pixels: fn(&[u8]) -> Result<Stored>) -> Result<Decoded> {
    needs(encoded)?;
    let header = Header::read(encoded)?;
    let Stored { width, height, pixels } = pixels(encoded)?;
    let (rgba, channels) = match pixels {
        Pixels::Rgba(rgba) => (rgba, header.channels),
        Pixels::Inks(mut inks) => {
            let (pixels, _) = inks.as_chunks_mut();
            pixels.iter_mut().for_each(from_inks);
            (inks, Channels::Inks)
        }
    };
    let profile = header.profile.as_deref();
    let profile = profile.filter(|profile| profile.len() <= MAX_PROFILE_BYTES);
    let conversion = profile.and_then(|profile| Conversion::from_icc(profile, channels, as_written));
    Ok(Decoded {
        pixels: pixels_of(width, height, rgba)?,
        conversion,
        orientation: header.orientation,
    })
}

/// What stands before the pixels.
struct Header {
    channels: Channels,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
}

impl Header {
    fn read(encoded: &[u8]) -> Result<Self> {
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(encoded), options());
        decoder.decode_headers().map_err(fault)?;
        let info = decoder.info().ok_or_else(|| damaged("there is no frame in it"))?;
        let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
        Ok(Self {
            channels: if info.components == 1 {
                Channels::Grey
            } else {
                Channels::Colour
            },
            orientation: orientation.unwrap_or(Orientation::NoTransforms),
            profile: decoder.icc_profile(),
        })
    }
}

/// Without limits to the sides, as [`checked`] limits the pixels.
fn options() -> DecoderOptions {
    DecoderOptions::default()
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
        .set_strict_mode(false)
}

fn fault(error: DecodeErrors) -> emofuse_core::Error {
    damaged(error.to_string())
}

/// The colours of inks as if they were pure, opaque.
fn from_inks(pixel: &mut [u8; 4]) {
    let [cyan, magenta, yellow, black] = *pixel;
    // Rounded down, as browsers have it.
    let [red, green, blue] = [cyan, magenta, yellow].map(|ink| (u16::from(ink) * u16::from(black) / 255) as u8);
    *pixel = [red, green, blue, u8::MAX];
}
