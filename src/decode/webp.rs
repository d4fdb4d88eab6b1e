//! WebP: of an animation the first frame, on its canvas. Browsers heed neither its EXIF orientation nor the profile of an animation.

use std::io::Cursor;

use emofuse_core::{error::Result, image::check_size};
use image::{DynamicImage, ImageDecoder, RgbaImage, codecs::webp::WebPDecoder, metadata::Orientation};

use super::{
    Decoded,
    colour::{Channels, Conversion, well_known},
    damaged, fault, limits, on_canvas,
};

/// Bytes of a chunk's name and size.
const HEADER: usize = 8;
/// Bytes of a frame's place, size, duration and flags.
const FRAME: usize = 16;
/// In the chunk VP8X: there is an alpha.
const ALPHA: u8 = 0x10;

pub fn decode(encoded: &[u8]) -> Result<Decoded> {
    let size = encoded
        .get(4..)
        .and_then(<[u8]>::first_chunk)
        .map(|size| u32::from_le_bytes(*size));
    if size.is_none_or(|size| (encoded.len() - HEADER) < size as usize) {
        return Err(damaged("its file is cut off"));
    }
    let mut decoder = WebPDecoder::new(Cursor::new(encoded)).map_err(fault)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    if decoder.has_animation() {
        let frame = Frame::first(encoded).ok_or_else(|| damaged("there is no frame in it"))?;
        let pixels = pixels(WebPDecoder::new(Cursor::new(frame.file())).map_err(fault)?)?;
        return Ok(Decoded::plain(on_canvas(width, height, pixels, frame.left, frame.top)));
    }
    let profile = decoder.icc_profile().map_err(fault)?;
    Ok(Decoded {
        pixels: pixels(decoder)?,
        conversion: profile.and_then(|profile| Conversion::from_icc(&profile, Channels::Colour, well_known)),
        orientation: Orientation::NoTransforms,
    })
}

fn pixels(mut decoder: WebPDecoder<Cursor<impl AsRef<[u8]>>>) -> Result<RgbaImage> {
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    decoder.set_limits(limits()).map_err(fault)?;
    Ok(DynamicImage::from_decoder(decoder).map_err(fault)?.into_rgba8())
}

/// A frame of an animation.
struct Frame<'a> {
    left: u32,
    top: u32,
    /// Width and height, each less one, in 24 bits.
    size: &'a [u8],
    /// The chunks of its image.
    chunks: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The first frame of a file.
    fn first(encoded: &'a [u8]) -> Option<Self> {
        let mut rest = encoded.get(HEADER + 4..)?;
        loop {
            let size = usize::try_from(u32::from_le_bytes(*rest.get(4..)?.first_chunk()?)).ok()?;
            let content = rest.get(HEADER..)?.get(..size)?;
            if rest.starts_with(b"ANMF") {
                let number =
                    |place: usize| Some(u32::from_le_bytes(*content.get(place..)?.first_chunk()?) & 0x00FF_FFFF);
                return Some(Self {
                    left: number(0)? * 2,
                    top: number(3)? * 2,
                    size: content.get(6..12)?,
                    chunks: content.get(FRAME..)?,
                });
            }
            rest = rest.get(HEADER + size.next_multiple_of(2)..)?;
        }
    }

    /// A file of this image alone.
    fn file(&self) -> Vec<u8> {
        let header = [b"VP8X\x0A\0\0\0", &[ALPHA, 0, 0, 0][..], self.size].concat();
        let header: &[u8] = if self.chunks.starts_with(b"ALPH") { &header } else { &[] };
        let size = (4 + header.len() + self.chunks.len()) as u32;
        [b"RIFF", &size.to_le_bytes()[..], b"WEBP", header, self.chunks].concat()
    }
}
