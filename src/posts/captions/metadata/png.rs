//! Metadata in the chunks of a PNG file, before its pixels or after them.

use std::borrow::Cow;

use emofuse_core::budget::{MAX_INFLATED_BYTES, MAX_METADATA_BYTES, MAX_METADATA_PIECES};
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::{Metadata, keep};

const SIGNATURE: usize = 8;

/// Hexadecimal digits, spaces and line ends that the largest metadata takes.
const MAX_HEXADECIMAL: usize = 3 * MAX_METADATA_BYTES;

const XMP_KEYWORD: &[u8] = b"XML:com.adobe.xmp\0";

/// What ImageMagick and others begin the keyword of metadata of other formats with.
const RAW_PROFILE: &[u8] = b"Raw profile type ";

pub fn metadata(png: &[u8]) -> Metadata<'_> {
    let mut found = Metadata::default();
    let mut inflater = Inflater {
        left: MAX_INFLATED_BYTES,
    };
    let mut pieces = 0;
    for (kind, body) in Chunks(png.get(SIGNATURE..).unwrap_or_default()) {
        pieces += usize::from(matches!(&kind, b"iTXt" | b"tEXt" | b"zTXt"));
        if pieces > MAX_METADATA_PIECES {
            break;
        }
        match &kind {
            b"eXIf" => keep(&mut found.exif, Some(body.into())),
            b"iTXt" if found.xmp.is_none() => {
                let rest = body.strip_prefix(XMP_KEYWORD);
                found.xmp = rest.and_then(|rest| international_text(rest, &mut inflater));
            }
            b"tEXt" => raw_profile(body, None, &mut found).unwrap_or_default(),
            b"zTXt" => raw_profile(body, Some(&mut inflater), &mut found).unwrap_or_default(),
            _ => {}
        }
    }
    found
}

/// Unpacks compressed pieces, all of which together have a limit: those that turn out to be damaged count too.
struct Inflater {
    left: usize,
}

impl Inflater {
    fn inflated(&mut self, stream: &[u8]) -> Option<Vec<u8>> {
        match decompress_to_vec_zlib_with_limit(stream, self.left.min(MAX_METADATA_BYTES)) {
            Ok(text) => {
                self.left -= text.len();
                Some(text)
            }
            Err(error) => {
                self.left = self.left.saturating_sub(error.output.len());
                None
            }
        }
    }
}

/// The text behind a keyword: whether and how it is compressed, a language, a translated keyword, the text.
fn international_text<'a>(rest: &'a [u8], inflater: &mut Inflater) -> Option<Cow<'a, [u8]>> {
    let (compression, rest) = rest.split_first_chunk::<2>()?;
    let text = rest.splitn(3, |byte| *byte == 0).nth(2)?;
    match compression {
        [0, _] => Some(text.into()),
        [1, 0] => inflater.inflated(text).map(Into::into),
        _ => None,
    }
}

/// Metadata of other formats: a keyword with its name, how many bytes there are, and the bytes in hexadecimal.
fn raw_profile(body: &[u8], inflater: Option<&mut Inflater>, found: &mut Metadata<'_>) -> Option<()> {
    let (name, text) = split_at_zero(body.strip_prefix(RAW_PROFILE)?)?;
    let name = name.to_ascii_lowercase();
    let is_wanted = match &*name {
        b"iptc" | b"8bim" => found.iptc.is_none(),
        b"exif" => found.exif.is_none(),
        b"xmp" => found.xmp.is_none(),
        // The segment of a JPEG file, with its name.
        b"app1" => found.exif.is_none() || found.xmp.is_none(),
        _ => false,
    };
    if !is_wanted {
        return None;
    }
    let text = match (inflater, text) {
        (None, text) => Cow::Borrowed(text),
        (Some(inflater), [0, stream @ ..]) => inflater.inflated(stream)?.into(),
        (Some(_), _) => return None,
    };
    let bytes: Cow<'_, [u8]> = hexadecimal(&text)?.into();
    match &*name {
        b"iptc" | b"8bim" => keep(&mut found.iptc, Some(bytes)),
        b"exif" => keep(&mut found.exif, Some(bytes)),
        b"xmp" => keep(&mut found.xmp, Some(bytes)),
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

fn hexadecimal(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() > MAX_HEXADECIMAL {
        return None;
    }
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
