//! The pictures of a folder and of all folders below it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use emofuse::Error;
use emofuse_posts::{IMAGE_ENDINGS, is_image_name};

use super::{Caption, Content, Image, Post, Posts};

pub fn read(folder: &Path) -> Result<Posts> {
    let mut found = Found::default();
    found.walk(folder, &mut Vec::new()).map_err(Error::io(folder))?;
    if found.pictures.is_empty() && found.unreadable.is_empty() {
        bail!(
            "there is no picture in {}; files whose names end with .{} are taken",
            folder.display(),
            IMAGE_ENDINGS.join(", .")
        );
    }
    found.pictures.sort_by_cached_key(|(names, _)| order(names));
    let pictures = found.pictures.into_iter().map(|(names, path)| {
        let name = names.join("/");
        Post {
            id: name.clone(),
            content: Ok(Content {
                image: Some(Image { name, file: Ok(path) }),
                caption: Caption::Beside,
                manual_label: Ok(None),
                extra: Vec::new(),
            }),
        }
    });
    Ok(Posts {
        posts: found.unreadable.into_iter().chain(pictures).collect(),
        notes: Vec::new(),
        extra_columns: Vec::new(),
    })
}

/// All images of a folder and of the folders below it, by the names of the folders that lead to them and their own; those
/// of folders that cannot be read are left out.
pub fn images(folder: &Path) -> Vec<(Vec<String>, PathBuf)> {
    let mut found = Found::default();
    let _ = found.walk(folder, &mut Vec::new());
    found.pictures
}

/// Names compare by their UTF-16 code units, as they do in a browser; a folder's files stand together.
fn order(names: &[String]) -> Vec<Vec<u16>> {
    names.iter().map(|name| name.encode_utf16().collect()).collect()
}

#[derive(Default)]
struct Found {
    /// The names of the folders that lead to a picture, and its own.
    pictures: Vec<(Vec<String>, PathBuf)>,
    /// Folders below the first that cannot be read.
    unreadable: Vec<Post>,
}

impl Found {
    fn walk(&mut self, folder: &Path, names: &mut Vec<String>) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let path = entry.path();
            names.push(name);
            // Links to folders are not followed: they may lead round in a circle.
            if entry.file_type()?.is_dir() {
                if let Err(error) = self.walk(&path, names) {
                    self.unreadable.push(Post {
                        id: names.join("/"),
                        content: Err(format!("the folder cannot be read: {error}")),
                    });
                }
            } else if is_image_name(names.last().map_or("", String::as_str)) && !path.is_dir() {
                self.pictures.push((names.clone(), path));
            }
            names.pop();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(files: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, "").expect("written");
        }
        read(folder.path())
            .expect("posts")
            .posts
            .into_iter()
            .map(|post| post.id)
            .collect()
    }

    #[test]
    fn pictures_stand_in_the_order_of_their_paths_and_folders_together() {
        let files = ["b.jpg", "a!.png", "a/z.JPG", "a/b/c.webp", "A.gif", "a-1.jfif", "a.bmp"];
        assert_eq!(
            ids(&files),
            ["A.gif", "a/b/c.webp", "a/z.JPG", "a!.png", "a-1.jfif", "a.bmp", "b.jpg"]
        );
    }

    #[test]
    fn names_are_compared_as_a_browser_compares_them() {
        // U+1F389 is written with code units from 0xD83C on, which are less than U+FF21.
        assert_eq!(
            ids(&["\u{ff21}.png", "\u{1f389}.png"]),
            ["\u{1f389}.png", "\u{ff21}.png"]
        );
    }

    #[test]
    fn hidden_files_and_folders_and_other_endings_are_no_posts() {
        let files = [
            "a.avif",
            ".b.jpg",
            ".cache/c.jpg",
            "d.txt",
            "e.jpg.txt",
            "jpg",
            "f.tiff",
            "g.jpg/h.png",
        ];
        assert_eq!(ids(&files), ["a.avif", "g.jpg/h.png"]);
    }

    #[test]
    fn a_folder_without_pictures_says_what_is_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = read(folder.path()).err().expect("an error").to_string();
        assert!(
            error.contains(".jpg, .jpeg") && error.contains(".avif are taken"),
            "{error}"
        );
    }
}
