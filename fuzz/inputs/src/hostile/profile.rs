//! ICC profiles.

/// Bytes of a profile's header, before the number of its tags.
const HEADER: usize = 128;

/// A profile for red, green and blue with these tags: a name, and the place and size of its data behind the table.
#[must_use]
pub fn of_tags(tags: &[([u8; 4], usize, usize)], data: &[u8]) -> Vec<u8> {
    let start = HEADER + 4 + 12 * tags.len();
    let size = (start + data.len()) as u32;
    let mut profile = vec![0; HEADER];
    profile[..4].copy_from_slice(&size.to_be_bytes());
    profile[8..12].copy_from_slice(&[4, 0, 0, 0]);
    profile[12..16].copy_from_slice(b"mntr");
    profile[16..20].copy_from_slice(b"RGB ");
    profile[20..24].copy_from_slice(b"XYZ ");
    profile[36..40].copy_from_slice(b"acsp");
    profile.extend((tags.len() as u32).to_be_bytes());
    for (name, place, size) in tags {
        profile.extend(name);
        profile.extend(((start + place) as u32).to_be_bytes());
        profile.extend((*size as u32).to_be_bytes());
    }
    profile.extend(data);
    profile
}

/// The same long text, as many times as there are records that name it.
#[must_use]
pub fn of_one_text_many_times(records: usize, length: usize) -> Vec<u8> {
    let start = 16 + 12 * records;
    let mut data = b"mluc\0\0\0\0".to_vec();
    data.extend((records as u32).to_be_bytes());
    data.extend(12_u32.to_be_bytes());
    for _ in 0..records {
        data.extend(b"enUS");
        data.extend((length as u32).to_be_bytes());
        data.extend((start as u32).to_be_bytes());
    }
    data.extend(std::iter::repeat_n([0, b'a'], length / 2).flatten());
    of_tags(&[(*b"desc", 0, data.len())], &data)
}

/// A table of colours that is named many times.
#[must_use]
pub fn of_one_table_many_times(tags: usize, points: u8) -> Vec<u8> {
    let names = [*b"A2B0", *b"A2B1", *b"A2B2", *b"B2A0", *b"B2A1", *b"B2A2", *b"gamt"];
    let mut data = b"mft1\0\0\0\0".to_vec();
    data.extend([3, 3, points, 0]);
    data.extend([0; 36]);
    data.extend([7; 256 * 3]);
    data.extend(std::iter::repeat_n(9, usize::from(points).pow(3) * 3));
    data.extend([5; 256 * 3]);
    let tags: Vec<_> = (0..tags)
        .map(|place| (names[place % names.len()], 0, data.len()))
        .collect();
    of_tags(&tags, &data)
}
