//! Windows bitmaps, with the profile that a header of version 5 may have.

use std::{borrow::Cow, io::Cursor};

use emofuse_core::error::Result;
use image::{ImageDecoder, codecs::bmp::BmpDecoder, metadata::Orientation};

use super::{
    Decoded, Needs, checked,
    colour::{Channels, Conversion, well_known},
    fault, limits, pixels_by,
};

/// Where the header begins, from which the places in it are counted.
const HEADER: usize = 14;
/// Bytes of a header of version 5.
const VERSION_5: u32 = 124;
/// The colour space "there is a profile in this file": MBED, little-endian.
const EMBEDDED: u32 = 0x4D42_4544;

pub fn needs(encoded: &[u8]) -> Result<Needs> {
    let encoded = without_os2(encoded);
    needs_of(&BmpDecoder::new(Cursor::new(&encoded[..])).map_err(fault)?)
}

fn needs_of(decoder: &BmpDecoder<Cursor<&[u8]>>) -> Result<Needs> {
    let (width, height) = decoder.dimensions();
    checked(width, height, 0)
}

pub fn decode(encoded: &[u8]) -> Result<Decoded> {
    let encoded = without_os2(encoded);
    let mut decoder = BmpDecoder::new(Cursor::new(&encoded[..])).map_err(fault)?;
    needs_of(&decoder)?;
    decoder.set_limits(limits()).map_err(fault)?;
    Ok(Decoded {
        pixels: pixels_by(decoder)?,
        conversion: profile(&encoded).and_then(|profile| Conversion::from_icc(profile, Channels::Colour, well_known)),
        orientation: Orientation::NoTransforms,
    })
}

/// A file whose header is OS/2's second, with the header of Windows that it begins with.
fn without_os2(encoded: &[u8]) -> Cow<'_, [u8]> {
    const WINDOWS: usize = 40;
    const OS2: usize = 64;
    let number = |place: usize| {
        encoded
            .get(place..)
            .and_then(<[u8]>::first_chunk)
            .map(|bytes| u32::from_le_bytes(*bytes))
    };
    // The compressions after these two are others there.
    let (Some(size), Some(0..=2), Some(start)) = (number(HEADER), number(HEADER + 16), number(10)) else {
        return Cow::Borrowed(encoded);
    };
    if size as usize != OS2 || encoded.len() < HEADER + OS2 {
        return Cow::Borrowed(encoded);
    }
    let start = start.saturating_sub((OS2 - WINDOWS) as u32);
    let file = [&encoded[..10], &start.to_le_bytes(), &(WINDOWS as u32).to_le_bytes()].concat();
    let header = &encoded[HEADER + 4..HEADER + WINDOWS];
    Cow::Owned([&file, header, &encoded[HEADER + OS2..]].concat())
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
