//! Windows bitmaps, with the profile that a header of version 5 may have.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, codecs::bmp::BmpDecoder, metadata::Orientation};

use super::{
    Decoded,
    colour::{Channels, Conversion},
    limits,
};
use crate::{error::Result, image::picture::check_size};

/// Where the header begins, from which the places in it are counted.
const HEADER: usize = 14;
/// Bytes of a header of version 5.
const VERSION_5: u32 = 124;
/// The colour space "there is a profile in this file": MBED, little-endian.
const EMBEDDED: u32 = 0x4D42_4544;

pub fn decode(encoded: &[u8]) -> Result<Decoded> {
    let mut decoder = BmpDecoder::new(Cursor::new(encoded))?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    decoder.set_limits(limits())?;
    Ok(Decoded {
        pixels: DynamicImage::from_decoder(decoder)?.into_rgba8(),
        conversion: profile(encoded).and_then(|profile| Conversion::from_icc(profile, Channels::Colour)),
        orientation: Orientation::NoTransforms,
    })
}

fn profile(encoded: &[u8]) -> Option<&[u8]> {
    let header = encoded.get(HEADER..)?;
    let field = |place: usize| Some(u32::from_le_bytes(*header.get(place..)?.first_chunk()?));
    if field(0)? != VERSION_5 || field(56)? != EMBEDDED {
        return None;
    }
    let start = usize::try_from(field(112)?).ok()?;
    let size = usize::try_from(field(116)?).ok()?;
    header.get(start..)?.get(..size)
}
