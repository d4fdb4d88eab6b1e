//! Images whose metadata unpacks to much, or takes long to read.

use miniz_oxide::deflate::compress_to_vec_zlib;

use super::{Named, image::chunk};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// All of them.
#[must_use]
pub fn all() -> Vec<Named> {
    vec![
        ("png-profiles-that-unpack", || png_profiles(2_000)),
        ("png-profiles-that-unpack-many", || png_profiles(60_000)),
        ("png-texts-that-unpack", || png_texts(2_000)),
        ("png-profiles-in-plain", || png_plain_profiles()),
        ("xmp-attributes", || xmp_of_attributes(150_000)),
        ("xmp-attributes-of-many-elements", || xmp_of_many_attributes()),
        ("xmp-namespaces", || xmp_of_namespaces(40_000)),
        ("xmp-namespaces-inside-each-other", || xmp_of_nested_namespaces(10_000)),
        ("xmp-namespaces-then-elements", || xmp_of_namespaces_and_elements()),
        ("xmp-depth", || {
            webp_with_xmp(format!("{}{}", "<a>".repeat(130_000), "</a>".repeat(130_000)).as_bytes())
        }),
        ("xmp-entities", || webp_with_xmp(&xmp_of_entities())),
        ("xmp-of-32-megabytes", || {
            webp_with_xmp(&b"<a b='c'/>".repeat(3_200_000))
        }),
        ("exif-directories", || exif_of_directories()),
        ("avif-extents-of-nothing", || avif_of_extents()),
        ("gif-packet-without-end", || {
            [
                b"GIF89a\x01\0\x01\0\0\0\0\x21\xff\x0bXMP DataXMP".to_vec(),
                b"\x01\xff\xfe\xfd".repeat(8_000_000),
            ]
            .concat()
        }),
        ("jpeg-resources", || jpeg_resources()),
    ]
}

/// Chunks that unpack to a megabyte each.
#[must_use]
pub fn png_profiles(count: usize) -> Vec<u8> {
    let text = [b"\nxyz\n 499999\n".to_vec(), vec![b'0'; 999_980]].concat();
    let body = [b"Raw profile type xyz\0\0", &compress_to_vec_zlib(&text, 9)[..]].concat();
    [SIGNATURE, &chunk(b"zTXt", &body).repeat(count)].concat()
}

fn png_texts(count: usize) -> Vec<u8> {
    // Cut off, so that each is unpacked and none is kept.
    let mut stream = compress_to_vec_zlib(&vec![b' '; 999_000], 9);
    stream.truncate(stream.len() - 6);
    let body = [b"XML:com.adobe.xmp\0\x01\0\0\0", &stream[..]].concat();
    [SIGNATURE, &chunk(b"iTXt", &body).repeat(count)].concat()
}

fn png_plain_profiles() -> Vec<u8> {
    let body = [b"Raw profile type xyz\0\nxyz\n 1\n".to_vec(), vec![b'0'; 16_000_000]].concat();
    [SIGNATURE, &chunk(b"tEXt", &body).repeat(3)].concat()
}

/// A WebP file with a packet of XMP, of any length.
#[must_use]
pub fn webp_with_xmp(packet: &[u8]) -> Vec<u8> {
    let size = (packet.len() as u32).to_le_bytes();
    [
        b"RIFF",
        &((packet.len() + 12) as u32).to_le_bytes()[..],
        b"WEBPXMP ",
        &size,
        packet,
    ]
    .concat()
}

/// One element with this many attributes.
#[must_use]
pub fn xmp_of_attributes(count: usize) -> Vec<u8> {
    let attributes: String = (0..count).map(|number| format!(" a{number:x}=''")).collect();
    webp_with_xmp(format!("<a{attributes}/>").as_bytes())
}

fn xmp_of_many_attributes() -> Vec<u8> {
    let attributes: String = (0..900).map(|number| format!(" a{number:x}=''")).collect();
    webp_with_xmp(format!("<a>{}</a>", format!("<a{attributes}/>").repeat(130)).as_bytes())
}

fn xmp_of_namespaces(count: usize) -> Vec<u8> {
    let names: String = (0..count)
        .map(|number| format!(" xmlns:a{number:x}='a{number:x}'"))
        .collect();
    webp_with_xmp(format!("<a{names}/>").as_bytes())
}

fn xmp_of_nested_namespaces(count: usize) -> Vec<u8> {
    let open: String = (0..count)
        .map(|number| format!("<a xmlns:a{number:x}='a{number:x}'>"))
        .collect();
    webp_with_xmp(format!("{open}{}", "</a>".repeat(count)).as_bytes())
}

fn xmp_of_namespaces_and_elements() -> Vec<u8> {
    let names: String = (0..250)
        .map(|number| format!(" xmlns:a{number:x}='a{number:x}'"))
        .collect();
    webp_with_xmp(format!("<a{names}>{}</a>", "<a0:b/>".repeat(90_000)).as_bytes())
}

fn xmp_of_entities() -> Vec<u8> {
    let mut text = "<!DOCTYPE a [<!ENTITY a0 'aaaaaaaaaa'>".to_owned();
    for number in 1..12 {
        text += &format!("<!ENTITY a{number} '{}'>", format!("&a{};", number - 1).repeat(10));
    }
    format!("{text}]><a>&a11;</a>").into_bytes()
}

/// Directories that lie over each other, each named by an entry of the first.
#[must_use]
pub fn exif_of_directories() -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend(30_000_u16.to_le_bytes());
    for entry in 0..30_000_u32 {
        tiff.extend([0x69, 0x87, 4, 0, 1, 0, 0, 0]);
        tiff.extend((360_020 + 2 * entry).to_le_bytes());
    }
    tiff.resize(360_020, 0);
    tiff.extend([0x30, 0x30].repeat(310_000));
    let size = (tiff.len() as u32).to_le_bytes();
    [
        b"RIFF",
        &((tiff.len() + 12) as u32).to_le_bytes()[..],
        b"WEBPEXIF",
        &size,
        &tiff,
    ]
    .concat()
}

/// Items of many extents that take no bytes.
#[must_use]
pub fn avif_of_extents() -> Vec<u8> {
    let bodied = |kind: &[u8; 4], body: &[u8]| [&((body.len() + 8) as u32).to_be_bytes()[..], kind, body].concat();
    let mut places = vec![0, 0, 0, 0, 0, 0];
    places.extend(10_000_u16.to_be_bytes());
    for item in 0..10_000_u16 {
        places.extend(item.to_be_bytes());
        places.extend([0, 0, 0xFF, 0xFF]);
    }
    let meta = [vec![0; 4], bodied(b"iinf", &[0; 6]), bodied(b"iloc", &places)].concat();
    [bodied(b"ftyp", b"avif\0\0\0\0avif"), bodied(b"meta", &meta)].concat()
}

fn jpeg_resources() -> Vec<u8> {
    let body = [b"Photoshop 3.0\0".to_vec(), vec![b'8'; 65_000]].concat();
    let length = ((body.len() + 2) as u16).to_be_bytes();
    let segment = [&[0xFF, 0xED], &length[..], &body].concat();
    [b"\xFF\xD8".to_vec(), segment.repeat(900), b"\xFF\xD9".to_vec()].concat()
}

/// Small ones of the same kinds.
#[must_use]
pub fn small() -> Vec<Vec<u8>> {
    vec![
        png_profiles(3),
        xmp_of_attributes(30),
        xmp_of_namespaces(20),
        xmp_of_nested_namespaces(20),
        webp_with_xmp(&xmp_of_entities()),
        jpeg_resources()[..2_000].to_vec(),
    ]
}
