//! Which of a folder's files are posts.

/// Names that programs, systems and network drives give to what they keep beside a person's files, lower case.
const KEPT_BY_PROGRAMS: [&str; 28] = [
    // Synology, QNAP and other network drives.
    "@eadir",
    "@sharebin",
    "@tmp",
    "@__thumb",
    "@recycle",
    "@recently-snapshot",
    "@transcode",
    "#recycle",
    "#snapshot",
    "#thumbnail",
    "network trash folder",
    "temporary items",
    "aquota.user",
    // Windows.
    "$recycle.bin",
    "recycler",
    "recycled",
    "system volume information",
    "thumbs.db",
    "thumbs.db:encryptable",
    "ehthumbs.db",
    "desktop.ini",
    // macOS, Linux, cameras' cards and programs for photographs.
    "__macosx",
    "lost+found",
    "ipod photo cache",
    "picasa.ini",
    "zbthumbnail.info",
    "photothumb.db",
    "picasa.db",
];

/// Whether a file or a folder of this name is passed over: it is hidden (its name begins with a dot), or a program, a system or a
/// network drive keeps thumbnails and deleted files there (`@eaDir`, `#recycle`, `Thumbs.db`, `__MACOSX`, …).
///
/// `path_part` is one name, without `/`.
#[must_use]
pub fn is_passed_over(path_part: &str) -> bool {
    let name = path_part.to_lowercase();
    name.starts_with('.')
        || name.starts_with("synophoto_thumb_")
        || name.starts_with("synofile_thumb_")
        || name.ends_with("@synoeastream")
        || name.ends_with("@synoresource")
        || name.ends_with(".lrdata")
        || KEPT_BY_PROGRAMS.contains(&&*name)
}

/// Kinds of files with images or videos that are not read, with the endings of their names.
const UNSUPPORTED: [(&str, &[&str]); 9] = [
    ("HEIC image", &["heic", "heif", "hif", "heics"]),
    ("TIFF image", &["tif", "tiff"]),
    ("JPEG XL image", &["jxl"]),
    ("JPEG 2000 image", &["jp2", "j2k", "jpf", "jpx"]),
    (
        "raw image",
        &[
            "dng", "cr2", "cr3", "crw", "nef", "nrw", "arw", "srf", "sr2", "orf", "rw2", "raf", "pef", "srw", "x3f",
            "raw", "rwl", "3fr", "iiq", "kdc", "dcr", "mrw", "erf", "mef", "mos",
        ],
    ),
    ("Photoshop image", &["psd", "psb"]),
    ("SVG image", &["svg", "svgz"]),
    (
        "video",
        &[
            "mp4", "m4v", "mov", "avi", "mkv", "webm", "3gp", "3g2", "mpg", "mpeg", "mts", "m2ts", "wmv", "flv", "insv",
        ],
    ),
    ("PDF file", &["pdf"]),
];

/// The kind of a file with an image or a video that is not read, such as `HEIC image`, `raw image` or `video`, by the ending of its
/// name; an `s` makes the plural. `None` for images that are read, and for other files.
///
/// ```
/// assert_eq!(emofuse_posts::kind_of_unsupported("IMG_1.HEIC"), Some("HEIC image"));
/// assert_eq!(emofuse_posts::kind_of_unsupported("IMG_1.jpg"), None);
/// ```
#[must_use]
pub fn kind_of_unsupported(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    let has_ending = |endings: &[&str]| endings.iter().any(|known| ending.eq_ignore_ascii_case(known));
    UNSUPPORTED
        .iter()
        .find(|(_, endings)| has_ending(endings))
        .map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IMAGE_ENDINGS;

    #[test]
    fn what_systems_and_programs_keep_is_passed_over() {
        for name in [
            "@eaDir",
            ".@__thumb",
            "Thumbs.db",
            ".thumbnails",
            "__MACOSX",
            "._a.jpg",
            "#recycle",
            "@Recycle",
            "$RECYCLE.BIN",
            ".picasaoriginals",
            ".DS_Store",
            "a.jpg@SynoEAStream",
            "SYNOPHOTO_THUMB_XL.jpg",
            "System Volume Information",
            "Catalog Previews.lrdata",
        ] {
            assert!(is_passed_over(name), "{name}");
        }
        for name in [
            "thumbs",
            "a.jpg",
            "@me",
            "#love",
            "my.lrdata.jpg",
            "recycle",
            "eaDir",
            "$100.png",
        ] {
            assert!(!is_passed_over(name), "{name}");
        }
    }

    #[test]
    fn images_that_are_read_have_no_unsupported_kind() {
        for ending in IMAGE_ENDINGS {
            assert_eq!(kind_of_unsupported(&format!("a.{ending}")), None);
        }
        assert_eq!(kind_of_unsupported("clip.MOV"), Some("video"));
        assert_eq!(kind_of_unsupported("notes.txt"), None);
        assert_eq!(kind_of_unsupported("heic"), None);
    }
}
