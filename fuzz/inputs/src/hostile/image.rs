//! Images.

use miniz_oxide::deflate::compress_to_vec_zlib;

use super::{Bits, Named, profile};

/// A side of an image of 100 megapixels, the most that are allowed.
pub const SIDE: u16 = 10_000;

/// All of them.
#[must_use]
pub fn all() -> Vec<Named> {
    vec![
        ("bmp-without-pixels", || bmp(24, 0, &[])),
        ("bmp-run-lengths-without-runs", || bmp(8, 1, &[0, 1])),
        ("bmp-run-lengths-of-rows", || bmp(8, 1, &[255, 1].repeat(390_000))),
        ("gif-without-pixels", || gif(SIDE, SIDE, SIDE, &[])),
        ("gif-of-one-pixel", || gif(1, 1, SIDE, &[2, 0x44, 0x01])),
        ("gif-of-all-but-one-column", || {
            gif(SIDE - 1, SIDE, SIDE, &gif_of_one_colour())
        }),
        ("webp-lossless-of-one-colour", || webp_of_one_colour()),
        ("webp-lossy-without-pixels", || webp_lossy(449)),
        ("webp-lossy-of-zeros", || webp_lossy(300_000)),
        ("webp-animation-of-all-but-one-column", || webp_animation()),
        ("png-without-pixels", || png(6, 8, &[])),
        ("png-of-one-colour", || png_of_one_colour(6, 4)),
        ("png-of-one-grey", || png_of_one_colour(4, 2)),
        ("png-of-one-row", || png_of_one_row()),
        ("png-with-a-profile-that-unpacks", || {
            png(2, 8, &profile_chunk(&vec![0; 256 << 20]))
        }),
        ("png-with-a-text-many-times", || {
            png(2, 8, &profile_chunk(&profile::of_one_text_many_times(1_000, 1_600_000)))
        }),
        ("png-with-a-table-many-times", || {
            png(2, 8, &profile_chunk(&profile::of_one_table_many_times(700, 130)))
        }),
        ("png-turned-by-its-exif", || png_turned()),
        ("jpeg-of-100-scans", || jpeg_of_scans(7_000, 100, 1)),
        ("jpeg-of-300-scans", || jpeg_of_scans(7_000, 300, 1)),
        ("jpeg-of-5000-scans-of-little", || jpeg_of_scans(1_000, 5_000, 1)),
        ("jpeg-of-a-million-scans-of-nothing", || jpeg_of_scans(8, 1_000_000, 1)),
        ("jpeg-progressive-of-three-colours", || jpeg_of_scans(SIDE, 0, 3)),
        ("jpeg-of-three-colours-one-by-one", || jpeg_in_parts(SIDE)),
        ("jpeg-of-one-colour", || jpeg_baseline(SIDE, SIDE, &[])),
        ("jpeg-turned", || jpeg_baseline(SIDE, SIDE, &turned(6))),
        ("jpeg-of-two-sizes", || jpeg_of_two_sizes(8, 30_000)),
        ("jpeg-of-two-sizes-the-larger-first", || jpeg_of_two_sizes(30_000, 8)),
    ]
}

/// A bitmap of [`SIDE`] squared pixels.
#[must_use]
pub fn bmp(bits: u16, compression: u32, data: &[u8]) -> Vec<u8> {
    let palette = if bits <= 8 { 4 << bits } else { 0 };
    let start = 54 + palette as u32;
    let mut file = b"BM".to_vec();
    file.extend((start + data.len() as u32).to_le_bytes());
    file.extend([0; 4]);
    file.extend(start.to_le_bytes());
    file.extend(40_u32.to_le_bytes());
    file.extend(u32::from(SIDE).to_le_bytes().repeat(2));
    file.extend([1, 0]);
    file.extend(bits.to_le_bytes());
    file.extend(compression.to_le_bytes());
    file.extend([0; 20]);
    file.extend(vec![0x55; palette]);
    file.extend(data);
    file
}

/// A GIF whose frame has this size, on a canvas that is as wide as it is high.
#[must_use]
pub fn gif(width: u16, height: u16, canvas: u16, data: &[u8]) -> Vec<u8> {
    let mut file = b"GIF89a".to_vec();
    file.extend(canvas.to_le_bytes().repeat(2));
    file.extend([0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
    file.extend([0x2C, 0, 0, 0, 0]);
    file.extend(width.to_le_bytes());
    file.extend(height.to_le_bytes());
    file.extend([0, 2]);
    for block in data.chunks(255) {
        file.push(block.len() as u8);
        file.extend(block);
    }
    file.extend([0, 0x3B]);
    file
}

/// Codes for one colour, each for one pixel more than the one before, up to the longest.
fn gif_of_one_colour() -> Vec<u8> {
    let mut bits = Bits::default();
    let (mut width, mut pixels, mut next, mut length) = (3, 0_u32, 6_u32, 1_u32);
    bits.low_first(4, width).low_first(0, width);
    pixels += 1;
    while pixels < u32::from(SIDE) * u32::from(SIDE) {
        if next < 4096 {
            bits.low_first(next, width);
            length += 1;
            pixels += length;
            next += 1;
            if next == 1 << width && width < 12 {
                width += 1;
            }
        } else {
            bits.low_first(4095, width);
            pixels += length;
        }
    }
    bits.low_first(5, width);
    bits.from_low()
}

fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, content) in chunks {
        body.extend(*name);
        body.extend((content.len() as u32).to_le_bytes());
        body.extend(*content);
        body.extend(vec![0; content.len() % 2]);
    }
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

/// The chunk VP8L of an image of one colour, in a few bytes.
fn lossless(width: u32, height: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.low_first(0x2F, 8)
        .low_first(width - 1, 14)
        .low_first(height - 1, 14)
        .low_first(0, 4);
    // No transform, no cache of colours, no groups of codes; five codes of one symbol.
    bits.low_first(0, 3);
    for _ in 0..5 {
        bits.low_first(0b0001, 4);
    }
    bits.from_low()
}

fn webp_of_one_colour() -> Vec<u8> {
    riff(&[(b"VP8L", &[lossless(SIDE.into(), SIDE.into()), vec![0; 400]].concat())])
}

fn webp_lossy(size: usize) -> Vec<u8> {
    let mut frame = vec![
        0x10 | ((size as u32) << 5) as u8,
        (size >> 3) as u8,
        (size >> 11) as u8,
        0x9D,
        0x01,
        0x2A,
    ];
    frame.extend(SIDE.to_le_bytes().repeat(2));
    frame.extend(vec![0; size]);
    riff(&[(b"VP8 ", &frame)])
}

fn webp_animation() -> Vec<u8> {
    let number = |value: u32| value.to_le_bytes()[..3].to_vec();
    let side = u32::from(SIDE);
    let canvas = [vec![0x02, 0, 0, 0], number(side - 1), number(side - 1)].concat();
    let image = lossless(side - 2, side);
    let size = (image.len() as u32).to_le_bytes();
    let pad = vec![0; image.len() % 2];
    let frame = [number(0), number(0), number(side - 3), number(side - 1), vec![0; 4]].concat();
    let frame = [&frame[..], b"VP8L", &size, &image, &pad].concat();
    riff(&[(b"VP8X", &canvas), (b"ANIM", &[0; 6]), (b"ANMF", &frame)])
}

/// A chunk of a PNG file with its checksum.
#[must_use]
pub fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let body = [&name[..], content].concat();
    let crc = body.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 }
        })
    });
    [&(content.len() as u32).to_be_bytes()[..], &body, &(!crc).to_be_bytes()].concat()
}

fn png_of(width: u32, height: u32, colour: u8, depth: u8, chunks: &[u8], data: &[u8]) -> Vec<u8> {
    let header = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[depth, colour, 0, 0, 0],
    ]
    .concat();
    [
        b"\x89PNG\r\n\x1a\n",
        &chunk(b"IHDR", &header)[..],
        chunks,
        &chunk(b"IDAT", data),
        &chunk(b"IEND", &[]),
    ]
    .concat()
}

fn png(colour: u8, depth: u8, chunks: &[u8]) -> Vec<u8> {
    if chunks.is_empty() {
        return png_of(
            SIDE.into(),
            SIDE.into(),
            colour,
            depth,
            &[],
            &compress_to_vec_zlib(&[0; 8], 6),
        );
    }
    png_of(1, 1, colour, depth, chunks, &compress_to_vec_zlib(&[0; 4], 6))
}

fn png_of_one_colour(colour: u8, channels: usize) -> Vec<u8> {
    let side = usize::from(SIDE);
    png_of(
        SIDE.into(),
        SIDE.into(),
        colour,
        8,
        &[],
        &compress_to_vec_zlib(&vec![0; (side * channels + 1) * side], 1),
    )
}

/// All pixels in one row, of 16 bits a channel.
fn png_of_one_row() -> Vec<u8> {
    let pixels = u32::from(SIDE) * u32::from(SIDE);
    png_of(
        pixels,
        1,
        6,
        16,
        &[],
        &compress_to_vec_zlib(&vec![0; pixels as usize * 8 + 1], 1),
    )
}

fn png_turned() -> Vec<u8> {
    let side = usize::from(SIDE);
    let exif = chunk(b"eXIf", &exif_orientation(8));
    png_of(
        SIDE.into(),
        SIDE.into(),
        0,
        8,
        &exif,
        &compress_to_vec_zlib(&vec![0; (side + 1) * side], 1)
            .into_iter()
            .collect::<Vec<u8>>(),
    )
}

fn profile_chunk(profile: &[u8]) -> Vec<u8> {
    chunk(b"iCCP", &[b"p\0\0", &compress_to_vec_zlib(profile, 6)[..]].concat())
}

fn exif_orientation(orientation: u8) -> Vec<u8> {
    [
        b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0",
        &[orientation, 0, 0, 0, 0, 0, 0, 0][..],
    ]
    .concat()
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = ((body.len() + 2) as u16).to_be_bytes();
    [&[0xFF, marker], &length[..], body].concat()
}

fn turned(orientation: u8) -> Vec<u8> {
    segment(0xE1, &[b"Exif\0\0", &exif_orientation(orientation)[..]].concat())
}

fn jpeg_frame(marker: u8, width: u16, height: u16, components: u8) -> Vec<u8> {
    let mut frame = vec![8];
    frame.extend(height.to_be_bytes());
    frame.extend(width.to_be_bytes());
    frame.push(components);
    for component in 1..=components {
        frame.extend([component, 0x11, 0]);
    }
    segment(marker, &frame)
}

/// Tables of one code each: nothing for the first value, and the longest run of blocks without others.
fn jpeg_tables() -> Vec<u8> {
    let mut code = [0; 17];
    code[1] = 1;
    let mut table = |class: u8, symbol: u8| {
        code[0] = class;
        segment(0xC4, &[&code[..], &[symbol]].concat())
    };
    [
        segment(0xDB, &[&[0][..], &[1; 64]].concat()),
        table(0x00, 0),
        table(0x10, 0xE0),
        table(0x11, 0),
    ]
    .concat()
}

fn jpeg_scan(components: &[u8], tables: u8, spectrum: [u8; 3], data: &[u8]) -> Vec<u8> {
    let mut scan = vec![components.len() as u8];
    for component in components {
        scan.extend([*component, tables]);
    }
    scan.extend(spectrum);
    let stuffed = data
        .iter()
        .flat_map(|byte| if *byte == 0xFF { vec![0xFF, 0] } else { vec![*byte] });
    segment(0xDA, &scan).into_iter().chain(stuffed).collect()
}

/// A progressive JPEG that looks at all its blocks again and again.
#[must_use]
pub fn jpeg_of_scans(side: u16, scans: usize, components: u8) -> Vec<u8> {
    let blocks = u32::from(side).div_ceil(8).pow(2);
    let mut first = Bits::default();
    for _ in 0..(blocks * u32::from(components)).div_ceil(32) {
        first.low_first(0, 32);
    }
    let mut runs = Bits::default();
    for _ in 0..blocks.div_ceil(32_767) {
        runs.high_first(0, 1).high_first(16_383, 14);
    }
    let (first, runs) = (first.from_high(), runs.from_high());
    let all: Vec<u8> = (1..=components).collect();
    let mut file = [
        b"\xFF\xD8".to_vec(),
        jpeg_frame(0xC2, side, side, components),
        jpeg_tables(),
        jpeg_scan(&all, 0, [0, 0, 0], &first),
        jpeg_scan(&[1], 0, [1, 63, 0x01], &runs),
    ]
    .concat();
    let again = jpeg_scan(&[1], 0, [1, 63, 0x10], &runs);
    for _ in 0..scans {
        file.extend(&again);
    }
    file.extend(b"\xFF\xD9");
    file
}

/// A JPEG that is not progressive and has a scan for each colour.
fn jpeg_in_parts(side: u16) -> Vec<u8> {
    let blocks = usize::from(side).div_ceil(8).pow(2);
    let data = vec![0; blocks.div_ceil(4)];
    let scans = [1, 2, 3].map(|component| jpeg_scan(&[component], 0x01, [0, 63, 0], &data));
    [
        b"\xFF\xD8".to_vec(),
        jpeg_frame(0xC0, side, side, 3),
        jpeg_tables(),
        scans.concat(),
        b"\xFF\xD9".to_vec(),
    ]
    .concat()
}

/// A JPEG of one colour.
#[must_use]
pub fn jpeg_baseline(width: u16, height: u16, segments: &[u8]) -> Vec<u8> {
    let blocks = usize::from(width).div_ceil(8) * usize::from(height).div_ceil(8);
    let data = vec![0; (3 * blocks).div_ceil(4)];
    let frame = jpeg_frame(0xC0, width, height, 3);
    let scan = jpeg_scan(&[1, 2, 3], 0x01, [0, 63, 0], &data);
    [&b"\xFF\xD8"[..], segments, &frame, &jpeg_tables(), &scan, b"\xFF\xD9"].concat()
}

/// Two frames, of which programs may take the one or the other.
fn jpeg_of_two_sizes(first: u16, second: u16) -> Vec<u8> {
    let file = jpeg_baseline(8, 8, &jpeg_frame(0xC0, first, first, 3));
    let frame = jpeg_frame(0xC0, 8, 8, 3);
    let place = file
        .windows(frame.len())
        .position(|window| window == frame)
        .unwrap_or(2);
    let last = file
        .windows(frame.len())
        .rposition(|window| window == frame)
        .unwrap_or(place);
    [
        &file[..last],
        &jpeg_frame(0xC0, second, second, 3)[..],
        &file[last + frame.len()..],
    ]
    .concat()
}

/// Those that are a few hundred bytes, or as small as they can be.
pub const SMALL: [fn() -> Vec<u8>; 10] = [
    || bmp(24, 0, &[]),
    || bmp(8, 1, &[0, 1]),
    || gif(1, 1, SIDE, &[2, 0x44, 0x01]),
    webp_of_one_colour,
    || webp_lossy(449),
    webp_animation,
    || jpeg_of_scans(16, 20, 3),
    || jpeg_in_parts(16),
    || jpeg_baseline(24, 8, &turned(6)),
    || png(2, 8, &profile_chunk(&profile::of_one_table_many_times(20, 3))),
];
