//! EXIF's `ImageDescription`.

use exif::{In, Reader, Tag, Value};

use super::text_of;

/// Descriptions stand near the beginning of a structure; a larger one has thumbnails and raw data behind them.
const MAX_BYTES: usize = 1_000_000;

/// The description in a TIFF structure.
pub fn description(tiff: &[u8]) -> Option<String> {
    // Some programs put into PNG and WebP what belongs into JPEG.
    let tiff = tiff.strip_prefix(b"Exif\0\0").unwrap_or(tiff);
    let tiff = &tiff[..tiff.len().min(MAX_BYTES)];
    let read = Reader::new().continue_on_error(true).read_raw(tiff.to_vec());
    let fields = read.or_else(|error| error.distill_partial_result(|_| {})).ok()?;
    let Value::Ascii(texts) = &fields.get_field(Tag::ImageDescription, In::PRIMARY)?.value else {
        return None;
    };
    // It should be ASCII, and mostly is UTF-8 where it is not.
    texts.first().map(|text| text_of(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..120), is_little in any::<bool>()) {
            let head: &[u8] = if is_little { b"II*\0\x08\0\0\0\x02\0\x0e\x01\x02\0" } else { b"MM\0*\0\0\0\x08\0\x02\x01\x0e\0\x02" };
            let _ = description(&[head, &bytes].concat());
            let _ = description(&bytes);
        }
    }
}
