//! Pictures as browsers show them, so that a post has one score wherever it is read.
//!
//! Training and evaluation decode by [`Picture::decode`] alone: its pixels differ a little, and trained files and published figures rest on
//! them.

mod jpeg;
mod profile;

use std::io::Cursor;

use emofuse::{
    Error, Result,
    error::ImageUnit,
    image::{MAX_BYTES, MAX_PIXELS, Picture},
};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbaImage, metadata::Orientation};

use self::profile::{Channels, Profile};

/// Decodes a picture to the pixels that a browser has for it.
pub fn decode(encoded: &[u8]) -> Result<Picture> {
    if encoded.len() as u64 > MAX_BYTES {
        return Picture::decode(encoded); // which says so
    }
    let Some(header) = Header::read(encoded) else {
        return Picture::decode(encoded); // which says what is wrong
    };
    let (width, height, mut rgba) = if header.format == ImageFormat::Jpeg {
        let upright = header.decode_jpeg(encoded)?;
        (upright.width(), upright.height(), upright.into_raw())
    } else {
        let picture = Picture::decode(encoded)?;
        if header.profile.is_none() {
            return Ok(picture);
        }
        (picture.width(), picture.height(), picture.rgba().to_vec())
    };
    if let Some(profile) = &header.profile {
        profile.convert(&mut rgba);
    }
    Picture::from_rgba(width, height, rgba)
}

/// What stands before the pixels.
struct Header {
    format: ImageFormat,
    size: (u32, u32),
    orientation: Orientation,
    /// Where it makes a difference.
    profile: Option<Profile>,
}

impl Header {
    fn read(encoded: &[u8]) -> Option<Self> {
        let reader = ImageReader::new(Cursor::new(encoded)).with_guessed_format().ok()?;
        let format = reader.format()?;
        let mut decoder = reader.into_decoder().ok()?;
        let channels = if decoder.color_type().has_color() {
            Channels::Colour
        } else {
            Channels::Grey
        };
        let embedded = decoder.icc_profile().ok().flatten();
        Some(Self {
            format,
            size: decoder.dimensions(),
            orientation: decoder.orientation().ok()?,
            profile: embedded.and_then(|bytes| Profile::read(&bytes, channels)),
        })
    }

    fn decode_jpeg(&self, encoded: &[u8]) -> Result<RgbaImage> {
        let (width, height) = self.size;
        let found = u64::from(width) * u64::from(height);
        if found > MAX_PIXELS {
            return Err(Error::ImageTooLarge {
                unit: ImageUnit::Pixels,
                found,
                limit: MAX_PIXELS,
            });
        }
        let pixels = jpeg::decode(encoded, self.size)?;
        let mut image = DynamicImage::ImageRgba8(pixels);
        image.apply_orientation(self.orientation);
        Ok(image.into_rgba8())
    }
}

#[cfg(test)]
mod tests {
    use image::RgbImage;
    use mozjpeg::{ColorSpace, Compress};

    use super::*;

    /// A quarter, clockwise: an EXIF segment with nothing in it but the orientation 6.
    const EXIF_TURNED: &[u8] = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";

    /// Left half red, right half blue.
    fn jpeg(width: usize, height: usize) -> Vec<u8> {
        let pixels: Vec<u8> = (0..width * height)
            .flat_map(|index| {
                if index % width < width / 2 {
                    [200, 30, 30]
                } else {
                    [30, 30, 200]
                }
            })
            .collect();
        let mut encoder = Compress::new(ColorSpace::JCS_RGB);
        encoder.set_size(width, height);
        encoder.set_quality(95.0);
        let mut started = encoder.start_compress(Vec::new()).unwrap();
        started.write_scanlines(&pixels).unwrap();
        started.finish().unwrap()
    }

    fn with_segment(jpeg: &[u8], mark: u8, content: &[&[u8]]) -> Vec<u8> {
        let content = content.concat();
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xFF, mark], &length, &content, &jpeg[2..]].concat()
    }

    fn corners(picture: &Picture) -> [[u8; 3]; 2] {
        let rgba = picture.rgba();
        [0, rgba.len() - 4].map(|start| [rgba[start], rgba[start + 1], rgba[start + 2]])
    }

    fn are_near(found: [[u8; 3]; 2], expected: [[u8; 3]; 2]) -> bool {
        let pairs = found.as_flattened().iter().zip(expected.as_flattened());
        pairs
            .into_iter()
            .all(|(found, expected)| found.abs_diff(*expected) < 12)
    }

    #[test]
    fn a_jpeg_is_turned_upright() {
        let picture = decode(&with_segment(&jpeg(32, 16), 0xE1, &[EXIF_TURNED])).unwrap();
        assert_eq!((picture.width(), picture.height()), (16, 32));
        assert!(
            are_near(corners(&picture), [[200, 30, 30], [30, 30, 200]]),
            "{:?}",
            corners(&picture)
        );
    }

    #[test]
    fn a_profile_of_a_jpeg_is_heeded() {
        let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
        let plain = jpeg(32, 16);
        let with_profile = with_segment(&plain, 0xE2, &[b"ICC_PROFILE\0\x01\x01", &profile]);
        let [plain, converted] = [plain, with_profile].map(|jpeg| corners(&decode(&jpeg).unwrap()));
        assert!(are_near(plain, [[200, 30, 30], [30, 30, 200]]), "{plain:?}");
        assert!(are_near(converted, [[218, 0, 6], [29, 30, 208]]), "{converted:?}");
    }

    #[test]
    fn a_jpeg_that_is_cut_off_is_refused_wherever_it_is_cut() {
        let whole = jpeg(64, 64);
        for length in (0..whole.len()).step_by(7).chain([whole.len() - 2, whole.len() - 1]) {
            let error = decode(&whole[..length]).unwrap_err();
            assert!(matches!(error, Error::UnsupportedImage { .. }), "{length}: {error}");
        }
        let error = decode(&whole[..whole.len() - 2]).unwrap_err().to_string();
        assert!(error.contains("its file is cut off; use"), "{error}");
    }

    #[test]
    fn a_damaged_jpeg_is_a_picture_or_an_error_and_ends_nothing() {
        let whole = jpeg(64, 64);
        for place in 2..whole.len() {
            for value in [0, 0x7F, 0xFF] {
                let mut damaged = whole.clone();
                damaged[place] = value;
                match decode(&damaged) {
                    Ok(_) | Err(Error::UnsupportedImage { .. } | Error::ImageTooLarge { .. }) => {}
                    Err(error) => panic!("{place}: {error}"),
                }
            }
        }
    }

    #[test]
    fn too_many_pixels_are_refused_by_the_header_alone() {
        let mut bytes = jpeg(16, 16);
        let header = bytes
            .windows(2)
            .position(|mark| mark[0] == 0xFF && matches!(mark[1], 0xC0 | 0xC2))
            .unwrap();
        bytes[header + 5..header + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
        let error = decode(&bytes).unwrap_err();
        assert!(
            matches!(
                error,
                Error::ImageTooLarge {
                    unit: ImageUnit::Pixels,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn other_formats_come_back_as_they_were() {
        let image = RgbImage::from_fn(9, 5, |x, y| image::Rgb([x as u8 * 20, y as u8 * 40, 7]));
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp] {
            let mut bytes = Cursor::new(Vec::new());
            image.write_to(&mut bytes, format).unwrap();
            let bytes = bytes.into_inner();
            assert_eq!(decode(&bytes).unwrap(), Picture::decode(&bytes).unwrap(), "{format:?}");
        }
    }
}
