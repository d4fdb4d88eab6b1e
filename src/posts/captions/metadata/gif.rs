//! XMP in the application extension of a GIF file (XMP specification, part 3, section 1.1.2).

use super::Metadata;

/// The extension's introducer, its label, and the length and text of its identifier.
const XMP: &[u8] = b"\x21\xff\x0bXMP DataXMP";

/// A packet ends before 258 bytes that lead a reader of sub-blocks to the end; they begin so.
const TRAILER: &[u8] = b"\x01\xff\xfe\xfd\xfc";

/// The packet is found by the text that introduces it: walking through the sub-blocks of all frames would lead to the same place.
pub fn metadata(gif: &[u8]) -> Metadata<'_> {
    let packet = || {
        let start = gif.windows(XMP.len()).position(|window| window == XMP)? + XMP.len();
        let length = gif[start..]
            .windows(TRAILER.len())
            .position(|window| window == TRAILER)?;
        Some(gif[start..start + length].into())
    };
    Metadata {
        xmp: packet(),
        ..Metadata::default()
    }
}
