//! Where the caption of a folder's picture comes from: a sidecar file, or else the picture's own description.

mod description;
mod exif;
mod iptc;
mod png;
mod sidecar;
mod xmp;

use std::path::Path;

/// Looks beside a picture and in its bytes. A bad sidecar file ends the search: the person meant it to have the caption, and another one may
/// be wrong.
pub fn find(path: &Path, picture: &[u8]) -> Result<Option<String>, String> {
    Ok(sidecar::read(path)?.or_else(|| description::read(picture)))
}

/// Without the white space around it; `None` where nothing else is in it.
pub fn trimmed(caption: &str) -> Option<String> {
    // What a browser's `trim` takes: a byte order mark too, but no next-line character.
    let is_white = |character: char| (character.is_whitespace() && character != '\u{85}') || character == '\u{feff}';
    Some(caption.trim_matches(is_white))
        .filter(|caption| !caption.is_empty())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use serde_json::Value;

    use super::*;

    #[test]
    fn captions_come_from_where_the_golden_cases_say() {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/captions");
        let mut count = 0;
        for entry in fs::read_dir(cases).expect("the cases") {
            let case = entry.expect("an entry").path();
            if !case.is_dir() {
                continue;
            }
            let mut files = fs::read_dir(&case)
                .expect("files")
                .map(|file| file.expect("a file").path());
            let is_picture = |file: &PathBuf| {
                file.extension()
                    .is_some_and(|ending| ending != "txt" && ending != "json")
            };
            let picture = files.find(is_picture).expect("a picture");
            let bytes = fs::read(&picture).expect("read");
            emofuse::image::Picture::decode(&bytes).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
            let expected = fs::read(case.join("expected.json")).expect("what is expected");
            let expected: Value = serde_json::from_slice(&expected).expect("JSON");

            let found = find(&picture, &bytes);
            assert_eq!(
                found.is_err(),
                expected["error"] == true,
                "{}: {found:?}",
                case.display()
            );
            let from = if matches!(sidecar::read(&picture), Ok(Some(_))) {
                "sidecar"
            } else {
                "metadata"
            };
            let caption = found.unwrap_or_default();
            assert_eq!(caption.as_deref(), expected["caption"].as_str(), "{}", case.display());
            assert_eq!(caption.map(|_| from), expected["from"].as_str(), "{}", case.display());
            count += 1;
        }
        assert!(count >= 35, "{count} cases");
    }

    #[test]
    fn white_space_is_what_a_browser_takes_for_it() {
        assert_eq!(trimmed("\u{feff}\t a\u{a0}b \r\n\u{3000}"), Some("a\u{a0}b".into()));
        assert_eq!(trimmed("\u{85}"), Some("\u{85}".into()));
        assert_eq!(trimmed(" \n\u{feff}"), None);
    }
}
