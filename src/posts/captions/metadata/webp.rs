//! Metadata in the chunks of a WebP file (RFC 9649, section 2.7.1.5).

use super::{Metadata, keep};

/// `RIFF`, a size and `WEBP`.
const HEAD: usize = 12;

pub fn metadata(webp: &[u8]) -> Metadata<'_> {
    let mut found = Metadata::default();
    for (kind, body) in Chunks(webp.get(HEAD..).unwrap_or_default()) {
        match &kind {
            b"EXIF" => keep(&mut found.exif, Some(body.into())),
            b"XMP " => keep(&mut found.xmp, Some(body.into())),
            _ => {}
        }
    }
    found
}

/// Kind and body of each chunk; ends at what is none.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = self.0.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (body, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
        // Bodies of odd length have a byte of padding, which may be missing at the end of the file.
        self.0 = rest.get(body.len() % 2..).unwrap_or_default();
        Some((*kind, body))
    }
}
