//! The output file, written row by row, so that a run that is stopped loses nothing.
//!
//! A run that resumes writes a new file beside the existing one and replaces it at the end: whenever it is stopped, nothing that was
//! there is lost. The next run reads them all.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use emofuse::{Error, LabelSet};
use emofuse_dataset::files::{OutputLock, resolved};
use emofuse_posts::{Formulas, OutputColumns};

use super::{format::Format, row::Row};

/// A file for the rows, in the format that its name ends with.
#[derive(Clone, Debug)]
pub struct Output {
    /// As it was named.
    name: PathBuf,
    /// The file itself, where that is a link.
    path: PathBuf,
    format: Format,
}

/// What to do with a file that exists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Existing {
    Refuse,
    Resume,
}

/// Takes the format from the name's ending.
pub fn parse(name: &str) -> Result<Output, String> {
    let path = PathBuf::from(name);
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let format = match extension.as_str() {
        "csv" => Format::Csv,
        "jsonl" => Format::JsonLines,
        _ => return Err("the file's name must end with .csv or .jsonl".into()),
    };
    Ok(Output {
        name: path.clone(),
        path,
        format,
    })
}

impl Output {
    /// Refuses to escape formulas in a format that no spreadsheet reads.
    pub fn refuse_escapes(&self, formulas: Formulas) -> Result<()> {
        if formulas == Formulas::Escaped && self.format == Format::JsonLines {
            bail!(
                "--escape-formulas is for CSV, and {} is JSON Lines",
                self.name.display()
            );
        }
        Ok(())
    }

    /// The same with links followed: what is written takes the place of their file, and they stay.
    pub fn resolved(&self) -> Result<Self> {
        Ok(Self {
            path: resolved(&self.name)?,
            ..self.clone()
        })
    }

    /// Keeps other runs from writing the file.
    pub fn lock(&self) -> Result<OutputLock> {
        self.refuse_folder()?;
        Ok(OutputLock::take(&self.name)?)
    }

    fn refuse_folder(&self) -> Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.is_some_and(|folder| !folder.is_dir()) || self.path.is_dir() {
            bail!(
                "{}: the file cannot be written; name one in a folder that exists",
                self.name.display()
            );
        }
        Ok(())
    }

    pub fn format(&self) -> Format {
        self.format
    }

    /// Refuses to overwrite the input.
    pub fn refuse_input(&self, input: &Path) -> Result<()> {
        let is_input = self
            .path
            .canonicalize()
            .is_ok_and(|path| input.canonicalize().is_ok_and(|input| input == path));
        if is_input {
            bail!("{} is the input; give --out another name", self.name.display());
        }
        Ok(())
    }

    /// The files that earlier runs wrote; refuses to overwrite them, before any work is done.
    pub fn written(&self, existing: Existing) -> Result<Vec<PathBuf>> {
        if existing == Existing::Refuse && self.path.exists() {
            bail!(
                "{} exists already; continue it with --resume, delete it, or give --out another name",
                self.name.display()
            );
        }
        let all = std::iter::once(self.path.clone()).chain(self.parts());
        Ok(all
            .filter(|path| existing == Existing::Resume && path.exists())
            .collect())
    }

    /// Names for the files of resumed runs, the oldest first.
    fn parts(&self) -> impl Iterator<Item = PathBuf> {
        (1..100).map(|number| self.beside("resume", number))
    }

    fn beside(&self, why: &str, number: usize) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{why}-{number}"));
        name.into()
    }

    /// Creates the file to write into: the one that was named, or one beside it where that exists.
    pub fn start(&self, written: &[PathBuf], columns: OutputColumns) -> Result<Writer> {
        let mut names = std::iter::once(self.path.clone()).chain(self.parts());
        let path = names
            .find(|path| !path.exists())
            .with_context(|| format!("{} was resumed too often; give --out another name", self.name.display()))?;
        let file = File::create_new(&path).map_err(Error::io(&path))?;
        let mut writer = Writer {
            output: self.clone(),
            earlier: written.to_vec(),
            path,
            file,
            columns,
        };
        let heading = self.format.heading(&writer.columns);
        writer.put(&heading)?;
        Ok(writer)
    }
}

/// The file that is being written.
pub struct Writer {
    output: Output,
    /// Files of earlier runs, which are deleted at the end.
    earlier: Vec<PathBuf>,
    path: PathBuf,
    file: File,
    columns: OutputColumns,
}

impl Writer {
    /// Writes a row at once.
    pub fn write(&mut self, row: &Row, labels: &LabelSet, model_sha256: &str) -> Result<()> {
        let line = self
            .output
            .format
            .line(&self.columns, row.cells(labels, model_sha256))?;
        self.put(&line)
    }

    fn put(&mut self, text: &str) -> Result<()> {
        let written = self.file.write_all(text.as_bytes()).map_err(Error::io(&self.path));
        written.context("not all rows could be written; free some space and continue with --resume")
    }

    /// Moves the file into its place. Where the existing one has `lost` manual labels that the new one lacks, it is renamed, and its new
    /// name returned.
    pub fn finish(self, lost: usize) -> Result<Option<(PathBuf, usize)>> {
        let target = &self.output.path;
        self.file.sync_all().map_err(Error::io(&self.path))?;
        let mut aside = None;
        if self.path != *target {
            if lost > 0 {
                let mut names = (1..).map(|number| self.output.beside("before", number));
                aside = names.find(|name| !name.exists()).map(|name| (name, lost));
            }
            if let Some((name, _)) = &aside {
                fs::rename(target, name).map_err(Error::io(name))?;
            }
            fs::rename(&self.path, target).map_err(Error::io(target))?;
        }
        for path in self.earlier.iter().filter(|path| *path != target) {
            fs::remove_file(path).map_err(Error::io(path))?;
        }
        Ok(aside)
    }
}
