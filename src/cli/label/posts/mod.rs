//! The posts to label: from a folder, or from a table.

mod folder;
mod table;

use std::{
    ffi::OsStr,
    fmt::Write,
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::Args;
use emofuse::LabelSet;
use emofuse_dataset::files::{Stamp, changed, read_unchanged};
use emofuse_posts::{Format, Mapping};

pub use table::{TableOfPosts, post_of_line};

/// All posts, in the order in which they are written.
pub struct Posts {
    pub posts: Vec<Post>,
    /// Notes on how they were read.
    pub notes: Vec<String>,
    /// Names of the table's extra columns.
    pub extra_columns: Vec<String>,
    /// The table that they are from.
    pub table: Option<ListedFile>,
}

/// A post before it is read.
#[derive(Debug, PartialEq)]
pub struct Post {
    pub id: String,
    /// An error for a row of a table that cannot be read.
    pub content: Result<Content, String>,
}

/// What a post is made of.
#[derive(Debug, PartialEq)]
pub struct Content {
    pub image: Option<ImageFile>,
    pub caption: Caption,
    /// The index of the label that a person gave it; an error where it is none of the model's.
    pub manual_label: Result<Option<usize>, String>,
    /// The cells of the table's extra columns.
    pub extra: Vec<String>,
}

/// An image's file.
#[derive(Debug, PartialEq)]
pub struct ImageFile {
    /// As the folder or the table names it.
    pub name: String,
    /// Where it is, or why no file can be taken for it.
    pub file: Result<ListedFile, String>,
}

/// A file with its state at the beginning of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedFile {
    pub path: PathBuf,
    /// Absent for a file that was not there yet.
    stamp: Option<Stamp>,
}

impl ListedFile {
    pub fn new(path: PathBuf) -> Self {
        Self {
            stamp: Stamp::of(&path),
            path,
        }
    }

    /// The file's bytes, no more than `most`; an error if it changed since it was listed.
    pub fn read(&self, most: u64) -> io::Result<Vec<u8>> {
        let (bytes, stamp) = read_unchanged(&self.path, most)?;
        match self.stamp {
            Some(listed) if listed != stamp => Err(changed()),
            _ => Ok(bytes),
        }
    }

    /// Whether it is another file by now, or gone.
    pub fn has_changed(&self) -> bool {
        self.stamp.is_some() && Stamp::of(&self.path) != self.stamp
    }
}

/// A file's name as text, another one for each name: bytes that are not UTF-8 are written `\xHH`, and so is the backslash
/// of what looks like that in a name of text.
pub fn name_of(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some((before, after)) = rest.split_once('\\') {
            let looks_escaped = after.strip_prefix('x').is_some_and(|digits| {
                let digits = digits.as_bytes().get(..2);
                digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            });
            text += before;
            text += if looks_escaped { "\\x5c" } else { "\\" };
            rest = after;
        }
        text += rest;
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// Where a caption comes from.
#[derive(Debug, PartialEq)]
pub enum Caption {
    /// A table has it, or says that there is none.
    Provided(Option<String>),
    /// It may be in one of these sidecar files, in this order, or in the image itself.
    Beside(Vec<ListedFile>),
}

/// Which columns of a table are what.
#[derive(Args, Default)]
pub struct ColumnArguments {
    /// The table's column of captions [default: caption, text or title]
    #[arg(long, value_name = "NAME")]
    caption_column: Option<String>,
    /// The table's column of images' files [default: image, picture, file, filename, file_name or path]
    #[arg(long, value_name = "NAME")]
    image_column: Option<String>,
    /// The table's column of names for its posts [default: id]
    #[arg(long, value_name = "NAME")]
    id_column: Option<String>,
}

/// Posts that were found, before the model is loaded whose labels they may have.
pub enum FoundPosts {
    /// In a folder.
    Folder(Posts),
    /// In a table.
    Table(Box<TableOfPosts>),
}

impl FoundPosts {
    /// The posts, whose labels and scores are those of a model with these labels.
    pub fn posts(self, labels: &LabelSet) -> Posts {
        match self {
            Self::Folder(posts) => posts,
            Self::Table(table) => table.posts(labels),
        }
    }
}

/// Finds all posts; no image is read.
pub fn find(input: &Path, columns: &ColumnArguments) -> Result<FoundPosts> {
    if input.is_dir() {
        if let Some(option) = columns.named() {
            bail!("--{option} is for tables, and {} is a folder", input.display());
        }
        return Ok(FoundPosts::Folder(folder::read(input)?));
    }
    match Format::of_name(&input.to_string_lossy()) {
        _ if !input.exists() => bail!("{}: there is no such file or folder", input.display()),
        Some(format) => Ok(FoundPosts::Table(Box::new(table::read(input, format, columns)?))),
        None => bail!(
            "{}: give a folder, or a table whose name ends with .csv, .tsv, .jsonl, .ndjson or .json",
            input.display()
        ),
    }
}

impl ColumnArguments {
    /// The columns that were named, and those that are known by their names.
    fn mapping(&self, columns: &[String]) -> Result<Mapping> {
        let guess = Mapping::guess(columns);
        let column = |named: &Option<String>, guess: Option<usize>| match named {
            Some(name) => Mapping::find(columns, name)
                .map(Some)
                .with_context(|| format!("there is no column `{name}`; the columns are {}", columns.join(", "))),
            None => Ok(guess),
        };
        Ok(Mapping {
            caption: column(&self.caption_column, guess.caption)?,
            image: column(&self.image_column, guess.image)?,
            id: column(&self.id_column, guess.id)?,
            manual_label: guess.manual_label,
        })
    }

    /// The same for a line of its own, which may lack what others have.
    fn mapping_of_line(&self, columns: &[String]) -> Mapping {
        let guess = Mapping::guess(columns);
        let column = |named: &Option<String>, guess: Option<usize>| match named {
            Some(name) => Mapping::find(columns, name),
            None => guess,
        };
        Mapping {
            caption: column(&self.caption_column, guess.caption),
            image: column(&self.image_column, guess.image),
            id: column(&self.id_column, guess.id),
            manual_label: guess.manual_label,
        }
    }

    /// The first option that was given.
    fn named(&self) -> Option<&'static str> {
        let options = [
            ("caption-column", &self.caption_column),
            ("image-column", &self.image_column),
            ("id-column", &self.id_column),
        ];
        options
            .into_iter()
            .find(|(_, name)| name.is_some())
            .map(|(option, _)| option)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_text_stays_unless_it_looks_like_an_escaped_one() {
        for name in ["a.jpg", "naïve 😀.png", "a\\b.jpg", "\\x", "\\xg0", "\\", "x41"] {
            assert_eq!(name_of(OsStr::new(name)), name);
        }
        assert_eq!(name_of(OsStr::new("a\\xff\\xFF")), "a\\x5cxff\\x5cxFF");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_stay_apart() {
        use std::{collections::HashSet, os::unix::ffi::OsStrExt};
        let name = |bytes: &[u8]| name_of(OsStr::from_bytes(bytes));
        assert_eq!(name(b"caf\xe9.jpg"), "caf\\xe9.jpg");
        assert_eq!(name(b"\\\xff"), "\\\\xff");
        // All names of up to four of these bytes.
        let letters = [b'\\', b'x', b'f', 0xff, 0xe9];
        let mut names: Vec<Vec<u8>> = vec![vec![]];
        let mut last = names.clone();
        for _ in 0..4 {
            let longer = |name: &Vec<u8>| letters.map(|letter| [name.as_slice(), &[letter]].concat());
            last = last.iter().flat_map(longer).collect();
            names.extend(last.clone());
        }
        let texts: HashSet<String> = names.iter().map(|bytes| name(bytes)).collect();
        assert_eq!(texts.len(), names.len());
    }

    #[test]
    fn a_file_that_changed_since_it_was_listed_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.jpg");
        let absent = ListedFile::new(path.clone());
        std::fs::write(&path, "one").expect("written");
        assert_eq!(absent.read(10).expect("it came"), b"one");
        let listed = ListedFile::new(path.clone());
        assert_eq!(listed.read(10).expect("the same"), b"one");
        assert!(!listed.has_changed());
        std::fs::write(&path, "another").expect("written");
        assert!(listed.read(10).is_err() && listed.has_changed());
        std::fs::remove_file(&path).expect("removed");
        assert!(listed.has_changed());
    }
}
