//! A decoded image and the limits it has to keep.

pub use crate::budget::{MAX_IMAGE_BYTES as MAX_BYTES, MAX_PIXELS};
use crate::{
    budget::MAX_DECODING_BYTES,
    error::{Error, ImageUnit, Result},
};

/// A decoded image: rows of RGBA pixels, 8 bits a channel, alpha not premultiplied.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    width: u32,
    height: u32,
    rgba: Vec<u8>,
}

impl Image {
    /// Takes pixels that are decoded already.
    ///
    /// # Errors
    /// [`Error::ImageTooLarge`] above [`MAX_PIXELS`]; [`Error::UnsupportedImage`] when a side is zero or `rgba` has not
    /// four bytes a pixel.
    pub fn from_rgba(width: u32, height: u32, rgba: Vec<u8>) -> Result<Self> {
        check_size(width, height)?;
        let expected = u64::from(width) * u64::from(height) * 4;
        if rgba.len() as u64 != expected {
            return Err(Error::UnsupportedImage {
                reason: format!(
                    "{width} × {height} RGBA pixels are {expected} bytes, not {}",
                    rgba.len()
                ),
                source: None,
            });
        }
        Ok(Self { width, height, rgba })
    }

    /// Pixels in a row.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, row by row, four bytes each.
    #[must_use]
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }
}

impl std::fmt::Debug for Image {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Image({} × {})", self.width, self.height)
    }
}

/// Checks an image's size, which its header tells before anything is decoded.
pub fn check_size(width: u32, height: u32) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(Error::UnsupportedImage {
            reason: format!("it has {width} × {height} pixels"),
            source: None,
        });
    }
    let found = u64::from(width) * u64::from(height);
    if found > MAX_PIXELS {
        return Err(Error::ImageTooLarge {
            unit: ImageUnit::Pixels,
            found,
            limit: MAX_PIXELS,
        });
    }
    Ok(())
}

/// Checks what decoding an image takes: its pixels, and what the decoder needs beside them.
///
/// # Errors
/// [`Error::ImageTooLarge`] above [`MAX_DECODING_BYTES`].
pub fn check_memory(width: u32, height: u32, beside: u64) -> Result<()> {
    let pixels = u64::from(width) * u64::from(height);
    let found = pixels.saturating_mul(4).saturating_add(beside);
    if found > MAX_DECODING_BYTES {
        return Err(Error::ImageTooLarge {
            unit: ImageUnit::DecodingBytes,
            found,
            limit: MAX_DECODING_BYTES,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_of_zero_is_refused() {
        for (width, height) in [(0, 1), (1, 0), (0, 0)] {
            let error = Image::from_rgba(width, height, Vec::new()).unwrap_err();
            assert!(matches!(error, Error::UnsupportedImage { .. }), "{error}");
        }
    }

    #[test]
    fn pixels_that_do_not_fit_the_size_are_refused() {
        for bytes in [0, 15, 17, 64] {
            let error = Image::from_rgba(2, 2, vec![0; bytes]).unwrap_err();
            assert!(matches!(error, Error::UnsupportedImage { .. }), "{error}");
        }
        assert!(Image::from_rgba(2, 2, vec![0; 16]).is_ok());
    }

    #[test]
    fn more_pixels_than_the_limit_are_refused_whatever_the_buffer() {
        let error = Image::from_rgba(u32::MAX, u32::MAX, Vec::new()).unwrap_err();
        assert!(matches!(
            error,
            Error::ImageTooLarge {
                unit: ImageUnit::Pixels,
                ..
            }
        ));
    }
}
