//! WebP: of an animation the first frame, on its canvas. Browsers heed neither its EXIF orientation nor the profile of an animation.

use std::io::Cursor;

use emofuse_core::{budget::MAX_PROFILE_BYTES, error::Result};
use image::{ImageDecoder, RgbaImage, codecs::webp::WebPDecoder, metadata::Orientation};

use super::{
    CHANNELS, Decoded, Needs, checked,
    colour::{Channels, Conversion, well_known},
    damaged, fault, limits, on_canvas, pixels_by,
};

/// Bytes of a chunk's name and size.
const HEADER: usize = 8;
/// Bytes of a frame's place, size, duration and flags.
const FRAME: usize = 16;
/// In the chunk VP8X: there is an alpha.
const ALPHA: u8 = 0x10;
/// In the chunk VP8L, behind a mark and two sides: there is an alpha.
const LOSSLESS_ALPHA: (usize, u8) = (4, 0x10);

pub fn needs(encoded: &[u8]) -> Result<Needs> {
    Ok(begin(encoded)?.1)
}

fn begin(encoded: &[u8]) -> Result<(WebPDecoder<Cursor<&[u8]>>, Needs)> {
    let size = encoded
        .get(4..)
        .and_then(<[u8]>::first_chunk)
        .map(|size| u32::from_le_bytes(*size));
    if size.is_none_or(|size| (encoded.len() - HEADER) < size as usize) {
        return Err(damaged("its file is cut off"));
    }
    let decoder = WebPDecoder::new(Cursor::new(encoded)).map_err(fault)?;
    let (width, height) = decoder.dimensions();
    checked(width, height, 0)?;
    let frame = decoder.has_animation().then(|| Frame::first(encoded)).flatten();
    let chunks = frame.map_or(encoded.get(HEADER + 4..), |frame| Some(frame.chunks));
    let beside = beside(chunks.unwrap_or_default(), u64::from(width) * u64::from(height));
    let needs = checked(width, height, beside)?;
    Ok((decoder, needs))
}

/// What a decoder needs beside the pixels: planes of light and colour, and what the alpha is unpacked to.
fn beside(chunks: &[u8], pixels: u64) -> u64 {
    let has = |wanted: &[u8; 4]| Chunks(chunks).any(|(name, _)| name == wanted);
    match (has(b"VP8 "), has(b"ALPH")) {
        (true, true) => pixels * 13 / 2,
        (true, false) => pixels * 3 / 2,
        _ => 0,
    }
}

pub fn decode(encoded: &[u8]) -> Result<Decoded> {
    let (mut decoder, Needs { width, height, .. }) = begin(encoded)?;
    if decoder.has_animation() {
        let frame = Frame::first(encoded).ok_or_else(|| damaged("there is no frame in it"))?;
        let pixels = pixels(&frame.file())?;
        return Ok(Decoded::plain(on_canvas(width, height, pixels, frame.left, frame.top)));
    }
    let profile = decoder.icc_profile().map_err(fault)?;
    let profile = profile.filter(|profile| profile.len() <= MAX_PROFILE_BYTES);
    drop(decoder);
    Ok(Decoded {
        pixels: pixels(encoded)?,
        conversion: profile.and_then(|profile| Conversion::from_icc(&profile, Channels::Colour, well_known)),
        orientation: Orientation::NoTransforms,
    })
}

/// The pixels of a still image.
fn pixels(encoded: &[u8]) -> Result<RgbaImage> {
    let mut decoder = WebPDecoder::new(Cursor::new(encoded)).map_err(fault)?;
    let (width, height) = decoder.dimensions();
    let chunks = encoded.get(HEADER + 4..).unwrap_or_default();
    checked(width, height, beside(chunks, u64::from(width) * u64::from(height)))?;
    decoder.set_limits(limits()).map_err(fault)?;
    // Without an alpha the decoder would hold the pixels twice.
    let lossless = Chunks(chunks).find(|(name, _)| *name == b"VP8L");
    let is_opaque = decoder.color_type() == image::ColorType::Rgb8;
    if let Some((_, content)) = lossless.filter(|_| is_opaque) {
        let mut content = content.to_vec();
        let flags = content.get_mut(LOSSLESS_ALPHA.0);
        *flags.ok_or_else(|| damaged("its file is cut off"))? |= LOSSLESS_ALPHA.1;
        let file = file_of(
            &[
                b"VP8L",
                &(content.len() as u32).to_le_bytes()[..],
                &content,
                &vec![0; content.len() % 2],
            ]
            .concat(),
            &[],
        );
        let decoder = WebPDecoder::new(Cursor::new(&file[..])).map_err(fault)?;
        if decoder.dimensions() != (width, height) {
            return Err(damaged("its sizes differ"));
        }
        let mut pixels = pixels_by(decoder)?;
        pixels
            .chunks_exact_mut(CHANNELS)
            .for_each(|pixel| pixel[CHANNELS - 1] = u8::MAX);
        return Ok(pixels);
    }
    pixels_by(decoder)
}

/// A file of these chunks, behind this header.
fn file_of(chunks: &[u8], header: &[u8]) -> Vec<u8> {
    let size = (4 + header.len() + chunks.len()) as u32;
    [b"RIFF", &size.to_le_bytes()[..], b"WEBP", header, chunks].concat()
}

/// Name and content of each chunk; ends at what is none.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = self.0.split_first_chunk()?;
        let (size, rest) = rest.split_first_chunk()?;
        let size = usize::try_from(u32::from_le_bytes(*size)).ok()?;
        let content = rest.get(..size)?;
        self.0 = rest.get(size.next_multiple_of(2)..).unwrap_or_default();
        Some((name, content))
    }
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
        let (_, content) = Chunks(encoded.get(HEADER + 4..)?).find(|(name, _)| *name == b"ANMF")?;
        let number = |place: usize| Some(u32::from_le_bytes(*content.get(place..)?.first_chunk()?) & 0x00FF_FFFF);
        Some(Self {
            left: number(0)? * 2,
            top: number(3)? * 2,
            size: content.get(6..12)?,
            chunks: content.get(FRAME..)?,
        })
    }

    /// A file of this image alone.
    fn file(&self) -> Vec<u8> {
        let header = [b"VP8X\x0A\0\0\0", &[ALPHA, 0, 0, 0][..], self.size].concat();
        let header: &[u8] = if self.chunks.starts_with(b"ALPH") { &header } else { &[] };
        file_of(self.chunks, header)
    }
}
