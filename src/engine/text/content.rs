//! Captions that say nothing: stand-ins for a missing caption, file names, dates.

/// Longest caption that can be a stand-in or a name of a file, in characters.
const LONGEST: usize = 120;

/// What tables and programs write where there is no caption, without brackets and marks, in lower case.
const STAND_INS: [&str; 36] = [
    "n/a",
    "na",
    "n.a",
    "n\\a",
    "n / a",
    "none",
    "null",
    "nil",
    "nan",
    "nat",
    "undefined",
    "untitled",
    "unnamed",
    "no caption",
    "no captions",
    "no title",
    "no text",
    "no description",
    "no comment text",
    "without caption",
    "without title",
    "not available",
    "not applicable",
    "caption unavailable",
    "no caption available",
    "no caption provided",
    "no description available",
    "no alt text",
    "no alternative text description for this image",
    "no photo description available",
    "caption not available",
    "empty caption",
    "deleted",
    "removed",
    "untitled image",
    "untitled photo",
];

/// Endings of files that hold pictures and films.
const ENDINGS: [&str; 21] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "avif", "bmp", "heic", "heif", "tif", "tiff", "svg", "raw",
    "dng", "cr2", "mp4", "mov", "avi", "webm",
];

/// How programs and cameras begin the names that they give.
const CAMERAS: [&str; 40] = [
    "img",
    "image",
    "dsc",
    "dscn",
    "dscf",
    "dcim",
    "pic",
    "pict",
    "picture",
    "photo",
    "p",
    "pxl",
    "vid",
    "video",
    "mov",
    "mvimg",
    "gopr",
    "gh",
    "dji",
    "sam",
    "cimg",
    "imag",
    "hpim",
    "fb_img",
    "fullsizerender",
    "whatsapp image",
    "whatsapp video",
    "screenshot",
    "screen shot",
    "screen recording",
    "bildschirmfoto",
    "snapchat",
    "signal",
    "telegram",
    "received",
    "scan",
    "unnamed",
    "download",
    "untitled",
    "file",
];

/// Words of dates and times of day.
const DATES: [&str; 42] = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "am",
    "pm",
    "utc",
    "gmt",
];

/// Whether a caption is only a stand-in, the name of a file, or a date.
pub(super) fn says_nothing(caption: &str) -> bool {
    let caption = caption.trim();
    if caption.chars().take(LONGEST + 1).count() > LONGEST {
        return false;
    }
    let lower = caption.to_lowercase();
    let bare = lower.trim_matches(|character: char| {
        character.is_whitespace()
            || matches!(
                character,
                '.' | '!' | '-' | '–' | '—' | '_' | '*' | '"' | '\'' | '#' | '~' | '='
            )
            || matches!(
                character,
                '[' | ']' | '(' | ')' | '<' | '>' | '{' | '}' | ',' | '/' | '\\' | '“' | '”'
            )
    });
    STAND_INS.contains(&bare) || is_file_name(bare) || is_date(lower.trim())
}

/// `IMG_3397.JPG`, `DSC01234`, `Screenshot 2024-05-01 at 10.22.33.png`, `my-cat.jpeg`.
fn is_file_name(caption: &str) -> bool {
    let (name, has_ending) = match caption.rsplit_once('.') {
        Some((name, ending)) if ENDINGS.contains(&ending) => (name, true),
        _ => (caption, false),
    };
    if has_ending && !name.contains(char::is_whitespace) {
        return true;
    }
    // `20240101_123456`, `3f2a9c1e-…`
    let is_code = name.chars().filter(char::is_ascii_digit).count() >= 4
        && name
            .chars()
            .all(|character| character.is_ascii_hexdigit() || matches!(character, '-' | '_'))
        && (has_ending || name.len() >= 12);
    let after_camera = |camera: &&str| {
        let rest = name.strip_prefix(*camera)?;
        // Numbers, dates and what stands between them: `(1)`, `_edited`, `at 10.22.33 pm`, `wa0003`.
        let words = rest
            .split(|character: char| !character.is_alphabetic())
            .filter(|word| !word.is_empty());
        let only_numbers = words.clone().all(|word| {
            matches!(
                word,
                "at" | "wa"
                    | "am"
                    | "pm"
                    | "copy"
                    | "edited"
                    | "edit"
                    | "hdr"
                    | "pano"
                    | "burst"
                    | "mp"
                    | "portrait"
                    | "e"
            ) || DATES.contains(&word)
        });
        let has_number = rest.contains(|character: char| character.is_ascii_digit());
        Some(only_numbers && (has_number || has_ending) && !(rest.starts_with(' ') && is_word(camera) && !has_ending))
    };
    is_code || CAMERAS.iter().any(|camera| after_camera(camera) == Some(true))
}

/// Cameras' prefixes that are words too, after which a number with a space between is a caption: `photo 1`.
fn is_word(camera: &str) -> bool {
    matches!(
        camera,
        "p" | "received" | "signal" | "file" | "scan" | "download" | "sam" | "snapchat" | "telegram"
    )
}

/// `5 January 2024`, `Jan 5th, 10:30 pm`: with a number, and without any other word.
fn is_date(caption: &str) -> bool {
    let has_number = caption.contains(|character: char| character.is_ascii_digit());
    let is_plain = |character: char| character.is_ascii_alphanumeric() || " ,./-:+".contains(character);
    // A colon that no digit follows may be an emoticon's eyes.
    let has_eyes = caption
        .split(':')
        .skip(1)
        .any(|behind| !behind.starts_with(|next: char| next.is_ascii_digit()));
    if !caption.chars().all(is_plain) || has_eyes {
        return false;
    }
    let mut words = caption
        .split(|character: char| !character.is_alphabetic())
        .filter(|word| !word.is_empty());
    has_number
        && words.all(|word| {
            DATES.contains(&word) || matches!(word, "st" | "nd" | "rd" | "th" | "t" | "z" | "at" | "of" | "on")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rustfmt::skip]
    #[test]
    fn stand_ins_for_a_missing_caption_say_nothing() {
        for caption in [
            "N/A", "n/a", "NA", "none", "None.", "NULL", "null", "nan", "NaN", "no caption", "[No caption]",
            "Untitled", "untitled", "<NA>", "#N/A", "undefined", "(none)", "[deleted]", "- none -",
            "No photo description available.",
        ] {
            assert!(says_nothing(caption), "{caption}");
        }
    }

    #[rustfmt::skip]
    #[test]
    fn names_of_files_and_dates_say_nothing() {
        for caption in [
            "IMG_3397.JPG", "DSC01234", "image.png", "Screenshot 2024-05-01 at 10.22.33",
            "Screenshot_20240501-102233.png", "IMG-20240101-WA0003.jpg", "PXL_20240101_123456789.jpg",
            "photo.jpeg", "image (1).png", "my-cat.jpeg", "WhatsApp Image 2024-01-01 at 10.00.00 PM.jpeg",
            "20240101_123456", "5 January 2024", "Jan 5th, 2024", "2024-01-05", "Untitled-1.png", "DSC_0123",
            "P1010023", "FB_IMG_1523456789012.jpg", "3f2a9c1e-77aa-4c1b-9d0e-0123456789ab.png",
            "Screen Shot 2020-01-01 at 9.00.00 AM", "Image 12.png", "2024-05-01T10:22:33Z", "IMG_1234 (2)",
        ] {
            assert!(says_nothing(caption), "{caption}");
        }
    }

    #[rustfmt::skip]
    #[test]
    fn real_words_say_something() {
        for caption in [
            "none of us knew", "nothing", "no", "sad", "May", "Friday", "my photo", "photo of my dog",
            "untitled feelings", "removed from the team", "Paris 2024", "image", "I am 25", "12 days left",
            "no title can say this", "picture this", "the best img", "see you on 5 May", "img is down", "na na na",
            "P for pain", "sun", "march on", "am I ok", "face", "10:30 :)", "none :(", "2016 ❤",
            "1\u{fe0f}\u{20e3}", "5 May :-)",
        ] {
            assert!(!says_nothing(caption), "{caption}");
        }
    }
}
