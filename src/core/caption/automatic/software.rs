//! Texts that programs put in by themselves.

use super::signatures;

/// Whole texts, lower case.
const TEXTS: &[&str] = &[
    "applemark",
    "ascii",
    "binary comment",
    "camera roll",
    "default",
    "exif_jpeg_picture",
    "gif",
    "iclarified",
    "jpeg",
    "jpg",
    "lead technologies inc",
    "my beautiful picture",
    "picasa",
    "png",
    "screen shot",
    "screenshot",
    "sent from my android",
    "sent from my ipad",
    "sent from my iphone",
    "untitled",
    "untitled image",
    "untitled photo",
    "image description",
];

/// Words that say nothing as metadata, and may say something elsewhere; lower case.
const DEFAULT_WORDS: &[&str] = &[
    "burst",
    "camera",
    "caption",
    "description",
    "graphic",
    "hdr",
    "icon",
    "image",
    "img",
    "instagram",
    "logo",
    "no name",
    "normal",
    "panorama",
    "photo",
    "photograph",
    "pic",
    "picture",
    "portrait",
    "scan",
    "scanned image",
    "scanner",
    "selfie",
    "single",
    "thumbnail",
    "unbekannt",
    "unknown",
    "unicode",
    "none",
    "web",
    "whatsapp",
];

/// Beginnings of texts that are automatic to their end, lower case.
const BEGINNINGS: &[&str] = &[
    "(binary data ",
    "binary data ",
    "charset=",
    "creator: gd-jpeg",
    "file source: http",
    "file written by adobe photoshop",
    "intel(r) jpeg",
    "lead technologies inc",
    "lavc",
    "optimized by jpegmini",
    "string with binary data",
    "handmade software, inc",
    "lorem ipsum dolor",
    "xr-fotos",
];

/// Whether a program wrote a text: a default, a signature, or a notice of rights.
pub fn is_software(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let lower = words.join(" ").to_lowercase();
    let plain = lower.trim_end_matches(['.', '!']);
    TEXTS.contains(&plain)
        || BEGINNINGS.iter().any(|beginning| lower.starts_with(beginning))
        || signatures::is_signature(&words)
        || signatures::is_program(&words)
        || is_notice(&lower)
        || is_lost_text(text)
}

/// Whether a text in an image's metadata is a word that programs put there by default.
pub fn is_default_word(text: &str) -> bool {
    DEFAULT_WORDS.contains(&&*text.to_lowercase())
}

/// `© 2020 Somebody`: a line that names who holds the rights, without a sentence behind it.
fn is_notice(lower: &str) -> bool {
    const MOST_WORDS: usize = 12;
    let line = lower.trim_end_matches('.');
    let (line, is_reserved) = match line.strip_suffix("all rights reserved") {
        Some(line) => (line.trim_end_matches(['.', ',', ' ']), true),
        None => (line, false),
    };
    if line.contains(['!', '?', '\n']) || line.contains(". ") || line.split(' ').count() > MOST_WORDS {
        return false;
    }
    is_reserved
        || line
            .strip_prefix('©')
            .is_some_and(|rest| rest.contains(char::is_alphanumeric))
        || line.starts_with("(c) ")
        || names_holder(line)
}

/// Whether a line goes on after "copyright" as such lines do: with a mark, a year or a name.
fn names_holder(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("copyright").map(str::trim_start) else {
        return false;
    };
    let year = rest.chars().take_while(char::is_ascii_digit).count();
    rest.is_empty() || rest.starts_with(['©', ':']) || rest.starts_with("(c)") || rest.starts_with("by ") || year == 4
}

/// `???? ?? ?????`: words whose letters an encoding did not have.
fn is_lost_text(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_lost = |word: &&str| word.chars().all(|character| character == '?');
    words.len() > 1 && words.iter().any(|word| word.len() > 2) && words.iter().all(is_lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_of_programs_end_with_their_names() {
        for text in [
            "Processed with VSCO with a6 preset",
            "Created with GIMP",
            "Adobe Photoshop CS6 (Windows)",
            "created with gimp",
            "Edited with Snapseed",
            "Edited with Foodie App",
            "Shared via Instagram",
            "Scanned with CamScanner",
            "Taken with my iPhone".replace("my ", "").as_str(),
            "© 2020 Somebody",
            "Copyright (c) Somebody. All rights reserved.",
            "???? ?? ?????",
        ] {
            assert!(is_software(text), "{text}");
        }
    }

    #[test]
    fn people_make_and_take_things_too() {
        for text in [
            "Made with love",
            "Created with Love",
            "taken by surprise",
            "Taken by Surprise",
            "edited with tears in my eyes",
            "Made by my daughter",
            "default again, so tired",
            "copyright is theft",
            "© my heart belongs to you. I miss you so much",
            "???",
            "?!? what",
            "screenshot or it did not happen",
        ] {
            assert!(!is_software(text), "{text}");
        }
    }
}
