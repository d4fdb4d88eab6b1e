//! Encoded bytes → [`Image`], to the pixels that browsers show: one decoder for every command and for hosts without decoders of their own.
//!
//! Chromium is the reference; `tests/golden/decode` holds the decoder to its pixels.

mod bmp;
mod colour;
mod format;
mod gif;
mod jpeg;
mod png;
mod room;
mod upright;
mod webp;

use emofuse_core::{
    budget::MAX_DECODING_BYTES,
    error::{Error, ImageUnit, Result, Source},
    image::{Image, MAX_BYTES, check_memory, check_size},
};
use image::{ColorType, ImageDecoder, ImageError, Limits, RgbaImage, metadata::Orientation};

pub use self::room::{Gate, Room, room};
use self::{colour::Conversion, format::Format};

/// The pixels of a file as they are stored, and how they are to be shown.
struct Decoded {
    pixels: RgbaImage,
    /// To sRGB; `None` for pixels that are shown as they are.
    conversion: Option<Conversion>,
    orientation: Orientation,
}

impl Decoded {
    /// Pixels that are shown as they are stored.
    fn plain(pixels: RgbaImage) -> Self {
        Self {
            pixels,
            conversion: None,
            orientation: Orientation::NoTransforms,
        }
    }

    /// Converts the colours, then turns the image upright.
    fn show(self) -> Result<Image> {
        let mut pixels = self.pixels;
        if let Some(conversion) = &self.conversion {
            conversion.convert(&mut pixels);
        }
        let image = upright::upright(pixels, self.orientation);
        Image::from_rgba(image.width(), image.height(), image.into_raw())
    }
}

/// Names the pixels that [`decode`] makes: what is cached of images that it decoded is valid for this version only.
///
/// To be raised with every change that makes other pixels.
pub const VERSION: u32 = 2;

/// Decodes a JPEG, PNG, WebP, GIF or BMP file to the pixels that browsers show: upright, in sRGB, of an animation the first frame.
///
/// # Errors
/// [`Error::ImageTooLarge`] above the limits of [`emofuse_core::budget`], found out from the header, before anything is
/// decoded; [`Error::UnsupportedImage`] when the bytes are not an image, not a known format, or damaged.
pub fn decode(encoded: &[u8]) -> Result<Image> {
    check_bytes(encoded)?;
    let decoded = match Format::of(encoded)? {
        Format::Jpeg => jpeg::decode(encoded),
        Format::Png => png::decode(encoded),
        Format::WebP => webp::decode(encoded),
        Format::Gif => gif::decode(encoded),
        Format::Bmp => bmp::decode(encoded),
    };
    decoded?.show()
}

/// What the header of a file says that decoding it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Pixels in a row, as the file has them: what stands upright by its metadata alone may be turned.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Bytes beside four for each pixel.
    pub beside: u64,
}

impl Needs {
    /// All bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height) * 4 + self.beside
    }
}

/// What the header of a file says, within the limits; nothing is decoded. [`decode`] asks the same.
///
/// # Errors
/// As [`decode`].
pub fn needs(encoded: &[u8]) -> Result<Needs> {
    check_bytes(encoded)?;
    match Format::of(encoded)? {
        Format::Jpeg => jpeg::needs(encoded),
        Format::Png => png::needs(encoded),
        Format::WebP => webp::needs(encoded),
        Format::Gif => gif::needs(encoded),
        Format::Bmp => bmp::needs(encoded),
    }
}

fn check_bytes(encoded: &[u8]) -> Result<()> {
    if encoded.len() as u64 > MAX_BYTES {
        return Err(Error::ImageTooLarge {
            unit: ImageUnit::Bytes,
            found: encoded.len() as u64,
            limit: MAX_BYTES,
        });
    }
    Ok(())
}

/// A size within the limits.
fn checked(width: u32, height: u32, beside: u64) -> Result<Needs> {
    check_size(width, height)?;
    check_memory(width, height, beside)?;
    Ok(Needs { width, height, beside })
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODING_BYTES);
    limits
}

/// Pixels in rows from the top, four bytes each.
fn pixels_of(width: u32, height: u32, rgba: Vec<u8>) -> Result<RgbaImage> {
    RgbaImage::from_raw(width, height, rgba).ok_or_else(|| damaged("its pixels do not fit its size"))
}

/// Bytes of a pixel.
const CHANNELS: usize = 4;

/// The pixels of a decoder, in a single buffer of four bytes for each.
fn pixels_by(decoder: impl ImageDecoder) -> Result<RgbaImage> {
    let (width, height) = decoder.dimensions();
    let channels = match decoder.color_type() {
        ColorType::L8 => 1,
        ColorType::La8 => 2,
        ColorType::Rgb8 => 3,
        ColorType::Rgba8 => 4,
        other => return Err(damaged(format!("pixels of {other:?}"))),
    };
    let count = width as usize * height as usize;
    let mut pixels = vec![0; count * CHANNELS];
    decoder.read_image(&mut pixels[..count * channels]).map_err(fault)?;
    spread(&mut pixels, channels);
    pixels_of(width, height, pixels)
}

/// Makes four channels of fewer, which stand at the beginning.
fn spread(pixels: &mut [u8], channels: usize) {
    if channels == CHANNELS {
        return;
    }
    for place in (0..pixels.len() / CHANNELS).rev() {
        let pixel = &pixels[place * channels..][..channels];
        let pixel = match *pixel {
            [grey] => [grey, grey, grey, u8::MAX],
            [grey, alpha] => [grey, grey, grey, alpha],
            [red, green, blue, ..] => [red, green, blue, u8::MAX],
            [] => [0; CHANNELS],
        };
        pixels[place * CHANNELS..][..CHANNELS].copy_from_slice(&pixel);
    }
}

/// Lays a frame on a transparent canvas; what stands out is cut off.
fn on_canvas(width: u32, height: u32, frame: RgbaImage, left: u32, top: u32) -> RgbaImage {
    if (width, height, left, top) == (frame.width(), frame.height(), 0, 0) {
        return frame;
    }
    let bytes = |width: u32, height: u32| u64::from(width) * u64::from(height) * CHANNELS as u64;
    if bytes(width, height) + bytes(frame.width(), frame.height()) <= MAX_DECODING_BYTES {
        let mut canvas = RgbaImage::new(width, height);
        image::imageops::replace(&mut canvas, &frame, left.into(), top.into());
        return canvas;
    }
    within_frame(width, height, frame, left, top)
}

/// The same in the buffer of the frame, for those of which memory holds no two.
fn within_frame(width: u32, height: u32, frame: RgbaImage, left: u32, top: u32) -> RgbaImage {
    let shown_width = frame.width().min(width.saturating_sub(left)) as usize * CHANNELS;
    let rows = frame.height().min(height.saturating_sub(top)) as usize;
    let (stride, frame_stride) = (width as usize * CHANNELS, frame.width() as usize * CHANNELS);
    let mut pixels = frame.into_raw();
    for row in 0..rows {
        pixels.copy_within(row * frame_stride..row * frame_stride + shown_width, row * shown_width);
    }
    let moved = rows * shown_width;
    pixels.truncate(moved);
    pixels.reserve_exact((stride * height as usize).saturating_sub(moved));
    pixels.resize(stride * height as usize, 0);
    // From the last row on, as each goes to where rows behind it were.
    let place = |row: usize| (top as usize + row) * stride + left as usize * CHANNELS;
    for row in (0..rows).rev() {
        pixels.copy_within(row * shown_width..(row + 1) * shown_width, place(row));
    }
    // What is left of where they were.
    let mut end = 0;
    for row in 0..rows {
        let place = place(row).min(moved);
        pixels[end.min(place)..place].fill(0);
        end = place + shown_width;
    }
    pixels[end.min(moved)..moved].fill(0);
    RgbaImage::from_raw(width, height, pixels).unwrap_or_default()
}

fn damaged(source: impl Into<Source>) -> Error {
    unreadable("it is damaged", source)
}

fn unreadable(reason: &str, source: impl Into<Source>) -> Error {
    let source = source.into();
    Error::UnsupportedImage {
        reason: format!("{reason} ({source})"),
        source: Some(source),
    }
}

fn fault(source: ImageError) -> Error {
    match source {
        ImageError::Unsupported(_) => unreadable("its format is not known here", source),
        ImageError::Limits(_) => unreadable("it needs too much memory", source),
        _ => damaged(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_laid_the_same_within_its_own_buffer() {
        let frame = RgbaImage::from_fn(5, 4, |x, y| image::Rgba([x as u8 + 1, y as u8 + 1, 7, 255]));
        for (width, height) in [(5, 4), (9, 8), (5, 9), (3, 2), (6, 4), (1, 1)] {
            for (left, top) in [(0, 0), (1, 0), (0, 1), (2, 3), (5, 4), (20, 20)] {
                let expected = on_canvas(width, height, frame.clone(), left, top);
                let found = within_frame(width, height, frame.clone(), left, top);
                assert!(found == expected, "{width} × {height} at {left}, {top}");
            }
        }
    }
}

#[cfg(test)]
mod golden;
