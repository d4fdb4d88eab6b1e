//! The description that a picture's file carries along. Where one is broken, the picture is read without it.

use std::{io::Cursor, panic};

use image::{ImageDecoder, ImageFormat, ImageReader};

use super::{exif, iptc, png, trimmed, xmp};

/// The three kinds of descriptions, as they stand in the file.
#[derive(Default)]
pub struct Descriptions {
    /// An XML packet.
    pub xmp: Option<Vec<u8>>,
    /// Photoshop's image resources, or the IPTC records alone.
    pub iptc: Option<Vec<u8>>,
    /// A TIFF structure.
    pub exif: Option<Vec<u8>>,
}

/// The first description with a word in it: XMP, IPTC, EXIF.
pub fn read(picture: &[u8]) -> Option<String> {
    // A reader that panics at one of ten thousand pictures must not end the work on the others.
    panic::catch_unwind(|| first(picture)).ok()?
}

fn first(picture: &[u8]) -> Option<String> {
    let Descriptions { xmp, iptc, exif } = match image::guess_format(picture).ok()? {
        ImageFormat::Png => png::descriptions(picture),
        _ => decoders(picture)?,
    };
    let xmp = || trimmed(&xmp::description(&xmp?)?);
    let iptc = || trimmed(&iptc::caption(&iptc?)?);
    let exif = || trimmed(&exif::description(exif?)?);
    xmp().or_else(iptc).or_else(exif)
}

/// What the decoders of the other formats find.
fn decoders(picture: &[u8]) -> Option<Descriptions> {
    let reader = ImageReader::new(Cursor::new(picture)).with_guessed_format().ok()?;
    let mut decoder = reader.into_decoder().ok()?;
    Some(Descriptions {
        xmp: decoder.xmp_metadata().unwrap_or_default(),
        iptc: decoder.iptc_metadata().unwrap_or_default(),
        exif: decoder.exif_metadata().unwrap_or_default(),
    })
}
