//! The budget: the most that an input may have, may unpack to and may cost, in one place. Everything that reads what others wrote
//! takes its limits from here; `docs/reliability.md` shows them.
//!
//! A limit is checked before or while something is unpacked, never behind it.

/// Bytes of an encoded image: 64 MiB. A photograph of a camera's highest quality has half of that.
pub const MAX_IMAGE_BYTES: u64 = 64 * 1024 * 1024;

/// Pixels of an image: phones make no more of them at once but for a few, and browsers show hardly more.
pub const MAX_PIXELS: u64 = 100_000_000;

/// Bytes that an image may take while it is decoded, its four bytes a pixel among them. What a decoder needs beside them (coefficients of
/// a progressive JPEG, planes of a WebP) has to fit into the rest.
pub const MAX_DECODING_BYTES: u64 = 4 * MAX_PIXELS + 150_000_000;

/// Samples that all scans of a JPEG file may go over, of all channels. The ten scans of common programs go over each pixel eight to ten times.
pub const MAX_SCANNED_SAMPLES: u64 = 12 * MAX_PIXELS;

/// What a scan counts for at least, as beginning one costs as much as some blocks of it.
pub const MIN_SCAN_SAMPLES: u64 = 4096;

/// Bytes of an ICC profile, unpacked. The largest in use are printers', of 4 MB; libpng, and so browsers, take no more than this either.
pub const MAX_PROFILE_BYTES: usize = 8_000_000;

/// Bytes of one piece of an image's metadata that may hold its description: a packet of XMP, a directory of EXIF, Photoshop's resources.
/// Lightroom's largest packets have some hundred thousand.
pub const MAX_METADATA_BYTES: usize = 1_000_000;

/// Bytes that all compressed pieces of an image's metadata may unpack to together: one of each kind at its largest, and no more.
pub const MAX_INFLATED_BYTES: usize = 2 * MAX_METADATA_BYTES;

/// Pieces of an image's metadata that are looked at, compressed or not: `tEXt`, `zTXt` and `iTXt` of PNG. Programs write some dozens.
pub const MAX_METADATA_PIECES: usize = 1_000;

/// Items of an AVIF file that are looked at; a large image has some hundreds of tiles.
pub const MAX_ITEMS: usize = 10_000;

/// Nodes of a packet of XMP. Lightroom's edits have some thousands.
pub const MAX_XMP_NODES: u32 = 100_000;

/// Elements of a packet of XMP inside each other. Descriptions stand in the fifth, histories in the tenth.
pub const MAX_XMP_DEPTH: usize = 100;

/// Attributes of one element of XMP, each of which is compared with all others. Lightroom writes up to some hundreds.
pub const MAX_XMP_ATTRIBUTES: usize = 1_000;

/// Declarations of namespaces in a packet of XMP, in which each name is looked up. Programs write one or two dozen.
pub const MAX_XMP_NAMESPACES: usize = 250;

/// Bytes of a sidecar file: a caption, not a book.
pub const MAX_SIDECAR_BYTES: usize = 1_000_000;

/// Columns of a table. A file with more is hardly the table that is meant.
pub const MAX_COLUMNS: usize = 1_000;

/// Empty cells that the rows of a table may have before filled ones without a byte in the file for each, as JSON has them: so many in all,
/// and [`MAX_GAPS_PER_BYTE`] more for each byte.
pub const MAX_GAPS: usize = 1_000_000;

/// See [`MAX_GAPS`].
pub const MAX_GAPS_PER_BYTE: usize = 2;
