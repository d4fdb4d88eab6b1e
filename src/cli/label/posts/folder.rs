//! The images of a folder and of all folders below it, each with the files that may have its caption.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use emofuse::Error;
use emofuse_posts::{IMAGE_ENDINGS, SidecarFinder, SkippedFiles, is_image_name, is_passed_over};

use super::{Caption, Content, ImageFile, ListedFile, Post, Posts, name_of};

pub fn read(folder: &Path) -> Result<Posts> {
    let mut found = Found::default();
    found.walk(folder, &mut Vec::new()).map_err(Error::io(folder))?;
    let notes: Vec<String> = found.skipped.notes().collect();
    if found.images.is_empty() && found.unreadable.is_empty() {
        let skipped: String = notes.iter().map(|note| format!("; {note}")).collect();
        bail!(
            "there is no image in {}; files whose names end with .{} are taken{skipped}",
            folder.display(),
            IMAGE_ENDINGS.join(", .")
        );
    }
    found.images.sort_by_cached_key(|image| order(&image.names));
    let images = found.images.into_iter().map(|FoundImage { names, path, sidecars }| {
        let name = names.join("/");
        Post {
            id: name.clone(),
            content: Ok(Content {
                image: Some(ImageFile {
                    name,
                    file: Ok(ListedFile::new(path)),
                }),
                caption: Caption::Beside(sidecars.into_iter().map(ListedFile::new).collect()),
                manual_label: Ok(None),
                extra: Vec::new(),
            }),
        }
    });
    Ok(Posts {
        posts: found.unreadable.into_iter().chain(images).collect(),
        notes,
        extra_columns: Vec::new(),
        table: None,
    })
}

/// All images of a folder and of the folders below it, by the names of the folders that lead to them and their own; those
/// of folders that cannot be read are left out.
pub fn images(folder: &Path) -> Vec<(Vec<String>, PathBuf)> {
    let mut found = Found::default();
    let _ = found.walk(folder, &mut Vec::new());
    found
        .images
        .into_iter()
        .map(|image| (image.names, image.path))
        .collect()
}

/// Names compare by their UTF-16 code units, as they do in a browser; a folder's files stand together.
fn order(names: &[String]) -> Vec<Vec<u16>> {
    names.iter().map(|name| name.encode_utf16().collect()).collect()
}

#[derive(Default)]
struct Found {
    images: Vec<FoundImage>,
    /// Folders below the first that cannot be read.
    unreadable: Vec<Post>,
    skipped: SkippedFiles,
}

struct FoundImage {
    /// The names of the folders that lead to it, and its own.
    names: Vec<String>,
    path: PathBuf,
    /// In the order of preference.
    sidecars: Vec<PathBuf>,
}

impl Found {
    fn walk(&mut self, folder: &Path, names: &mut Vec<String>) -> std::io::Result<()> {
        let mut files = Vec::new();
        // What was listed before an error counts too.
        let listed = self.list(folder, names, &mut files);
        let finder = SidecarFinder::new(files.iter().map(|(name, _)| name.clone()));
        for (name, path) in &files {
            if is_image_name(name) {
                self.images.push(FoundImage {
                    names: [names.as_slice(), std::slice::from_ref(name)].concat(),
                    path: path.clone(),
                    sidecars: finder
                        .find(name)
                        .into_iter()
                        .map(|place| files[place].1.clone())
                        .collect(),
                });
            } else {
                let path = [names.as_slice(), std::slice::from_ref(name)].concat().join("/");
                self.skipped.add(&path);
            }
        }
        listed
    }

    /// Lists a folder's files with their names, and walks through the folders in it.
    fn list(
        &mut self,
        folder: &Path,
        names: &mut Vec<String>,
        files: &mut Vec<(String, PathBuf)>,
    ) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = name_of(&entry.file_name());
            if is_passed_over(&name) {
                continue;
            }
            let (path, kind) = (entry.path(), entry.file_type()?);
            // Links to folders are not followed: they may lead round in a circle.
            if kind.is_dir() {
                names.push(name);
                if let Err(error) = self.walk(&path, names) {
                    self.unreadable.push(Post {
                        id: names.join("/"),
                        content: Err(format!("the folder cannot be read: {error}")),
                    });
                }
                names.pop();
            } else if kind.is_file() || !path.is_dir() {
                files.push((name, path));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, "").expect("written");
        }
        folder
    }

    fn ids(files: &[&str]) -> Vec<String> {
        read(folder_with(files).path())
            .expect("posts")
            .posts
            .into_iter()
            .map(|post| post.id)
            .collect()
    }

    #[test]
    fn images_stand_in_the_order_of_their_paths_and_folders_together() {
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
    fn what_systems_keep_is_no_post_and_other_images_are_noted() {
        let files = [
            "a.jpg",
            "@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg",
            "__MACOSX/._a.jpg",
            "#recycle/b.jpg",
            "in/IMG_1.HEIC",
            "b.MOV",
        ];
        let folder = folder_with(&files);
        let Posts { posts, notes, .. } = read(folder.path()).expect("posts");
        assert_eq!(posts.len(), 1);
        assert_eq!(
            notes,
            [
                "1 HEIC image was skipped (in/IMG_1.HEIC); convert it to JPEG or PNG",
                "1 video was skipped (b.MOV); only images are labelled"
            ]
        );
    }

    #[test]
    fn sidecar_files_are_those_of_the_images_own_folder_and_no_folders() {
        let folder = folder_with(&[
            "a.jpg",
            "A.TXT",
            "a.json/b.png",
            "other/a.txt",
            "other/a.jpg.json",
            "other/a.png",
        ]);
        let Posts { posts, .. } = read(folder.path()).expect("posts");
        let sidecars = |id: &str| {
            let post = posts.iter().find(|post| post.id == id).expect("a post");
            match &post.content.as_ref().expect("content").caption {
                Caption::Beside(sidecars) => sidecars.clone(),
                Caption::Provided(_) => panic!("a folder has no captions of its own"),
            }
        };
        assert_eq!(sidecars("a.jpg"), [ListedFile::new(folder.path().join("A.TXT"))]);
        assert_eq!(
            sidecars("other/a.png"),
            [ListedFile::new(folder.path().join("other/a.txt"))]
        );
    }

    #[test]
    fn a_folder_without_images_says_what_is_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = read(folder.path()).err().expect("an error").to_string();
        assert!(
            error.contains(".jpg, .jpeg") && error.contains(".avif are taken"),
            "{error}"
        );
        fs::write(folder.path().join("IMG_1.HEIC"), "").expect("written");
        let error = read(folder.path()).err().expect("an error").to_string();
        assert!(
            error.ends_with("are taken; 1 HEIC image was skipped (IMG_1.HEIC); convert it to JPEG or PNG"),
            "{error}"
        );
    }
}
