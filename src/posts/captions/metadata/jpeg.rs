//! Metadata in the segments of a JPEG file (ITU-T T.81, annex B).

use emofuse_core::budget::MAX_METADATA_BYTES;

use super::{Metadata, keep};

const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;
const APP1: u8 = 0xe1;
const APP13: u8 = 0xed;

const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";

/// The first EXIF and XMP segments, and Photoshop's resources, which may go over several segments.
pub fn metadata(jpeg: &[u8]) -> Metadata<'_> {
    let mut found = Metadata::default();
    for (marker, body) in Segments(&jpeg[2..]) {
        match marker {
            APP1 => {
                keep(&mut found.exif, body.strip_prefix(EXIF).map(Into::into));
                keep(&mut found.xmp, body.strip_prefix(XMP).map(Into::into));
            }
            APP13 => match (body.strip_prefix(PHOTOSHOP), &mut found.iptc) {
                (Some(part), Some(resources)) if resources.len() + part.len() <= MAX_METADATA_BYTES => {
                    resources.to_mut().extend(part);
                }
                (Some(part), None) => found.iptc = Some(part.into()),
                (Some(_), Some(_)) | (None, _) => {}
            },
            _ => {}
        }
    }
    found
}

/// Marker and body of each segment before the pixels; ends at what is none.
struct Segments<'a>(&'a [u8]);

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.strip_prefix(&[0xff])?;
        // Any number of fill bytes may stand before a marker.
        let fill = rest.iter().take_while(|byte| **byte == 0xff).count();
        let (marker, rest) = rest[fill..].split_first()?;
        if matches!(*marker, START_OF_SCAN | END_OF_IMAGE | 0) {
            return None;
        }
        // TEM and the restart markers have no body.
        if matches!(*marker, 0x01 | 0xd0..=0xd8) {
            self.0 = rest;
            return Some((*marker, &[]));
        }
        let (length, _) = rest.split_first_chunk()?;
        let (segment, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        self.0 = rest;
        Some((*marker, segment.get(2..)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len() + 2).expect("short").to_be_bytes();
        [&[0xff, marker], &length[..], body].concat()
    }

    #[test]
    fn the_first_exif_counts_and_resources_go_on() {
        let parts = [
            b"\xff\xd8\xff\xff".to_vec(),
            segment(APP1, b"Exif\0\0one")[1..].to_vec(),
            segment(APP1, b"Exif\0\0two"),
            segment(APP13, b"Photoshop 3.0\08BIM"),
            segment(0xfe, b"a comment"),
            segment(APP13, b"Photoshop 3.0\0rest"),
            b"\xff\xda".to_vec(),
            segment(APP1, b"http://ns.adobe.com/xap/1.0/\0behind the pixels"),
        ];
        let jpeg = parts.concat();
        let found = metadata(&jpeg);
        assert_eq!(found.exif.as_deref(), Some(&b"one"[..]));
        assert_eq!(found.iptc.as_deref(), Some(&b"8BIMrest"[..]));
        assert_eq!(found.xmp, None);
    }
}
