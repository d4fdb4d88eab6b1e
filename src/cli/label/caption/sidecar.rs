//! Captions in files of a picture's name.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::trimmed;

const MAX_BYTES: u64 = 1_000_000;

/// Keys of a JSON file, of which the first with a text is taken.
const KEYS: [&str; 4] = ["caption", "description", "title", "text"];

/// The caption in the first sidecar file that has one; an error names the file and what is wrong with it.
pub fn read(picture: &Path) -> Result<Option<String>, String> {
    for path in places(picture, "txt") {
        let text = text(&path)?;
        if let Some(caption) = text.as_deref().and_then(trimmed) {
            return Ok(Some(caption));
        }
    }
    for path in places(picture, "json") {
        let Some(text) = text(&path)? else { continue };
        let value: Value = serde_json::from_str(&text)
            .map_err(|error| bad(&path, &format!("it is no JSON ({error}); mend it or take it away")))?;
        let texts = KEYS.iter().filter_map(|key| value.get(key)?.as_str());
        if let Some(caption) = texts.filter_map(trimmed).next() {
            return Ok(Some(caption));
        }
    }
    Ok(None)
}

/// `NAME.txt` and `NAME.jpg.txt`.
fn places(picture: &Path, extension: &str) -> [PathBuf; 2] {
    let mut whole = picture.as_os_str().to_owned();
    whole.push(".");
    whole.push(extension);
    [picture.with_extension(extension), whole.into()]
}

/// What is in a file, without a byte order mark; `None` where there is no such file.
fn text(path: &Path) -> Result<Option<String>, String> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Ok(None);
    }
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(bad(path, &error.to_string())),
    };
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| bad(path, &error.to_string()))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(bad(path, "it has more than 1 MB; make it smaller"));
    }
    let text = String::from_utf8(bytes).map_err(|_| bad(path, "it is not UTF-8; save it as UTF-8"))?;
    Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}

fn bad(path: &Path, reason: &str) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("the caption in {name} cannot be read: {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_too_large_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.txt"), "a".repeat(1_000_001)).expect("written");
        let error = read(&folder.path().join("a.png")).expect_err("too large");
        assert_eq!(
            error,
            "the caption in a.txt cannot be read: it has more than 1 MB; make it smaller"
        );
        fs::write(folder.path().join("a.txt"), "a".repeat(1_000_000)).expect("written");
        assert_eq!(
            read(&folder.path().join("a.png")).map(|caption| caption.map(|text| text.len())),
            Ok(Some(1_000_000))
        );
    }

    #[test]
    fn a_folder_of_that_name_is_no_sidecar_file() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("a.txt")).expect("made");
        assert_eq!(read(&folder.path().join("a.png")), Ok(None));
    }
}
