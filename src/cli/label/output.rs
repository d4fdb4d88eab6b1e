//! The file that is written, row by row, so that it is never worth less than the work that went into it.
//!
//! A run that goes on with a file writes another one beside it, with what is kept, and puts that in its place at the end: whenever it is
//! stopped, nothing that was there is lost. The next one reads them all.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use emofuse::Error;

use super::{
    columns::{COLUMNS, Cell, Row},
    format::Format,
};

/// A file for the rows, in the format that its name ends with.
#[derive(Clone, Debug)]
pub struct Output {
    path: PathBuf,
    format: Format,
}

/// What becomes of a file that is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Existing {
    Refuse,
    GoOn,
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
    Ok(Output { path, format })
}

impl Output {
    pub fn format(&self) -> Format {
        self.format
    }

    /// Refuses to write over what is read.
    pub fn refuse_input(&self, input: &Path) -> Result<()> {
        let is_input = self
            .path
            .canonicalize()
            .is_ok_and(|path| input.canonicalize().is_ok_and(|input| input == path));
        if is_input {
            bail!("{} is what is read; give --out another name", self.path.display());
        }
        Ok(())
    }

    /// The files that earlier runs wrote; refuses what cannot be written, before any work is done.
    pub fn written(&self, existing: Existing) -> Result<Vec<PathBuf>> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.is_some_and(|folder| !folder.is_dir()) || self.path.is_dir() {
            bail!(
                "{}: the file cannot be written; name one in a folder that is there",
                self.path.display()
            );
        }
        if existing == Existing::Refuse && self.path.exists() {
            bail!(
                "{} is there already; go on with it by --resume, or take it away or give --out another name",
                self.path.display()
            );
        }
        let all = std::iter::once(self.path.clone()).chain(self.parts());
        Ok(all.filter(|path| existing == Existing::GoOn && path.exists()).collect())
    }

    /// Names for the files of runs that go on, the oldest first.
    fn parts(&self) -> impl Iterator<Item = PathBuf> {
        (1..100).map(|number| self.beside("resume", number))
    }

    fn beside(&self, why: &str, number: usize) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{why}-{number}"));
        name.into()
    }

    /// Makes the file to write into: the one that was named, or one beside it where that is there.
    pub fn start(&self, written: &[PathBuf], own_columns: &[String]) -> Result<Writer> {
        let mut names = std::iter::once(self.path.clone()).chain(self.parts());
        let path = names.find(|path| !path.exists()).with_context(|| {
            format!(
                "{} was gone on with too often; give --out another name",
                self.path.display()
            )
        })?;
        let file = File::create_new(&path).map_err(Error::io(&path))?;
        let columns: Vec<String> = COLUMNS
            .iter()
            .map(|name| (*name).to_owned())
            .chain(own_columns.iter().cloned())
            .collect();
        let mut writer = Writer {
            output: self.clone(),
            earlier: written.to_vec(),
            path,
            file,
            columns,
        };
        let heading = self.format.heading(&writer.columns)?;
        writer.put(&heading)?;
        Ok(writer)
    }
}

/// The file that is being written.
pub struct Writer {
    output: Output,
    /// What is not needed any more at the end.
    earlier: Vec<PathBuf>,
    path: PathBuf,
    file: File,
    columns: Vec<String>,
}

impl Writer {
    /// Writes a row at once.
    pub fn write(&mut self, row: &Row, model_sha256: &str) -> Result<()> {
        let mut cells = row.cells(model_sha256);
        cells.resize(self.columns.len(), Cell::Absent); // of a row that cannot be read nothing is known
        let line = self.output.format.line(&self.columns, &cells)?;
        self.put(&line)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.file.write_all(bytes).map_err(Error::io(&self.path));
        written.context("not all rows could be written; make room and go on with --resume")
    }

    /// Puts the file in its place. Where `lost` hand-set labels of the one that was there are not in it, that is set aside, and its new name
    /// is given back.
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
