//! Decoding, natively and for hosts without decoders of their own: in the browser the browser decodes.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};

use super::picture::{MAX_BYTES, MAX_PIXELS, Picture, check_size};
use crate::error::{Error, ImageUnit, Result};

impl Picture {
    /// Decodes a JPEG, PNG, WebP, GIF (its first frame) or BMP file and turns it upright as its EXIF orientation says.
    ///
    /// # Errors
    /// [`Error::ImageTooLarge`] above [`MAX_BYTES`] or [`MAX_PIXELS`], found out from the header, before anything is
    /// decoded; [`Error::UnsupportedImage`] when the bytes are not a picture, not a known format, or damaged.
    pub fn decode(encoded: &[u8]) -> Result<Self> {
        if encoded.len() as u64 > MAX_BYTES {
            return Err(Error::ImageTooLarge {
                unit: ImageUnit::Bytes,
                found: encoded.len() as u64,
                limit: MAX_BYTES,
            });
        }
        let mut reader = ImageReader::new(Cursor::new(encoded))
            .with_guessed_format()
            .map_err(|source| unreadable("it cannot be read", source))?;
        if reader.format().is_none() {
            return Err(Error::UnsupportedImage {
                reason: "its first bytes are those of no known format".into(),
                source: None,
            });
        }
        // Pixels are at most four channels of 16 bits, and the decoder may need as much again.
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(MAX_PIXELS * 16);
        reader.limits(limits);

        let mut decoder = reader.into_decoder().map_err(damaged)?;
        let (width, height) = decoder.dimensions();
        check_size(width, height)?;
        let orientation = decoder.orientation().map_err(damaged)?;
        let mut decoded = DynamicImage::from_decoder(decoder).map_err(damaged)?;
        decoded.apply_orientation(orientation);
        let (width, height) = (decoded.width(), decoded.height());
        Self::from_rgba(width, height, decoded.into_rgba8().into_raw())
    }
}

fn damaged(source: ImageError) -> Error {
    match source {
        ImageError::Unsupported(_) => unreadable("its format is not known here", source),
        ImageError::Limits(_) => unreadable("it needs too much memory", source),
        _ => unreadable("it is damaged", source),
    }
}

fn unreadable(reason: &str, source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::UnsupportedImage {
        reason: format!("{reason} ({source})"),
        source: Some(Box::new(source)),
    }
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, RgbaImage};

    use super::*;
    use crate::image::test_card;

    fn encoded(picture: &Picture, format: ImageFormat) -> Vec<u8> {
        let image = RgbaImage::from_raw(picture.width(), picture.height(), picture.rgba().to_vec()).unwrap();
        let mut image = DynamicImage::ImageRgba8(image);
        if format == ImageFormat::Jpeg {
            image = DynamicImage::ImageRgb8(image.into_rgb8());
        }
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn formats_without_loss_come_back_as_they_were() {
        let picture = test_card(33);
        for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::WebP] {
            assert_eq!(
                Picture::decode(&encoded(&picture, format)).unwrap(),
                picture,
                "{format:?}"
            );
        }
    }

    #[test]
    fn formats_with_loss_come_back_much_as_they_were() {
        let picture = test_card(64);
        for (format, tolerance) in [(ImageFormat::Jpeg, 12.0), (ImageFormat::Gif, 12.0)] {
            let decoded = Picture::decode(&encoded(&picture, format)).unwrap();
            assert_eq!((decoded.width(), decoded.height()), (64, 64));
            let sum: f64 = decoded
                .rgba()
                .iter()
                .zip(picture.rgba())
                .map(|(left, right)| f64::from(left.abs_diff(*right)))
                .sum();
            let mean = sum / decoded.rgba().len() as f64;
            assert!(mean < tolerance, "{format:?}: {mean}");
        }
    }

    /// A JPEG's EXIF segment with nothing in it but the orientation.
    fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn the_exif_orientation_is_applied() {
        // Left half black, right half white: turned by a quarter, the top is black and the bottom white.
        let pixels = (0..16 * 8).flat_map(|index| if index % 16 < 8 { [0, 0, 0, 255] } else { [255; 4] });
        let picture = Picture::from_rgba(16, 8, pixels.collect()).unwrap();
        let jpeg = with_orientation(&encoded(&picture, ImageFormat::Jpeg), 6);
        let turned = Picture::decode(&jpeg).unwrap();
        assert_eq!((turned.width(), turned.height()), (8, 16));
        assert!(turned.rgba()[0] < 40);
        assert!(turned.rgba()[turned.rgba().len() - 4] > 215);
    }

    #[test]
    fn a_truncated_picture_is_an_error() {
        let bytes = encoded(&test_card(64), ImageFormat::Png);
        for length in [0, 4, 20, 40, bytes.len() / 2] {
            let error = Picture::decode(&bytes[..length]).unwrap_err();
            assert!(matches!(error, Error::UnsupportedImage { .. }), "{length}: {error}");
        }
    }

    #[test]
    fn a_text_file_is_an_error() {
        let error = Picture::decode(b"Dear diary, today I took no picture.").unwrap_err();
        assert!(matches!(error, Error::UnsupportedImage { .. }), "{error}");
        assert_eq!(error.name(), "UnsupportedImageError");
    }

    #[test]
    fn too_many_pixels_are_refused_by_the_header_alone() {
        // A BMP header that claims 20,000 × 20,000 pixels, and not one of them.
        let mut bytes = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
        bytes.extend(20_000_u32.to_le_bytes());
        bytes.extend(20_000_u32.to_le_bytes());
        bytes.extend([1, 0, 24, 0]);
        bytes.extend([0; 24]);
        let error = Picture::decode(&bytes).unwrap_err();
        assert!(
            matches!(
                error,
                Error::ImageTooLarge {
                    unit: ImageUnit::Pixels,
                    found: 400_000_000,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn too_many_bytes_are_refused() {
        let bytes = vec![0; usize::try_from(MAX_BYTES).unwrap() + 1];
        let error = Picture::decode(&bytes).unwrap_err();
        assert!(
            matches!(
                error,
                Error::ImageTooLarge {
                    unit: ImageUnit::Bytes,
                    ..
                }
            ),
            "{error}"
        );
    }
}
