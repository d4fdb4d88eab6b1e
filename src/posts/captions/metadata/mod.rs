//! The caption in an image's own metadata, whatever the format of the image.
//!
//! Comments (`COM` of JPEG, `tEXt` of PNG, GIF's) are not read: programs sign there.

mod bmff;
mod exif;
mod gif;
mod iptc;
mod jpeg;
mod png;
mod webp;
mod xmp;

use std::borrow::Cow;

use emofuse_core::{
    budget::MAX_METADATA_BYTES,
    caption::{is_automatic_metadata, written_caption},
};

use crate::encoding::decode;

/// The three kinds of metadata, as they stand in the file; the first of each kind counts.
#[derive(Debug, Default)]
struct Metadata<'a> {
    /// An XML packet.
    xmp: Option<Cow<'a, [u8]>>,
    /// Photoshop's image resources, or the IPTC records alone.
    iptc: Option<Cow<'a, [u8]>>,
    /// A TIFF structure.
    exif: Option<Cow<'a, [u8]>>,
}

impl<'a> Metadata<'a> {
    fn of(image: &'a [u8]) -> Option<Self> {
        match image {
            [0xff, 0xd8, 0xff, ..] => Some(jpeg::metadata(image)),
            [0x89, b'P', b'N', b'G', ..] => Some(png::metadata(image)),
            [b'G', b'I', b'F', b'8', ..] => Some(gif::metadata(image)),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(webp::metadata(image)),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(bmff::metadata(image)),
            _ => None,
        }
    }
}

/// Sets a value that has none.
fn keep<T>(first: &mut Option<T>, other: Option<T>) {
    if first.is_none() {
        *first = other;
    }
}

/// Finds the caption in the metadata of a JPEG, PNG, WebP, GIF or AVIF image: XMP `dc:description` (`x-default`, else the first),
/// else IPTC `Caption/Abstract` (2:120), else EXIF `ImageDescription`.
///
/// `None` if there is none that a person wrote, as [`written_caption`] decides, and for single words that say nothing
/// there (`Photo`, `unknown`). Broken metadata has no caption, nor has metadata above the limits of [`emofuse_core::budget`]; no bytes are an
/// error, and the pixels are not decoded.
#[must_use]
pub fn embedded_caption(image: &[u8]) -> Option<String> {
    let Metadata { xmp, iptc, exif } = Metadata::of(image)?;
    let written = |text: String| written_caption(&text).filter(|text| !is_automatic_metadata(text));
    let within = |piece: &Cow<'_, [u8]>| piece.len() <= MAX_METADATA_BYTES;
    let xmp = || written(xmp::description(&xmp.filter(within)?)?);
    let iptc = || written(iptc::caption(&iptc?)?);
    let exif = || written(exif::description(&exif?)?);
    xmp().or_else(iptc).or_else(exif)
}

/// A text of a standard that did not settle on an encoding: UTF-8, else Windows-1252; without the zeros at its end.
fn text_of(bytes: &[u8]) -> String {
    decode(bytes).0.trim_end_matches('\0').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEADS: [&[u8]; 6] = [
        b"\xff\xd8\xff\xe1\0\x20Exif\0\0",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a\x01\0\x01\0\0\0\0\x21\xff\x0bXMP DataXMP",
        b"RIFF\x40\0\0\0WEBPEXIF",
        b"\0\0\0\x14ftypavif\0\0\0\0avif\0\0\0\x40meta\0\0\0\0",
        b"",
    ];

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(head in 0_usize..6, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = embedded_caption(&[HEADS[head], &bytes].concat());
        }
    }
}
