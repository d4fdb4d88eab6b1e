//! The format of a file, by its first bytes; its name may say anything.

use emofuse_core::error::{Error, Result};

/// Formats that are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG, animated or not.
    Png,
    /// WebP, animated or not.
    WebP,
    /// GIF.
    Gif,
    /// Windows bitmap.
    Bmp,
}

/// A mark of a format, and where in the file it stands.
type Mark = (usize, &'static [u8]);

const DECODED: [(Format, Mark); 6] = [
    (Format::Jpeg, (0, b"\xFF\xD8\xFF")),
    (Format::Png, (0, b"\x89PNG\r\n\x1A\n")),
    (Format::WebP, (8, b"WEBP")),
    (Format::Gif, (0, b"GIF87a")),
    (Format::Gif, (0, b"GIF89a")),
    (Format::Bmp, (0, b"BM")),
];

/// Formats that are recognised only, to name them.
const NAMED: [(&str, Mark); 25] = [
    ("a JPEG XL image", (0, b"\xFF\x0A")),
    ("a JPEG XL image", (4, b"JXL \r\n\x87\n")),
    ("a JPEG 2000 image", (4, b"jP  \r\n\x87\n")),
    ("a JPEG 2000 image", (0, b"\xFF\x4F\xFF\x51")),
    ("a JPEG XR image", (0, b"II\xBC")),
    ("a TIFF image", (0, b"II*\0")),
    ("a TIFF image", (0, b"MM\0*")),
    ("a TIFF image", (0, b"II+\0")),
    ("a Canon raw image", (0, b"IIU\0")),
    ("a Fujifilm raw image", (0, b"FUJIFILMCCD-RAW")),
    ("an icon", (0, b"\0\0\x01\0")),
    ("a cursor", (0, b"\0\0\x02\0")),
    ("a Photoshop document", (0, b"8BPS")),
    ("a GIMP image", (0, b"gimp xcf")),
    ("a QOI image", (0, b"qoif")),
    ("a DDS image", (0, b"DDS ")),
    ("an OpenEXR image", (0, b"v/1\x01")),
    ("a PDF document", (0, b"%PDF-")),
    ("a PostScript document", (0, b"%!PS")),
    ("a Zip archive", (0, b"PK\x03\x04")),
    ("a WebM or Matroska video", (0, b"\x1A\x45\xDF\xA3")),
    ("an AVI video", (8, b"AVI ")),
    ("a WAV sound", (8, b"WAVE")),
    ("an MPEG video", (0, b"\0\0\x01\xBA")),
    ("an MP3 sound", (0, b"ID3")),
];

/// Brands of the ISO base media file format, which HEIC, AVIF and most videos of phones are in.
const BRANDS: [(&[&[u8; 4]], &str); 5] = [
    (&[b"avif", b"avis"], "an AVIF image"),
    (
        &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"],
        "a HEIC image",
    ),
    (&[b"crx "], "a Canon raw image"),
    (&[b"qt  "], "a QuickTime video"),
    (&[b"M4A ", b"M4B "], "an MPEG-4 sound"),
];

impl Format {
    /// The format of a file.
    ///
    /// # Errors
    /// [`Error::UnsupportedImage`], with the format's name where it is a known one.
    pub fn of(encoded: &[u8]) -> Result<Self> {
        let decoded = DECODED.iter().find(|(_, mark)| has(encoded, *mark));
        // What begins with the letters BM need not be a bitmap.
        let decoded = decoded.filter(|(format, _)| *format != Format::Bmp || is_bmp(encoded));
        decoded
            .map(|(format, _)| *format)
            .ok_or_else(|| Error::UnsupportedImage {
                reason: match name(encoded) {
                    Some(name) => format!("this is {name}, which cannot be decoded"),
                    None => "its first bytes are those of no known format".into(),
                },
                source: None,
            })
    }
}

fn has(encoded: &[u8], (start, mark): Mark) -> bool {
    encoded.get(start..).is_some_and(|rest| rest.starts_with(mark))
}

/// Whether the size of the header behind the file's header is one that bitmaps have.
fn is_bmp(encoded: &[u8]) -> bool {
    encoded
        .get(14..18)
        .is_none_or(|size| matches!(u32::from_le_bytes([size[0], size[1], size[2], size[3]]), 12..=255))
}

/// What a file of another format is, in words.
fn name(encoded: &[u8]) -> Option<&'static str> {
    let named = NAMED.iter().find(|(_, mark)| has(encoded, *mark));
    named
        .map(|(name, _)| *name)
        .or_else(|| media(encoded))
        .or_else(|| text(encoded))
}

/// HEIC, AVIF or a video, by the brands in the first box.
fn media(encoded: &[u8]) -> Option<&'static str> {
    if matches!(encoded.get(4..8)?, b"moov" | b"mdat" | b"wide") {
        return Some("a QuickTime video");
    }
    if encoded.get(4..8)? != b"ftyp" {
        return None;
    }
    let end = usize::try_from(u32::from_be_bytes(*encoded.first_chunk()?)).ok()?;
    let brands = encoded.get(8..end.min(encoded.len()))?;
    // The major brand decides, and the compatible ones where it is none of these; between the two stands a version.
    let (major, compatible) = brands.split_at_checked(4)?;
    let compatible = compatible.get(4..).unwrap_or_default();
    let named = |brand: &[u8]| {
        BRANDS
            .iter()
            .find(|(brands, _)| brands.iter().any(|known| known.as_slice() == brand))
            .map(|(_, name)| *name)
    };
    let is_general = matches!(major, b"mif1" | b"msf1");
    let of_compatible = || compatible.chunks_exact(4).find_map(named);
    let found = if is_general {
        of_compatible().or_else(|| named(major))
    } else {
        named(major).or_else(of_compatible)
    };
    Some(found.unwrap_or("an MPEG-4 video"))
}

/// SVG and HTML, by their first element.
fn text(encoded: &[u8]) -> Option<&'static str> {
    let start = &encoded[..encoded.len().min(1024)];
    let start = String::from_utf8_lossy(start).to_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if !start.starts_with('<') {
        return None;
    }
    if start.contains("<svg") {
        return Some("an SVG image");
    }
    ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|mark| start.starts_with(mark))
        .then_some("a web page")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(encoded: &[u8]) -> String {
        Format::of(encoded).unwrap_err().to_string()
    }

    fn media_file(major: &[u8; 4], compatible: &[&[u8; 4]]) -> Vec<u8> {
        let size = u32::try_from(16 + 4 * compatible.len()).unwrap();
        let brands = compatible.iter().copied().flatten().copied();
        [&size.to_be_bytes(), b"ftyp", major.as_slice(), &[0; 4]]
            .concat()
            .into_iter()
            .chain(brands)
            .chain(*b"\0\0\0\x08free")
            .collect()
    }

    #[test]
    fn what_cannot_be_decoded_is_named() {
        for (encoded, name) in [
            (
                media_file(b"heic", &[b"mif1", b"heic"]),
                "this is a HEIC image, which cannot be decoded",
            ),
            (media_file(b"mif1", &[b"mif1", b"heic"]), "a HEIC image"),
            (media_file(b"mif1", &[b"avif", b"mif1", b"miaf"]), "an AVIF image"),
            (media_file(b"msf1", &[b"hevc"]), "a HEIC image"),
            (media_file(b"avif", &[b"mif1"]), "an AVIF image"),
            (media_file(b"isom", &[b"mp41"]), "an MPEG-4 video"),
            (media_file(b"qt  ", &[]), "a QuickTime video"),
            (b"II*\0\x08\0\0\0".to_vec(), "a TIFF image"),
            (b"MM\0*\0\0\0\x08".to_vec(), "a TIFF image"),
            (b"%PDF-1.7\n".to_vec(), "a PDF document"),
            (
                b"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<svg xmlns=".to_vec(),
                "an SVG image",
            ),
            (b"<!DOCTYPE html><title>404</title>".to_vec(), "a web page"),
            (b"\x1A\x45\xDF\xA3\x9f".to_vec(), "a WebM"),
            (b"\xFF\x0A\xFA\x7F".to_vec(), "a JPEG XL image"),
            (b"RIFF\x10\0\0\0AVI LIST".to_vec(), "an AVI video"),
        ] {
            let message = refusal(&encoded);
            assert!(message.contains(name), "{name}: {message}");
        }
    }

    #[test]
    fn what_is_no_known_format_is_said_to_be_none() {
        for encoded in [
            &b""[..],
            b"\xFF",
            b"Dear diary",
            b"BMW is a maker of cars in Munich",
            b"\0\0\0\x18ftyp",
            b"RIFF\x10\0\0\0",
        ] {
            let error = Format::of(encoded).unwrap_err();
            assert!(matches!(error, Error::UnsupportedImage { .. }), "{error}");
        }
        assert!(refusal(b"Dear diary").contains("no known format"));
    }
}
