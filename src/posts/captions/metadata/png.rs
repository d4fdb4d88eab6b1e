//! Metadata in the chunks of a PNG file, before its pixels or after them.

use std::borrow::Cow;

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::{Metadata, keep};

const SIGNATURE: usize = 8;

/// The most bytes that compressed metadata may take.
const MAX_INFLATED: usize = 1_000_000;

const XMP_KEYWORD: &[u8] = b"XML:com.adobe.xmp\0";

/// What ImageMagick and others begin the keyword of metadata of other formats with.
const RAW_PROFILE: &[u8] = b"Raw profile type ";

pub fn metadata(png: &[u8]) -> Metadata<'_> {
    let mut found = Metadata::default();
    for (kind, body) in Chunks(png.get(SIGNATURE..).unwrap_or_default()) {
        match &kind {
            b"eXIf" => keep(&mut found.exif, Some(body.into())),
            b"iTXt" => keep(
                &mut found.xmp,
                body.strip_prefix(XMP_KEYWORD).and_then(international_text),
            ),
            b"tEXt" | b"zTXt" => raw_profile(body, &kind == b"zTXt", &mut found).unwrap_or_default(),
            _ => {}
        }
    }
    found
}

/// The text behind a keyword: whether and how it is compressed, a language, a translated keyword, the text.
fn international_text(rest: &[u8]) -> Option<Cow<'_, [u8]>> {
    let (compression, rest) = rest.split_first_chunk::<2>()?;
    let text = rest.splitn(3, |byte| *byte == 0).nth(2)?;
    match compression {
        [0, _] => Some(text.into()),
        [1, 0] => inflated(text).map(Into::into),
        _ => None,
    }
}

/// Metadata of other formats: a keyword with its name, how many bytes there are, and the bytes in hexadecimal.
fn raw_profile(body: &[u8], is_compressed: bool, found: &mut Metadata<'_>) -> Option<()> {
    let (name, text) = split_at_zero(body.strip_prefix(RAW_PROFILE)?)?;
    let text = match (is_compressed, text) {
        (false, text) => Cow::Borrowed(text),
        (true, [0, stream @ ..]) => inflated(stream)?.into(),
        (true, _) => return None,
    };
    let bytes: Cow<'_, [u8]> = hexadecimal(&text)?.into();
    match &*name.to_ascii_lowercase() {
        b"iptc" | b"8bim" => keep(&mut found.iptc, Some(bytes)),
        b"exif" => keep(&mut found.exif, Some(bytes)),
        b"xmp" => keep(&mut found.xmp, Some(bytes)),
        // The segment of a JPEG file, with its name.
        b"app1" if bytes.starts_with(b"Exif") => keep(&mut found.exif, Some(bytes)),
        b"app1" => keep(
            &mut found.xmp,
            split_at_zero(&bytes).map(|(_, packet)| packet.to_vec().into()),
        ),
        _ => {}
    }
    Some(())
}

fn split_at_zero(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let place = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..place], &bytes[place + 1..]))
}

fn inflated(stream: &[u8]) -> Option<Vec<u8>> {
    decompress_to_vec_zlib_with_limit(stream, MAX_INFLATED).ok()
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
            metadata(&[b"\x89PNG\r\n\x1a\n", &length[..], kind, keyword, &bytes, b"CRC ", &bytes].concat());
        }
    }
}
