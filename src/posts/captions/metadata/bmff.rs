//! Metadata in the items of an AVIF file (ISO/IEC 14496-12, section 8.11).

use emofuse_core::budget::MAX_ITEMS;

use super::{Metadata, keep};

pub fn metadata(file: &[u8]) -> Metadata<'_> {
    let mut found = Metadata::default();
    // A full box: version and flags before its boxes.
    let meta = || child(file, b"meta")?.get(4..);
    let Some(meta) = meta() else { return found };
    let (Some(items), Some(places)) = (child(meta, b"iinf"), child(meta, b"iloc")) else {
        return found;
    };
    let items = items_of(items).unwrap_or_default();
    for (id, start, length) in places_of(places).unwrap_or_default() {
        let body = || file.get(start..start.checked_add(length)?);
        if items.exif == Some(id) {
            // The offset of the TIFF header stands before it.
            keep(&mut found.exif, body().and_then(tiff).map(Into::into));
        } else if items.xmp == Some(id) {
            keep(&mut found.xmp, body().map(Into::into));
        }
    }
    found
}

/// Numbers of the first items with metadata.
#[derive(Default)]
struct Items {
    exif: Option<usize>,
    xmp: Option<usize>,
}

fn tiff(body: &[u8]) -> Option<&[u8]> {
    let (offset, rest) = body.split_first_chunk()?;
    rest.get(usize::try_from(u32::from_be_bytes(*offset)).ok()?..)
}

/// The body of the first box of a kind.
fn child<'a>(boxes: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    Boxes(boxes).find(|(kind, _)| kind == wanted).map(|(_, body)| body)
}

/// Kind and body of each box; ends at what is none.
struct Boxes<'a>(&'a [u8]);

impl<'a> Iterator for Boxes<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first_chunk()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let (head, length) = match u32::from_be_bytes(*length) {
            0 => (8, self.0.len()),
            1 => (16, usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).ok()?),
            length => (8, usize::try_from(length).ok()?),
        };
        let (whole, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((*kind, whole.get(head..)?))
    }
}

fn items_of(iinf: &[u8]) -> Option<Items> {
    let mut fields = Fields(iinf);
    let version = fields.take(1)?;
    fields.take(3)?;
    let count = fields.take(if version == 0 { 2 } else { 4 })?.min(MAX_ITEMS);
    let mut items = Items::default();
    for (kind, entry) in Boxes(fields.0).take(count) {
        if &kind == b"infe" {
            items.add(entry).unwrap_or_default();
        }
    }
    Some(items)
}

impl Items {
    fn add(&mut self, infe: &[u8]) -> Option<()> {
        let mut fields = Fields(infe);
        let version = fields.take(1)?;
        fields.take(3)?;
        let id = fields.take(if version == 3 { 4 } else { 2 })?;
        fields.take(2)?; // protection
        let (kind, rest) = fields.0.split_first_chunk::<4>()?;
        // A name and the type of the content, each with a zero at its end.
        let is_xmp = || rest.split(|byte| *byte == 0).nth(1) == Some(b"application/rdf+xml");
        match kind {
            b"Exif" => keep(&mut self.exif, Some(id)),
            b"mime" if is_xmp() => keep(&mut self.xmp, Some(id)),
            _ => {}
        }
        Some(())
    }
}

/// Number, place and length of each item that stands in the file in one piece.
fn places_of(iloc: &[u8]) -> Option<Vec<(usize, usize, usize)>> {
    let mut fields = Fields(iloc);
    let version = fields.take(1)?;
    fields.take(3)?;
    let sizes = fields.take(2)?;
    let [offset_size, length_size, base_size, index_size] = [sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15];
    let long = if version == 2 { 4 } else { 2 };
    let count = fields.take(long)?.min(MAX_ITEMS);
    let mut places = Vec::new();
    for _ in 0..count {
        let id = fields.take(long)?;
        let method = if version == 0 { 0 } else { fields.take(2)? & 15 };
        fields.take(2)?; // data reference
        let base = fields.take(base_size)?;
        let extents = fields.take(2)?;
        let index_size = if version > 0 { index_size } else { 0 };
        if extents != 1 {
            // Passed over at once, as they may take no bytes.
            fields.skip(extents.checked_mul(index_size + offset_size + length_size)?)?;
            continue;
        }
        fields.skip(index_size)?;
        let (offset, length) = (fields.take(offset_size)?, fields.take(length_size)?);
        if method == 0 {
            places.push((id, base.checked_add(offset)?, length));
        }
    }
    Some(places)
}

/// Big-endian numbers one behind another.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.0 = self.0.get(bytes..)?;
        Some(())
    }

    /// A number of so many bytes, 8 at most; zero of none.
    fn take(&mut self, bytes: usize) -> Option<usize> {
        let (number, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        number.iter().try_fold(0_usize, |value, byte| {
            value.checked_mul(256)?.checked_add(usize::from(*byte))
        })
    }
}
