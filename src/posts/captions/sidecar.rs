//! Captions in sidecar files: text and JSON.

pub use emofuse_core::budget::MAX_SIDECAR_BYTES;
use emofuse_core::caption::{is_file_name, media_stem, written_caption};
use serde_json::{Map, Value};

use super::annotations::is_annotation;
use crate::{encoding::decode, json::with_whole_surrogates};

/// Keys of a JSON file, in the order of preference.
const KEYS: [&str; 4] = ["caption", "description", "title", "text"];

/// Keys that Google Takeout's files have and others do not.
const TAKEOUT_KEYS: [&str; 5] = [
    "photoTakenTime",
    "googlePhotosOrigin",
    "imageViews",
    "geoDataExif",
    "photoLastModifiedTime",
];

/// Finds the caption in a sidecar file: the whole of a text file, or the first text of `caption`, `description`, `title` and
/// `text` in a JSON object.
///
/// `None` if nobody wrote one in it: the file is empty, has a placeholder, a camera's text or a file's name
/// ([`written_caption`] decides), or annotation boxes. In Google Takeout's files only `description` counts, because `title` is
/// the image's name. The bytes may be UTF-8, UTF-16 with a byte order mark, or Windows-1252.
///
/// # Errors
/// A sentence that names the file, says what is wrong with it and what to do: it is larger than [`MAX_SIDECAR_BYTES`], its name
/// ends in `.json` and it is not JSON, or it is not text.
///
/// ```
/// use emofuse_posts::sidecar_caption;
///
/// assert_eq!(sidecar_caption("cat.txt", b"so happy\n"), Ok(Some("so happy".into())));
/// assert_eq!(sidecar_caption("cat.jpg.json", br#"{"title": "cat.jpg"}"#), Ok(None));
/// assert!(sidecar_caption("cat.json", b"{").is_err());
/// ```
pub fn sidecar_caption(name: &str, bytes: &[u8]) -> Result<Option<String>, String> {
    caption_in(name, bytes).map_err(|reason| format!("the caption in {name} cannot be read: {reason}"))
}

fn caption_in(name: &str, bytes: &[u8]) -> Result<Option<String>, String> {
    if bytes.len() > MAX_SIDECAR_BYTES {
        return Err("it has more than 1 MB; make it smaller".into());
    }
    let (text, _) = decode(bytes);
    if text.contains('\0') {
        return Err("it is not a text file; save the caption as UTF-8 text, or remove the file".into());
    }
    let lower = name.to_lowercase();
    let stem = match lower.strip_suffix(".json") {
        None if lower == "classes.txt" || is_annotation(&text) => return Ok(None),
        None => return Ok(written_caption(&text)),
        Some(stem) => stem,
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let value: Value = serde_json::from_str(&with_whole_surrogates(&text))
        .map_err(|error| format!("it is not JSON ({error}); correct it or remove it"))?;
    Ok(value.as_object().and_then(|object| caption_of(object, stem)))
}

fn caption_of(object: &Map<String, Value>, stem: &str) -> Option<String> {
    let is_takeout = TAKEOUT_KEYS.iter().any(|key| object.contains_key(*key)) || has_google_address(object);
    let keys = KEYS.iter().filter(|key| !is_takeout || **key == "description");
    keys.filter_map(|key| {
        let caption = written_caption(object.get(*key)?.as_str()?)?;
        let is_name = *key == "title" && (is_file_name(&caption) || is_image_name_of(&caption, stem));
        (!is_name).then_some(caption)
    })
    .next()
}

fn has_google_address(object: &Map<String, Value>) -> bool {
    let address = object.get("url").and_then(Value::as_str);
    address.is_some_and(|address| address.contains("photos.google.com/"))
}

/// Whether a title is the name of the image that the sidecar file belongs to; `stem` is the file's name in lower case.
fn is_image_name_of(title: &str, stem: &str) -> bool {
    let title = title.to_lowercase();
    title == stem || media_stem(stem) == Some(&*title)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(name: &str, bytes: &[u8]) -> Option<String> {
        sidecar_caption(name, bytes).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_file_that_is_too_large_is_named() {
        assert_eq!(
            sidecar_caption("a.txt", "a".repeat(MAX_SIDECAR_BYTES + 1).as_bytes()),
            Err("the caption in a.txt cannot be read: it has more than 1 MB; make it smaller".into())
        );
        assert!(found("a.txt", "a".repeat(MAX_SIDECAR_BYTES).as_bytes()).is_some());
    }

    #[test]
    fn a_file_that_is_not_text_or_not_json_is_an_error() {
        for (name, bytes) in [
            ("a.txt", &b"MZ\0\x01"[..]),
            ("a.JSON", b"{\"caption\": "),
            ("a.json", b"a caption"),
        ] {
            let error = sidecar_caption(name, bytes).expect_err(name);
            assert!(
                error.starts_with(&format!("the caption in {name} cannot be read: it is not ")),
                "{error}"
            );
        }
    }

    #[test]
    fn texts_of_old_programs_are_read() {
        assert_eq!(
            found("a.txt", b"caf\xe9 \x93hi\x94"),
            Some("caf\u{e9} \u{201c}hi\u{201d}".into())
        );
        let utf16: Vec<u8> = "\u{feff}{\"caption\": \"d\u{ed}a\"}"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(found("a.json", &utf16), Some("d\u{ed}a".into()));
    }

    #[test]
    fn a_title_that_is_the_files_name_is_no_caption() {
        for (name, title) in [
            ("IMG_3397.JPG.json", "IMG_3397.JPG"),
            ("my dog.json", "My Dog"),
            ("my dog.jpg.json", "my dog"),
            ("a.json", "holiday in rome.png"),
        ] {
            assert_eq!(
                found(name, format!("{{\"title\": \"{title}\"}}").as_bytes()),
                None,
                "{name}"
            );
        }
        assert_eq!(
            found("a.json", br#"{"title": "my dog died today"}"#),
            Some("my dog died today".into())
        );
    }

    #[test]
    fn of_google_takeout_only_the_description_counts() {
        for key in TAKEOUT_KEYS {
            let json = format!("{{\"title\": \"A walk\", \"description\": \"\", \"{key}\": {{}}}}");
            assert_eq!(found("a.jpg.json", json.as_bytes()), None, "{key}");
        }
        let json = br#"{"title": "A walk", "description": "so cold", "url": "https://photos.google.com/photo/x"}"#;
        assert_eq!(found("a.jpg.json", json), Some("so cold".into()));
    }

    #[test]
    fn half_a_pair_of_surrogates_does_not_spoil_a_caption() {
        assert_eq!(
            found("a.json", br#"{"caption": "hi \ud83d there"}"#),
            Some("hi \u{fffd} there".into())
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), json in any::<bool>()) {
            let _ = sidecar_caption(if json { "a.json" } else { "a.txt" }, &bytes);
        }

        #[test]
        fn a_caption_is_trimmed_text_of_the_file(text in "\\PC{0,60}") {
            if let Some(caption) = sidecar_caption("a.txt", text.as_bytes()).expect("text") {
                prop_assert!(text.contains(&caption) && caption.trim() == caption);
            }
        }
    }
}
