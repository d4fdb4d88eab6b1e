//! Descriptions in the chunks of a PNG file, before its pixels or after them, which decoders do not read.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::description::Descriptions;

const SIGNATURE: usize = 8;

/// A compressed description may not take more than this.
const MAX_INFLATED: u64 = 1_000_000;

pub fn descriptions(png: &[u8]) -> Descriptions {
    let mut found = Descriptions::default();
    for (kind, body) in Chunks(png.get(SIGNATURE..).unwrap_or_default()) {
        match &kind {
            b"eXIf" => keep(&mut found.exif, Some(body.to_vec())),
            b"iTXt" => keep(
                &mut found.xmp,
                body.strip_prefix(b"XML:com.adobe.xmp\0\0\0").and_then(packet),
            ),
            b"tEXt" => keep(&mut found.iptc, raw_profile(body).and_then(hexadecimal)),
            b"zTXt" => keep(
                &mut found.iptc,
                raw_profile(body).and_then(inflated).as_deref().and_then(hexadecimal),
            ),
            _ => {}
        }
    }
    found
}

fn keep(first: &mut Option<Vec<u8>>, other: Option<Vec<u8>>) {
    if first.is_none() {
        *first = other;
    }
}

/// After the keyword and the compression, which XMP does not use: a language, a translated keyword, the text.
fn packet(rest: &[u8]) -> Option<Vec<u8>> {
    let mut parts = rest.splitn(3, |byte| *byte == 0);
    parts.nth(2).map(<[u8]>::to_vec)
}

/// What ImageMagick and others put IPTC into: a name, how many bytes there are, and the bytes in hexadecimal.
fn raw_profile(body: &[u8]) -> Option<&[u8]> {
    let names: [&[u8]; 2] = [b"Raw profile type iptc\0", b"Raw profile type 8bim\0"];
    names.iter().find_map(|name| body.strip_prefix(*name))
}

fn inflated(compressed: &[u8]) -> Option<Vec<u8>> {
    let (method, stream) = compressed.split_first()?;
    let mut text = Vec::new();
    let read = ZlibDecoder::new(stream).take(MAX_INFLATED).read_to_end(&mut text);
    (*method == 0 && read.is_ok()).then_some(text)
}

fn hexadecimal(text: &[u8]) -> Option<Vec<u8>> {
    let text = str::from_utf8(text).ok()?;
    let mut words = text.split_ascii_whitespace();
    let length: usize = words.by_ref().find_map(|word| word.parse().ok())?;
    let digits: Vec<u8> = words
        .flat_map(str::chars)
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.as_chunks().0.iter().map(|[high, low]| high << 4 | low).collect();
    (bytes.len() == length).then_some(bytes)
}

/// Kind and body of each chunk; ends at what is none.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first_chunk()?;
        let (kind, rest) = rest.split_first_chunk()?;
        let (body, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        let (_checksum, rest) = rest.split_first_chunk::<4>()?;
        self.0 = rest;
        Some((*kind, body))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_profile_is_read_as_many_bytes_as_it_says() {
        assert_eq!(
            hexadecimal(b"\niptc\n       3\n1c02\nfF\n"),
            Some(vec![0x1c, 0x02, 0xff])
        );
        assert_eq!(hexadecimal(b"\niptc\n       4\n1c02ff\n"), None);
        assert_eq!(hexadecimal(b"\niptc\n       1\nxy\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..100), kind in 0_usize..4) {
            let kind = [b"eXIf", b"iTXt", b"tEXt", b"zTXt"][kind];
            let keyword: &[u8] = if kind == b"iTXt" { b"XML:com.adobe.xmp\0\0\0" } else { b"Raw profile type iptc\0\0" };
            let length = ((keyword.len() + bytes.len()) as u32).to_be_bytes();
            descriptions(&[b"\x89PNG\r\n\x1a\n", &length[..], kind, keyword, &bytes, b"CRC ", &bytes].concat());
        }
    }
}
