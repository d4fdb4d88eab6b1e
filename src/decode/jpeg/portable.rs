//! JPEG by a decoder in Rust, for programs that no C can be compiled into. Its pixels are a level or two from those of browsers.

use emofuse_core::error::{Error, Result};
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace},
};

use super::{Pixels, Stored, checked, damaged, fault, options};

/// The pixels of a JPEG file, not turned upright. One that is cut off is refused, as browsers refuse it.
pub fn pixels(encoded: &[u8]) -> Result<Stored> {
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(encoded), options());
    decoder.decode_headers().map_err(fault)?;
    let (width, height) = decoder.dimensions().ok_or_else(|| damaged("there is no frame in it"))?;
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let (width, height) = (side(width), side(height));
    checked(width, height, 0)?;
    let space = decoder.input_colorspace();
    let is_inked = matches!(space, Some(ColorSpace::CMYK | ColorSpace::YCCK));
    let wanted = match space {
        Some(space) if is_inked || space == ColorSpace::RGB => space,
        _ => ColorSpace::RGBA,
    };
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(encoded), options().jpeg_set_out_colorspace(wanted));
    let mut pixels = decoder.decode().map_err(fault)?;
    if !is_whole(encoded) {
        return Err(Error::UnsupportedImage {
            reason: "its file is cut off".into(),
            source: None,
        });
    }
    if space == Some(ColorSpace::YCCK) {
        pixels.as_chunks_mut().0.iter_mut().for_each(inks_of_ycck);
    }
    if wanted == ColorSpace::RGB {
        let (colours, _) = pixels.as_chunks::<3>();
        pixels = colours
            .iter()
            .flat_map(|[red, green, blue]| [*red, *green, *blue, u8::MAX])
            .collect();
    }
    let pixels = if is_inked {
        Pixels::Inks(pixels)
    } else {
        Pixels::Rgba(pixels)
    };
    Ok(Stored { width, height, pixels })
}

/// Whether the mark that ends the file is behind its first scan; a thumbnail before it has one of its own.
fn is_whole(encoded: &[u8]) -> bool {
    let mut place = 2;
    while let Some([0xFF, mark, high, low]) = encoded.get(place..).and_then(<[u8]>::first_chunk) {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        place += match mark {
            0xDA => return encoded[place..].windows(2).any(|mark| mark == [0xFF, 0xD9]),
            0xFF => 1, // a fill byte
            _ => 2 + length,
        };
    }
    false
}

/// Luma and chroma are those of the inks themselves, not inverted; black is apart and inverted.
fn inks_of_ycck(pixel: &mut [u8; 4]) {
    let [luma, blue, red, _] = pixel.map(f32::from);
    let (blue, red) = (blue - 128.0, red - 128.0);
    let inks = [
        luma + 1.402 * red,
        luma - 0.344_136_3 * blue - 0.714_136_3 * red,
        luma + 1.772 * blue,
    ];
    for (ink, found) in pixel.iter_mut().zip(inks) {
        *ink = u8::MAX - found.round().clamp(0.0, 255.0) as u8;
    }
}
