//! The posts to label: from a folder, or from a table.

mod folder;
mod table;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use emofuse::Emotion;
use emofuse_posts::{Format, Mapping};

/// All posts, in the order in which they are written.
pub struct Posts {
    pub posts: Vec<Post>,
    /// Notes on how they were read.
    pub notes: Vec<String>,
    /// Names of the table's extra columns.
    pub extra_columns: Vec<String>,
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
    /// The label that a person gave it; an error where it is none of the nine.
    pub manual_label: Result<Option<Emotion>, String>,
    /// The cells of the table's extra columns.
    pub extra: Vec<String>,
}

/// An image's file.
#[derive(Debug, PartialEq)]
pub struct ImageFile {
    /// As the folder or the table names it.
    pub name: String,
    /// Where it is, or why no file can be taken for it.
    pub file: Result<PathBuf, String>,
}

/// Where a caption comes from.
#[derive(Debug, PartialEq)]
pub enum Caption {
    /// A table has it, or says that there is none.
    Provided(Option<String>),
    /// It may be in one of these sidecar files, in this order, or in the image itself.
    Beside(Vec<PathBuf>),
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

/// Finds all posts; no image is read.
pub fn read(input: &Path, columns: &ColumnArguments) -> Result<Posts> {
    if input.is_dir() {
        if let Some(option) = columns.named() {
            bail!("--{option} is for tables, and {} is a folder", input.display());
        }
        return folder::read(input);
    }
    match Format::of_name(&input.to_string_lossy()) {
        _ if !input.exists() => bail!("{}: there is no such file or folder", input.display()),
        Some(format) => table::read(input, format, columns),
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
