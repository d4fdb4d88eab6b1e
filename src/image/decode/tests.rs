//! The decoder is held to Chromium's pixels, which `tests/golden/decode/make.mjs` writes.

use std::{fs, path::Path};

use super::*;

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/decode").join(name)
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
fn difference(found: &Picture, expected: &RgbaImage) -> (u8, f64) {
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

fn faults(decode: impl Fn(&[u8]) -> Result<Picture>, names: &[String], allowed: impl Fn(&str) -> (u8, f64)) -> Vec<String> {
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
                (most > allowed.0 || mean > allowed.1).then(|| format!("{name}: differs by up to {most}, {mean:.3} on average"))
            }
        }
    };
    names.iter().filter_map(fault).collect()
}

#[test]
fn pixels_are_those_of_chromium() {
    let names = names();
    assert!(names.len() > 150, "{}", names.len());
    let faults = faults(Picture::decode, &names, |_| (0, 0.0));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_portable_decoder_is_near_them() {
    let names: Vec<String> = names().into_iter().filter(|name| name.ends_with(".jpg")).collect();
    let decode = |encoded: &[u8]| jpeg::decode_by(encoded, jpeg::portable::pixels)?.show();
    let faults = faults(decode, &names, |_| (4, 1.0));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
