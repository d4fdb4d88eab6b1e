//! JPEG to the bit as browsers decode it, which all use libjpeg-turbo: its slow integer DCT and its smooth upsampling.

use std::{
    any::Any,
    cell::Cell,
    io::{self, BufRead, Read},
    panic::{self, AssertUnwindSafe},
};

use emofuse::{Error, Result};
use image::RgbaImage;
use mozjpeg::{ColorSpace, Decompress};

/// Decodes a JPEG file, not turned upright. One that is cut off is refused, as browsers refuse it.
pub fn decode(encoded: &[u8], size: (u32, u32)) -> Result<RgbaImage> {
    let ended = Cell::new(false);
    let file = File {
        rest: encoded,
        ended: &ended,
    };
    // The decoder unwinds where it cannot go on, without a word on stderr, and frees what it has taken.
    let decoded = panic::catch_unwind(AssertUnwindSafe(|| rgba(file)));
    let fault = match decoded {
        Ok(Ok(rgba)) => match RgbaImage::from_raw(size.0, size.1, rgba) {
            Some(image) => return Ok(image),
            None => "its headers name two sizes".to_owned(),
        },
        _ if ended.get() => "its file is cut off".to_owned(),
        Ok(Err(error)) => format!("it is damaged ({error})"),
        Err(fault) => format!("it is damaged ({})", told(fault.as_ref())),
    };
    Err(Error::UnsupportedImage {
        reason: fault,
        source: None,
    })
}

fn told(fault: &(dyn Any + Send)) -> &str {
    let text = fault
        .downcast_ref::<String>()
        .map_or("its decoder failed", String::as_str);
    text.strip_prefix("libjpeg fatal error: ").unwrap_or(text)
}

fn rgba(file: File<'_>) -> io::Result<Vec<u8>> {
    let header = Decompress::builder().from_reader(file)?;
    match header.color_space() {
        ColorSpace::JCS_CMYK | ColorSpace::JCS_YCCK => {
            let mut decoder = header.to_colorspace(ColorSpace::JCS_CMYK)?;
            let mut pixels = decoder.read_scanlines()?;
            decoder.finish()?;
            pixels.iter_mut().for_each(from_inverted_cmyk);
            Ok(pixels.into_flattened())
        }
        _ => {
            let mut decoder = header.rgba()?;
            let pixels = decoder.read_scanlines()?;
            decoder.finish()?;
            Ok(pixels)
        }
    }
}

/// Adobe's programs write the inks inverted, and hardly anybody else writes any. A profile of inks is passed over.
fn from_inverted_cmyk(pixel: &mut [u8; 4]) {
    let [cyan, magenta, yellow, black] = *pixel;
    let [red, green, blue] = [cyan, magenta, yellow].map(|ink| product(ink, black));
    *pixel = [red, green, blue, u8::MAX];
}

/// The product of two parts of 255, rounded.
fn product(left: u8, right: u8) -> u8 {
    let rounded = (u32::from(left) * u32::from(right) + 127) / 255;
    u8::try_from(rounded).unwrap_or(u8::MAX)
}

/// A file in memory whose end is an error: libjpeg by itself makes the missing rest grey.
struct File<'a> {
    rest: &'a [u8],
    ended: &'a Cell<bool>,
}

impl Read for File<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.rest.read(buffer)
    }
}

impl BufRead for File<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.rest.is_empty() {
            self.ended.set(true);
            return Err(io::Error::other("the file is cut off"));
        }
        Ok(self.rest)
    }

    fn consume(&mut self, amount: usize) {
        self.rest = &self.rest[amount..];
    }
}
