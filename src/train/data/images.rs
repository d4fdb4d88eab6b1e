//! Images of a folder, by id.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use emofuse_core::error::{Error, Result};
use emofuse_posts::{is_image_name, is_passed_over};

/// The endings of files that are taken for images, lower case.
const EXTENSIONS: [&str; 6] = ["jpg", "jpeg", "png", "webp", "gif", "bmp"];

/// The images right below a folder, in the order of their names, each with its id: its name without the ending.
///
/// # Errors
/// [`Error::Io`] where there is no such folder.
pub(super) fn in_folder(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut images: Vec<(String, PathBuf)> = sorted_entries(folder)?
        .into_iter()
        .filter_map(|path| {
            let extension = path.extension()?.to_str()?.to_ascii_lowercase();
            let id = path.file_stem()?.to_str()?.to_owned();
            EXTENSIONS.contains(&extension.as_str()).then_some((id, path))
        })
        .collect();
    // Of an image that is there in two formats, the first is taken.
    images.dedup_by(|later, earlier| later.0 == earlier.0);
    Ok(images)
}

/// The same, to look ids up.
pub(super) fn by_id(folder: &Path) -> Result<HashMap<String, PathBuf>> {
    Ok(in_folder(folder)?.into_iter().collect())
}

/// All images of a folder and of all folders below it, by their paths from it, with `/`.
///
/// # Errors
/// [`Error::Io`] for a folder that cannot be read.
pub(super) fn below(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut images = Vec::new();
    walk(folder, "", &mut images)?;
    Ok(images)
}

fn walk(folder: &Path, before: &str, images: &mut Vec<(String, PathBuf)>) -> Result<()> {
    for path in sorted_entries(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if is_passed_over(&name) {
            continue;
        }
        if path.is_dir() && !path.is_symlink() {
            walk(&path, &format!("{before}{name}/"), images)?;
        } else if is_image_name(&name) {
            images.push((format!("{before}{name}"), path));
        }
    }
    Ok(())
}

/// What a folder holds, in the order of the names.
pub(super) fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>())
        .map_err(Error::io(folder))?;
    entries.sort_by(|a, b| (a.file_stem(), a).cmp(&(b.file_stem(), b)));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::{super::tests::write, *};

    #[test]
    fn images_are_found_by_id_whatever_their_ending() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["b.PNG", "a.jpeg", "a.b.jpg", "a.gif", "note.txt", "a"] {
            write(&folder, name, "");
        }
        let images = in_folder(folder.path()).expect("lists");
        let names: Vec<(&str, &str)> = images
            .iter()
            .map(|(id, path)| {
                (
                    id.as_str(),
                    path.file_name().and_then(|name| name.to_str()).expect("a name"),
                )
            })
            .collect();
        assert_eq!(names, [("a", "a.gif"), ("a.b", "a.b.jpg"), ("b", "b.PNG")]);
    }
}
