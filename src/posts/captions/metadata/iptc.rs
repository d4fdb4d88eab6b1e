//! IPTC's `Caption/Abstract`, as the Information Interchange Model 4.2 has it: records of a number, a data set and bytes.

use super::text_of;

/// Photoshop's name for the resource that the records are in.
const IPTC_RESOURCE: u16 = 0x0404;

const CAPTION: (u8, u8) = (2, 120);

/// The caption in Photoshop's image resources, or in bare records.
pub fn caption(data: &[u8]) -> Option<String> {
    let records = if data.starts_with(b"8BIM") {
        resource(data, IPTC_RESOURCE)?
    } else {
        data
    };
    // Record 1:90 may say that texts are UTF-8. What is UTF-8 without it is hardly ever something else, and what is not is not UTF-8,
    // whatever it says.
    Records(records)
        .find(|(kind, _)| *kind == CAPTION)
        .map(|(_, text)| text_of(text))
}

/// An image resource: `8BIM`, a number, a name and the data, the latter two of even length.
fn resource(mut data: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let rest = data.strip_prefix(b"8BIM")?;
        let (number, rest) = rest.split_first_chunk()?;
        let name = usize::from(*rest.first()?) + 1;
        let (length, rest) = rest.get(name.next_multiple_of(2)..)?.split_first_chunk()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let body = rest.get(..length)?;
        if u16::from_be_bytes(*number) == wanted {
            return Some(body);
        }
        data = rest.get(length.next_multiple_of(2)..)?;
    }
}

/// The records one after another; ends at what is none.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = ((u8, u8), &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let ([0x1c, record, data_set, high, low], rest) = self.0.split_first_chunk()? else {
            return None;
        };
        let short = u16::from_be_bytes([*high, *low]);
        // Above 32 KB, this is the length of the length.
        let (length, rest) = match short & 0x8000 {
            0 => (usize::from(short), rest),
            _ => {
                let (long, rest) = rest.split_at_checked(usize::from(short & 0x7fff))?;
                let length = long.iter().try_fold(0_usize, |length, byte| {
                    length.checked_mul(256)?.checked_add(usize::from(*byte))
                })?;
                (length, rest)
            }
        };
        let (body, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(((*record, *data_set), body))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_caption_with_a_long_length_is_found_after_other_records() {
        let mut records = b"\x1c\x02\x05\x00\x03one\x1c\x02\x78\x80\x04\x00\x00\x9c\x40".to_vec();
        records.extend([b'a'; 40_000]);
        assert_eq!(caption(&records).map(|text| text.len()), Some(40_000));
        records.pop();
        assert_eq!(caption(&records), None, "cut off");
    }

    #[test]
    fn resources_with_names_and_odd_lengths_are_passed_over() {
        let data = b"8BIM\x03\xe8\x04name\0\0\0\0\x03abc\08BIM\x04\x04\0\0\0\0\0\x08\x1c\x02\x78\x00\x03\xe9t\xe9";
        assert_eq!(caption(data), Some("\u{e9}t\u{e9}".into()));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), cut in 0_usize..40) {
            let whole = b"8BIM\x04\x04\0\0\0\0\0\x08\x1c\x02\x78\x00\x03abc";
            let _ = caption(&bytes);
            let _ = caption(&[&whole[..cut.min(whole.len())], &bytes].concat());
        }
    }
}
