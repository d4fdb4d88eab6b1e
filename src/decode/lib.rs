//! Encoded bytes → [`Image`], to the pixels that browsers show: one decoder for every command and for hosts without decoders of their own.
//!
//! Chromium is the reference; `tests/golden/decode` holds the decoder to its pixels.

mod bmp;
mod colour;
mod format;
mod gif;
mod jpeg;
mod png;
mod webp;

use emofuse_core::{
    error::{Error, ImageUnit, Result, Source},
    image::{Image, MAX_BYTES, MAX_PIXELS},
};
use image::{DynamicImage, ImageError, Limits, RgbaImage, metadata::Orientation};

use self::{colour::Conversion, format::Format};

/// Bytes that a decoder may need: pixels have at most four channels of 16 bits, and it may need as much again.
const MAX_MEMORY: u64 = MAX_PIXELS * 16;

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
        let mut image = DynamicImage::ImageRgba8(pixels);
        image.apply_orientation(self.orientation);
        Image::from_rgba(image.width(), image.height(), image.into_rgba8().into_raw())
    }
}

/// Names the pixels that [`decode`] makes: what is cached of images that it decoded is valid for this version only.
///
/// To be raised with every change that makes other pixels.
pub const VERSION: u32 = 2;

/// Decodes a JPEG, PNG, WebP, GIF or BMP file to the pixels that browsers show: upright, in sRGB, of an animation the first frame.
///
/// # Errors
/// [`Error::ImageTooLarge`] above [`MAX_BYTES`] or [`MAX_PIXELS`], found out from the header, before anything is
/// decoded; [`Error::UnsupportedImage`] when the bytes are not an image, not a known format, or damaged.
pub fn decode(encoded: &[u8]) -> Result<Image> {
    if encoded.len() as u64 > MAX_BYTES {
        return Err(Error::ImageTooLarge {
            unit: ImageUnit::Bytes,
            found: encoded.len() as u64,
            limit: MAX_BYTES,
        });
    }
    let decoded = match Format::of(encoded)? {
        Format::Jpeg => jpeg::decode(encoded),
        Format::Png => png::decode(encoded),
        Format::WebP => webp::decode(encoded),
        Format::Gif => gif::decode(encoded),
        Format::Bmp => bmp::decode(encoded),
    };
    decoded?.show()
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    limits
}

/// Pixels in rows from the top, four bytes each.
fn pixels_of(width: u32, height: u32, rgba: Vec<u8>) -> Result<RgbaImage> {
    RgbaImage::from_raw(width, height, rgba).ok_or_else(|| damaged("its pixels do not fit its size"))
}

/// Lays a frame on a transparent canvas; what stands out is cut off.
fn on_canvas(width: u32, height: u32, frame: RgbaImage, left: u32, top: u32) -> RgbaImage {
    if (width, height, left, top) == (frame.width(), frame.height(), 0, 0) {
        return frame;
    }
    let mut canvas = RgbaImage::new(width, height);
    image::imageops::replace(&mut canvas, &frame, left.into(), top.into());
    canvas
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
mod golden;
