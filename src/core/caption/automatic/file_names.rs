//! Names that files have from cameras, phones and programs.

use super::runs::Runs;

/// Endings of the names of images and videos.
const MEDIA_ENDINGS: &[&str] = &[
    "jpg", "jpeg", "jfif", "jpe", "png", "webp", "gif", "bmp", "avif", "heic", "heif", "tif", "tiff", "svg", "jxl",
    "jp2", "psd", "dng", "cr2", "cr3", "nef", "arw", "orf", "rw2", "raf", "mp4", "m4v", "mov", "avi", "3gp", "mkv",
    "webm", "mpg",
];

/// Words that a name with a number begins with, also with spaces: `Image (3)`, `WhatsApp Image 2020-01-01 at 12.00.00`.
const WORDS: &[&str] = &[
    "bild",
    "bildschirmfoto",
    "camphoto",
    "capture",
    "collage",
    "download",
    "dsc",
    "dscf",
    "dscn",
    "foto",
    "image",
    "imagen",
    "img",
    "img-wa",
    "immagine",
    "photo",
    "pic",
    "pict",
    "picture",
    "scan",
    "screen",
    "screenshot",
    "snapchat",
    "unbenannt",
    "unnamed",
    "untitled",
    "video",
    "whatsapp",
    "captura",
    "écran",
    "ecran",
    "ekranu",
    "ekrana",
    "pantalla",
    "schermafbeelding",
    "schermata",
    "skjermbilde",
    "skærmbillede",
    "skärmavbild",
    "tela",
    "zrzut",
    "снимок",
    "экрана",
    "スクリーンショット",
    "屏幕截图",
    "截图",
    "截屏",
    "스크린샷",
];

/// Beginnings of names without spaces: `PXL_20230101_123456789`.
const CODES: &[&str] = &[
    "avatar",
    "burst",
    "cam",
    "camera",
    "cimg",
    "clip",
    "dcam",
    "dcp",
    "dcs",
    "dji",
    "dscd",
    "duw",
    "ek",
    "export",
    "facebook",
    "fb",
    "file",
    "frame",
    "g",
    "gedc",
    "gf",
    "gh",
    "gopr",
    "gp",
    "gx",
    "hpim",
    "im",
    "imag",
    "imgp",
    "imm",
    "inshot",
    "instagram",
    "jd",
    "kif",
    "lmc",
    "lrm",
    "mg",
    "mgp",
    "mmexport",
    "mov",
    "mvc",
    "mvi",
    "mvimg",
    "p",
    "pa",
    "pano",
    "panorama",
    "photogrid",
    "picsart",
    "pxl",
    "received",
    "resized",
    "rim",
    "sam",
    "sany",
    "scn",
    "sdc",
    "signal",
    "snapseed",
    "snv",
    "st",
    "sta",
    "stb",
    "stc",
    "std",
    "ste",
    "stp",
    "sv",
    "telegram",
    "thumb",
    "thumbnail",
    "vid",
    "viber",
    "wp",
    "wx",
];

/// Words behind the number: `_HDR`, `-edited`, `(copy)`.
const ENDS: &[&str] = &[
    "am", "at", "las", "kl", "om", "bokeh", "burst", "copy", "cover", "edit", "edited", "effects", "de", "export",
    "hdr", "kopie", "mp", "night", "original", "pano", "pm", "portrait", "raw", "rotated", "scaled", "shot", "small",
    "top", "um", "wa",
];

/// The name without the ending of an image's or a video's; `None` if it has no such ending.
pub fn media_stem(name: &str) -> Option<&str> {
    let (stem, ending) = name.rsplit_once('.')?;
    MEDIA_ENDINGS
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
        .then_some(stem)
}

/// Whether a text is the name of an image's or a video's file, whoever gave it: its ending tells, or the name is a device's.
pub fn is_file_name(text: &str) -> bool {
    !text.contains('\n') && (media_stem(text).is_some() || is_default_file_name(text))
}

/// Whether a text is a file's name that a device or a program gave: `IMG_3397.JPG`, `DSC00012`, `DCIM\100GOPRO\GOPR0001.JPG`.
///
/// A name with spaces needs more than an ending, since people write captions such as "mood today.jpg".
pub fn is_default_file_name(text: &str) -> bool {
    if text.contains('\n') {
        return false;
    }
    let has_space = text.contains(char::is_whitespace);
    let stem = media_stem(text);
    if is_on_card(text) && !has_space || is_path(text) && stem.is_some() {
        return true;
    }
    (stem.is_some() && !has_space) || is_default_stem(stem.unwrap_or(text))
}

/// Whether a text begins with the folder in which cameras keep their images.
fn is_on_card(text: &str) -> bool {
    let lower = text.to_lowercase();
    let rest = lower.trim_start_matches(['/', '\\']).strip_prefix("dcim");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
}

/// Whether a text may be a path of Windows: it begins with a drive or has backslashes, as faces do that people draw.
fn is_path(text: &str) -> bool {
    let has_drive = matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    has_drive || text.contains('\\')
}

/// Letters, digits and marks between them; the letters must be those of devices.
fn is_default_stem(stem: &str) -> bool {
    let Some(runs) = Runs::of(stem) else { return false };
    let Runs { letters, digits, .. } = &runs;
    let Some((first, others)) = letters.split_first() else {
        return runs.is_number();
    };
    let are_ends = || {
        let is_end = |run: &String| {
            run.chars().count() == 1 || ENDS.contains(&&**run) || WORDS.contains(&&**run) || is_month(run)
        };
        others.iter().all(is_end)
    };
    if runs.has_space {
        return *digits > 0 && WORDS.contains(&&**first) && are_ends();
    }
    let is_screenshot = first == "screenshot" && *digits >= 6;
    let enough = match first.len() {
        1 => 7,
        2 | 3 => 3,
        _ => 2,
    };
    let is_code = (CODES.contains(&&**first) && *digits >= enough) || (WORDS.contains(&&**first) && *digits > 0);
    // Networks give names such as 12345678_1234567890_n.
    let is_numbered = runs.begins_with_digit
        && runs.has_underscore
        && *digits >= 7
        && letters.iter().all(|run| run.chars().count() == 1);
    is_screenshot || is_numbered || (is_code && are_ends())
}

fn is_month(word: &str) -> bool {
    super::dates::MONTHS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_devices_and_programs_give_are_known() {
        for text in [
            "IMG_3397.JPG",
            "DSC00012",
            "_MG_1234",
            "_DSC0042.NEF",
            "P1010042",
            "DSCN0001",
            "PXL_20230101_123456789",
            "IMG-20200101-WA0001",
            r"DCIM\100GOPRO\GOPR0001.JPG",
            r"DCIM\100MEDIA\DJI_0001.JPG",
            "DCIM/100MEDIA",
            "20240101_123456",
            "100_0042",
            "GOPR0001",
            "Image (3)",
            "Screenshot_20200101-123456_Chrome",
            "Screenshot 2024-01-01 at 12.34.56 PM",
            "WhatsApp Image 2024-01-01 at 12.34.56.jpeg",
            "FB_IMG_1612345678901",
            "12345678_1234567890123_n",
            "cat.jpg",
            "DSC_0012-edited",
            "Untitled-1",
            "mmexport1612345678901",
            r"C:\Users\me\Pictures\my cat.jpg",
            "Photo 1",
            "Scan 05 Jan 2021",
            "Captura de pantalla 2024-01-01 a las 12.34.56",
            "Capture d’écran 2024-01-01 à 12.34.56",
            "スクリーンショット 2024-01-01 12.34.56",
        ] {
            assert!(is_default_file_name(text), "{text}");
        }
    }

    #[test]
    fn captions_with_numbers_are_not_names() {
        for text in [
            "im 25",
            "Sam 12",
            "mood today.jpg",
            "2020",
            "100",
            "143",
            "image of my broken heart",
            "photo 1/3",
            "IMG 5 stars",
            "so tired",
            "9/11",
            "24/7",
            "P1",
            "1-800-273-8255",
            r"D:\",
            r"\o/",
            "day 3 of crying",
            "w/ my love 2day",
            "g2g",
            "st 4",
        ] {
            assert!(!is_default_file_name(text), "{text}");
        }
        assert!(is_file_name("mood today.jpg"));
    }
}
