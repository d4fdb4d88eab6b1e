//! From bytes to text.

use std::borrow::Cow;

/// How the bytes of a file became text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    Utf8,
    /// UTF-8 in which some bytes are wrong; they are read as U+FFFD.
    DamagedUtf8,
    /// UTF-16 with a byte order mark.
    Utf16,
    /// Windows-1252, of which ISO-8859-1's letters are a part: what old spreadsheets write.
    Windows1252,
}

/// Characters of the bytes 0x80 to 0x9F in Windows-1252 (WHATWG Encoding Standard, index windows-1252).
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Decodes a file without its byte order mark.
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, Encoding) {
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return (utf16(rest, u16::from_le_bytes), Encoding::Utf16);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return (utf16(rest, u16::from_be_bytes), Encoding::Utf16);
    }
    let (bytes, has_mark) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.into(), Encoding::Utf8);
    }
    if has_mark || is_mostly_utf8(bytes) {
        return (String::from_utf8_lossy(bytes), Encoding::DamagedUtf8);
    }
    let text: String = bytes
        .iter()
        .map(|byte| match byte {
            0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
            _ => char::from(*byte),
        })
        .collect();
    (text.into(), Encoding::Windows1252)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'static, str> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let mut text: String = char::decode_utf16(units)
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text.into()
}

/// Whether more characters beyond ASCII are valid than there are places where the bytes are wrong.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut wrong) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    valid > wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_decide_and_are_left_out() {
        assert_eq!(decode("\u{feff}día".as_bytes()), ("día".into(), Encoding::Utf8));
        let little: Vec<u8> = "\u{feff}día 😀".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}día 😀".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [little, big] {
            assert_eq!(decode(&bytes), ("día 😀".into(), Encoding::Utf16));
        }
        assert_eq!(decode(b"\xff\xfea\0\x3d\xd8b\0c").0, "a\u{fffd}b\u{fffd}");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_windows_1252() {
        assert_eq!(decode(b"caf\xe9 \x93hi\x94 \x80").0, "café “hi” €");
        assert_eq!(decode(b"caf\xe9").1, Encoding::Windows1252);
    }

    #[test]
    fn one_wrong_byte_does_not_make_utf8_something_else() {
        let (text, encoding) = decode(b"\xc3\xa9t\xc3\xa9, \xf0\x9f\x98, na\xc3\xafve");
        assert_eq!((&*text, encoding), ("été, \u{fffd}, naïve", Encoding::DamagedUtf8));
        assert_eq!(decode(b"\xef\xbb\xbfa\xe9").0, "a\u{fffd}");
    }
}
