//! EXIF's `ImageDescription`.

use emofuse_core::budget::MAX_METADATA_BYTES;

use super::text_of;

const IMAGE_DESCRIPTION: u16 = 0x010e;
/// The type of texts, which end with a zero.
const ASCII: u16 = 2;
/// Bytes of an entry of a directory: a tag, a type, a count, and the value or where it stands.
const ENTRY: usize = 12;

/// The description in the first directory of a TIFF structure (TIFF 6.0, section 2). Other directories are not read: those that lie over each
/// other have more entries than memory holds.
pub fn description(tiff: &[u8]) -> Option<String> {
    // Some programs put into PNG and WebP what belongs into JPEG.
    let tiff = tiff.strip_prefix(b"Exif\0\0").unwrap_or(tiff);
    let tiff = &tiff[..tiff.len().min(MAX_METADATA_BYTES)];
    let is_little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |bytes: &[u8]| {
        let bytes = *bytes.first_chunk()?;
        Some(if is_little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    };
    let long = |bytes: &[u8]| {
        let bytes = *bytes.first_chunk()?;
        let number = if is_little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        };
        usize::try_from(number).ok()
    };
    let directory = tiff.get(long(&tiff[4..])?..)?;
    let (entries, _) = directory.get(2..)?.as_chunks::<ENTRY>();
    let is_wanted =
        |entry: &&[u8; ENTRY]| short(&entry[..]) == Some(IMAGE_DESCRIPTION) && short(&entry[2..]) == Some(ASCII);
    let entry = entries.iter().take(short(directory)?.into()).find(is_wanted)?;
    let length = long(&entry[4..])?;
    let text = match length {
        0..=4 => &entry[8..8 + length],
        _ => tiff.get(long(&entry[8..])?..)?.get(..length)?,
    };
    // It should be ASCII, and mostly is UTF-8 where it is not. A second text behind a zero is a note of who wrote the first.
    text.split(|byte| *byte == 0).next().map(text_of)
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
