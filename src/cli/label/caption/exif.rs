//! EXIF's `ImageDescription`.

use exif::{In, Reader, Tag, Value};

use super::iptc::latin_1;

/// The description in a TIFF structure.
pub fn description(tiff: Vec<u8>) -> Option<String> {
    // Some programs put into WebP what belongs into JPEG.
    let tiff = tiff.strip_prefix(b"Exif\0\0").map(<[u8]>::to_vec).unwrap_or(tiff);
    let read = Reader::new().continue_on_error(true).read_raw(tiff);
    let fields = read.or_else(|error| error.distill_partial_result(|_| {})).ok()?;
    let Value::Ascii(texts) = &fields.get_field(Tag::ImageDescription, In::PRIMARY)?.value else {
        return None;
    };
    // It should be ASCII, and mostly is UTF-8 where it is not.
    texts.first().map(|text| latin_1(text))
}
