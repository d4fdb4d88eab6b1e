//! The decoder is held to Chromium's pixels, which `tests/golden/decode/make.mjs` writes.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use image::{DynamicImage, ImageFormat};
use mozjpeg::{ColorSpace, Compress};

use super::*;

/// Parts of the names of those for which Skia reckons in another order, so that here and there a level is rounded the other way.
const NEARLY: [&str; 7] = [
    "-alpha",
    "apng-icc",
    "-cicp",
    "-v5-profile",
    "-lut-",
    "grey-on-grey",
    "prophoto",
];

/// Parts of the names of images whose colours are converted.
const CONVERTED: [&str; 5] = ["-icc", "-gamma", "-cicp", "-profile", "-primaries"];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/golden/decode")
        .join(name)
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder("images"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Chromium's pixels; nothing where it refuses the image.
fn expected(name: &str) -> Option<RgbaImage> {
    let file = fs::read(folder("expected").join(format!("{name}.png"))).ok()?;
    Some(image::load_from_memory(&file).unwrap().into_rgba8())
}

/// As the classifier sees them: on white, where transparent colours do not count.
fn on_white(pixel: [u8; 4]) -> [u8; 4] {
    let [.., alpha] = pixel;
    let [red, green, blue, _] =
        pixel.map(|level| (f32::from(level) * f32::from(alpha) / 255.0 + 255.0 - f32::from(alpha)).round() as u8);
    [red, green, blue, alpha]
}

/// The most that any level differs, and the mean.
fn difference(found: &Image, expected: &RgbaImage) -> (u8, f64) {
    let (found, _) = found.rgba().as_chunks::<4>();
    let differences: Vec<u8> = found
        .iter()
        .zip(expected.pixels())
        .flat_map(|(found, expected)| {
            let pairs = on_white(*found).into_iter().zip(on_white(expected.0));
            pairs.map(|(found, expected)| found.abs_diff(expected))
        })
        .collect();
    let sum: f64 = differences.iter().map(|difference| f64::from(*difference)).sum();
    (
        differences.iter().copied().max().unwrap_or(0),
        sum / differences.len() as f64,
    )
}

fn faults(
    decode: impl Fn(&[u8]) -> Result<Image>,
    names: &[String],
    allowed: impl Fn(&str) -> (u8, f64),
) -> Vec<String> {
    let fault = |name: &String| {
        let found = decode(&fs::read(folder("images").join(name)).unwrap());
        match (found, expected(name)) {
            (Err(_), None) => None,
            (Ok(_), None) => Some(format!("{name}: Chromium refuses it")),
            (Err(error), Some(_)) => Some(format!("{name}: {error}")),
            (Ok(found), Some(expected)) => {
                if (found.width(), found.height()) != expected.dimensions() {
                    return Some(format!("{name}: {found:?} instead of {:?}", expected.dimensions()));
                }
                let (most, mean) = difference(&found, &expected);
                let allowed = allowed(name);
                (most > allowed.0 || mean > allowed.1)
                    .then(|| format!("{name}: differs by up to {most}, {mean:.3} on average"))
            }
        }
    };
    names.iter().filter_map(fault).collect()
}

#[test]
fn pixels_are_those_of_chromium() {
    let names = names();
    assert!(names.len() > 150, "{}", names.len());
    let faults = faults(decode, &names, |name| {
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        match has(&CONVERTED) && has(&NEARLY) {
            // Chromium rounds twice there, once to what the primaries say.
            true if name.contains("lut-and-primaries") => (1, 0.25),
            true => (1, 0.08),
            false => (0, 0.0),
        }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_portable_decoder_is_near_them() {
    let names: Vec<String> = names().into_iter().filter(|name| name.ends_with(".jpg")).collect();
    let decode = |encoded: &[u8]| jpeg::decode_by(encoded, jpeg::portable::pixels)?.show();
    let faults = faults(decode, &names, |_| (25, 0.5));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn card(side: u32) -> Image {
    let pixel = |index: u32| {
        [
            (index % side * 255 / side) as u8,
            (index / side * 255 / side) as u8,
            120,
            255,
        ]
    };
    let pixels = (0..side * side).flat_map(pixel);
    Image::from_rgba(side, side, pixels.collect()).unwrap()
}

fn encoded(image: &Image, format: ImageFormat) -> Vec<u8> {
    let image = RgbaImage::from_raw(image.width(), image.height(), image.rgba().to_vec()).unwrap();
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
    let image = card(33);
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::WebP] {
        assert_eq!(decode(&encoded(&image, format)).unwrap(), image, "{format:?}");
    }
}

#[test]
fn formats_with_loss_come_back_much_as_they_were() {
    let image = card(64);
    for (format, tolerance) in [(ImageFormat::Jpeg, 12.0), (ImageFormat::Gif, 12.0)] {
        let decoded = decode(&encoded(&image, format)).unwrap();
        assert_eq!((decoded.width(), decoded.height()), (64, 64));
        let sum: f64 = decoded
            .rgba()
            .iter()
            .zip(image.rgba())
            .map(|(left, right)| f64::from(left.abs_diff(*right)))
            .sum();
        let mean = sum / decoded.rgba().len() as f64;
        assert!(mean < tolerance, "{format:?}: {mean}");
    }
}

#[test]
fn a_truncated_image_is_an_error() {
    let bytes = encoded(&card(64), ImageFormat::Png);
    for length in [0, 4, 20, 40, bytes.len() / 2] {
        let error = decode(&bytes[..length]).unwrap_err();
        assert!(matches!(error, Error::UnsupportedImage { .. }), "{length}: {error}");
    }
}

#[test]
fn a_text_file_is_an_error() {
    let error = decode(b"Dear diary, today I took no image.").unwrap_err();
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
    let error = decode(&bytes).unwrap_err();
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
    let error = decode(&bytes).unwrap_err();
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

#[test]
fn a_jpeg_that_is_cut_off_is_refused_wherever_it_is_cut() {
    let whole = jpeg(64, 64);
    for length in (0..whole.len()).step_by(7).chain([whole.len() - 2, whole.len() - 1]) {
        let error = decode(&whole[..length]).unwrap_err();
        assert!(matches!(error, Error::UnsupportedImage { .. }), "{length}: {error}");
    }
    for length in (0..whole.len()).step_by(7).chain([whole.len() - 2, whole.len() - 1]) {
        assert!(jpeg::portable::pixels(&whole[..length]).is_err(), "{length}");
    }
    let error = decode(&whole[..whole.len() - 2]).unwrap_err().to_string();
    assert!(error.contains("its file is cut off; use"), "{error}");
}

#[test]
fn a_damaged_jpeg_is_an_image_or_an_error_and_ends_nothing() {
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
fn a_jpeg_of_too_many_pixels_is_refused_by_the_header_alone() {
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
