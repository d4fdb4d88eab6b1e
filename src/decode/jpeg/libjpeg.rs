//! JPEG to the bit as browsers decode it, which all use libjpeg-turbo: its slow integer DCT and its smooth upsampling.

use std::{
    any::Any,
    cell::Cell,
    io::{self, BufRead, Read},
    panic::{self, AssertUnwindSafe},
};

use emofuse_core::error::{Error, Result};
use mozjpeg::{ColorSpace, Decompress};

use super::{Pixels, Stored, checked};

/// The pixels of a JPEG file, not turned upright. One that is cut off is refused, as browsers refuse it.
pub fn pixels(encoded: &[u8]) -> Result<Stored> {
    let ended = Cell::new(false);
    let file = File {
        rest: encoded,
        ended: &ended,
    };
    // The decoder unwinds where it cannot go on, without a word on stderr, and frees what it has taken.
    let decoded = panic::catch_unwind(AssertUnwindSafe(|| read(file)));
    let fault = match decoded {
        Ok(Ok(stored)) => return stored,
        _ if ended.get() => "its file is cut off".to_owned(),
        Ok(Err(error)) => format!("it is damaged ({error})"),
        Err(fault) => format!("it is damaged ({})", message(fault.as_ref())),
    };
    Err(Error::UnsupportedImage {
        reason: fault,
        source: None,
    })
}

fn message(fault: &(dyn Any + Send)) -> &str {
    let text = fault
        .downcast_ref::<String>()
        .map_or("its decoder failed", String::as_str);
    text.strip_prefix("libjpeg fatal error: ").unwrap_or(text)
}

/// The inner error is that the image is too large.
fn read(file: File<'_>) -> io::Result<Result<Stored>> {
    let header = Decompress::builder().from_reader(file)?;
    // The size that counts is the one that this decoder takes memory for.
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let (width, height) = (side(header.width()), side(header.height()));
    if let Err(error) = checked(width, height, 0) {
        return Ok(Err(error));
    }
    let is_inked = matches!(header.color_space(), ColorSpace::JCS_CMYK | ColorSpace::JCS_YCCK);
    let mut decoder = if is_inked {
        header.to_colorspace(ColorSpace::JCS_CMYK)?
    } else {
        header.rgba()?
    };
    let pixels = decoder.read_scanlines()?;
    decoder.finish()?;
    let pixels = if is_inked {
        Pixels::Inks(pixels)
    } else {
        Pixels::Rgba(pixels)
    };
    Ok(Ok(Stored { width, height, pixels }))
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
