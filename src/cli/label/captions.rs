//! Reads the caption of a folder's image: from its sidecar files, or else from the image itself.

use std::panic;

use emofuse_posts::{MAX_SIDECAR_BYTES, embedded_caption, sidecar_caption};

use super::posts::{ListedFile, name_of};

/// The first caption in sidecar files, in their order, or else the one in the image's metadata. A bad sidecar file ends the
/// search: the person meant it to have the caption, and another one may be wrong.
pub fn find(sidecars: &[ListedFile], image: &[u8]) -> Result<Option<String>, String> {
    for sidecar in sidecars {
        let name = name_of(sidecar.path.file_name().unwrap_or_default());
        let bytes = sidecar.read(MAX_SIDECAR_BYTES as u64 + 1); // enough for a file that is too large to be seen
        let bytes = bytes.map_err(|error| format!("the caption in {name} cannot be read: {error}"))?;
        if let Some(caption) = sidecar_caption(&name, &bytes)? {
            return Ok(Some(caption));
        }
    }
    // A library that panics at one of ten thousand images must not end the work on the others.
    Ok(panic::catch_unwind(|| embedded_caption(image)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_first_sidecar_file_with_a_caption_counts_and_a_bad_one_ends_the_search() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("written");
            ListedFile::new(path)
        };
        let (empty, bad, good) = (
            file("a.txt", b"N/A"),
            file("a.json", b"{"),
            file("a.jpg.json", b"{\"text\": \"so happy\"}"),
        );
        assert_eq!(find(&[empty.clone(), good.clone()], b""), Ok(Some("so happy".into())));
        let error = find(&[empty, bad, good], b"").expect_err("bad");
        assert!(
            error.starts_with("the caption in a.json cannot be read: it is not JSON"),
            "{error}"
        );
        let error = find(&[ListedFile::new(folder.path().join("gone.txt"))], b"").expect_err("gone");
        assert!(error.starts_with("the caption in gone.txt cannot be read: "), "{error}");
    }

    #[test]
    fn a_file_that_is_too_large_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        fs::write(&path, "a".repeat(3 * MAX_SIDECAR_BYTES)).expect("written");
        let listed = ListedFile::new(path);
        assert_eq!(listed.read(7).expect("read").len(), 7);
        assert!(find(&[listed], b"").expect_err("too large").contains("more than 1 MB"));
    }

    #[test]
    fn a_sidecar_file_that_changed_since_it_was_listed_is_not_used() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        fs::write(&path, "so happy").expect("written");
        let listed = ListedFile::new(path.clone());
        fs::write(&path, "so happy now").expect("written");
        let error = find(&[listed], b"").expect_err("changed");
        assert!(error.contains("it changed during the run"), "{error}");
    }
}
