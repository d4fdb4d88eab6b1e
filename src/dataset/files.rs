//! Files that are written whole or not at all, by one run at a time, and read as one state of them.

use std::{
    ffi::OsString,
    fs::{self, File, Metadata, OpenOptions, TryLockError},
    io::{self, BufWriter, ErrorKind, Read, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use emofuse_core::error::{Error, Result};

/// How many links may lead from one to the next.
const MOST_LINKS: usize = 40;

/// The file that a path leads to: a link, even to a file that is not there yet, is followed, so that what is written takes
/// the place of the file and not of the link.
///
/// # Errors
/// [`Error::Io`] for a link that cannot be read, or leads round in a circle.
pub fn resolved(path: &Path) -> Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.is_symlink() => {
                let link = fs::read_link(&target).map_err(Error::io(path))?;
                target = folder_of(&target).join(link);
            }
            _ => return Ok(target),
        }
    }
    Err(Error::io(path)(io::Error::other("too many links lead from it")))
}

/// The folder of a file; `.` for a bare name.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Writes a file, making its folder: into a temporary file in that folder, which takes the name `path` at the end. A run
/// that is cut short leaves the file as it was, and runs side by side do not write into one another's. A link stays a
/// link.
///
/// # Errors
/// [`Error::Io`] if the folder cannot be made or the file cannot be written.
pub fn write_atomically(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let path = &*resolved(path)?;
    let folder = folder_of(path);
    fs::create_dir_all(folder).map_err(Error::io(folder))?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Temporary files are private otherwise, and this one is to stay; the umask applies.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let write = || {
        let mut file = BufWriter::new(builder.tempfile_in(folder)?);
        content(&mut file)?;
        file.into_inner()?.persist(path)?;
        Ok(())
    };
    write().map_err(Error::io(path))
}

/// The right to write a file, which one run has at a time. The operating system takes it back from a run that dies.
///
/// It is a lock on a hidden file beside it, `.NAME.lock`, which is removed at the end. One that a killed run left there is
/// taken over by the next.
#[derive(Debug)]
pub struct OutputLock {
    path: PathBuf,
    /// Open as long as the lock is held.
    file: Option<File>,
}

impl OutputLock {
    /// Takes the right to write a file, or says who has it.
    ///
    /// # Errors
    /// [`Error::Data`] if another run has it, [`Error::Io`] if nothing can be written beside the file.
    pub fn take(output: &Path) -> Result<Self> {
        let target = resolved(output)?;
        // The folder's own path, so that two names of it are one.
        let folder = folder_of(&target).canonicalize().map_err(Error::io(output))?;
        let mut name = OsString::from(".");
        name.push(target.file_name().unwrap_or_default());
        name.push(".lock");
        let path = folder.join(name);
        loop {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(false);
            let file = options.open(&path).map_err(Error::io(&path))?;
            match file.try_lock() {
                // Whoever had it may have removed the file in the meantime: then another run can lock a new one.
                Ok(()) if !is_at(&file, &path) => {}
                Ok(()) => return Ok(Self { path, file: Some(file) }),
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::Data {
                        path: output.to_owned(),
                        reason: "another run is writing this file; wait until it has ended, or name another file"
                            .into(),
                    });
                }
                // A file system without locks, of which there are some on networks.
                Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {
                    let _ = fs::remove_file(&path);
                    return Ok(Self { path, file: None });
                }
                Err(TryLockError::Error(error)) => return Err(Error::io(&path)(error)),
            }
        }
    }

    /// Whether other runs are kept out: a file system without locks lets them in.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.file.is_some()
    }
}

impl Drop for OutputLock {
    fn drop(&mut self) {
        // Removed while it is held. Elsewhere it cannot be told whether a file is still the one at its path, so it stays.
        if cfg!(unix) && self.file.is_some() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether an open file is the one at a path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |metadata: Metadata| (metadata.dev(), metadata.ino());
    let (open, there) = (file.metadata().map(place), fs::metadata(path).map(place));
    matches!((open, there), (Ok(open), Ok(there)) if open == there)
}

/// Nothing removes the file here.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// What tells one state of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    /// The state of the file at a path; `None` where there is none that can be looked at.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        Some(Self::from(&fs::metadata(path).ok()?))
    }
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Self {
        Self {
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
        }
    }
}

/// A file's bytes, no more than `most`, with its state, which was the same before and after reading. What is no file, such
/// as a pipe, has no state to compare.
///
/// # Errors
/// Of the kind [`ErrorKind::ResourceBusy`] for a file that changes meanwhile, otherwise the operating system's.
pub fn read_unchanged(path: &Path, most: u64) -> io::Result<(Vec<u8>, Stamp)> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    let before = Stamp::from(&metadata);
    let mut bytes = Vec::new();
    (&mut file).take(most).read_to_end(&mut bytes)?;
    if !metadata.is_file() {
        return Ok((bytes, before));
    }
    let is_whole = bytes.len() as u64 == before.bytes.min(most);
    // The name may be another file's by now.
    if !is_whole || Stamp::from(&file.metadata()?) != before || Stamp::from(&fs::metadata(path)?) != before {
        return Err(changed());
    }
    Ok((bytes, before))
}

/// The error for a file that changes while it is in use.
#[must_use]
pub fn changed() -> io::Error {
    io::Error::new(
        ErrorKind::ResourceBusy,
        "it changed during the run; run again once nothing writes it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let name =
            |entry: io::Result<fs::DirEntry>| entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> = fs::read_dir(folder).expect("a folder").map(name).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("models/joy.emofuse");
        for content in ["first", "second"] {
            write_atomically(&path, |file| file.write_all(content.as_bytes())).expect("written");
            assert_eq!(fs::read_to_string(&path).expect("read"), content);
        }
        assert_eq!(names(&folder.path().join("models")), ["joy.emofuse"]);
    }

    #[test]
    fn a_write_that_fails_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("joy.emofuse");
        fs::write(&path, "whole").expect("written");
        let failed = write_atomically(&path, |file| {
            file.write_all(b"half")?;
            Err(io::Error::other("cut short"))
        });
        assert!(matches!(failed, Err(Error::Io { .. })), "{failed:?}");
        assert_eq!(fs::read_to_string(&path).expect("read"), "whole");
        assert_eq!(names(folder.path()), ["joy.emofuse"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_whether_its_file_is_there_or_not() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("far")).expect("made");
        symlink("far/model", at("second")).expect("linked");
        symlink(at("second"), at("first")).expect("linked");
        for content in ["new", "newer"] {
            write_atomically(&at("first"), |file| file.write_all(content.as_bytes())).expect("written");
            assert_eq!(fs::read_to_string(at("far/model")).expect("read"), content);
            assert!(at("first").is_symlink() && at("second").is_symlink() && !at("far/model").is_symlink());
        }
        symlink("circle", at("circle")).expect("linked");
        assert!(matches!(resolved(&at("circle")), Err(Error::Io { .. })));
    }

    #[test]
    fn a_second_run_is_refused_until_the_first_ends_whatever_name_it_gives_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("labels.csv");
        let held = OutputLock::take(&path).expect("free");
        assert!(held.is_held());
        let refused = |path: &Path| {
            let error = OutputLock::take(path).expect_err("another run has it").to_string();
            assert!(error.contains("another run is writing this file"), "{error}");
        };
        refused(&path);
        refused(&folder.path().join(".").join("labels.csv"));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("labels.csv", folder.path().join("link.csv")).expect("linked");
            refused(&folder.path().join("link.csv"));
            fs::remove_file(folder.path().join("link.csv")).expect("removed");
        }
        OutputLock::take(&folder.path().join("others.csv")).expect("another file");
        drop(held);
        drop(OutputLock::take(&path).expect("free again"));
        assert_eq!(names(folder.path()).len(), if cfg!(unix) { 0 } else { 2 });
    }

    #[test]
    fn a_lock_that_a_killed_run_left_is_taken_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("labels.csv");
        fs::write(folder.path().join(".labels.csv.lock"), "").expect("written");
        assert!(OutputLock::take(&path).expect("free").is_held());
    }

    #[test]
    fn a_file_is_read_to_a_limit_with_its_state() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        fs::write(&path, "12345").expect("written");
        let (bytes, stamp) = read_unchanged(&path, 100).expect("read");
        assert_eq!((bytes.as_slice(), Some(stamp)), (&b"12345"[..], Stamp::of(&path)));
        assert_eq!(read_unchanged(&path, 3).expect("read").0, b"123");
        fs::write(&path, "123456").expect("written");
        assert_ne!(Some(stamp), Stamp::of(&path));
        let gone = read_unchanged(&folder.path().join("b.txt"), 1).expect_err("gone");
        assert_eq!(gone.kind(), ErrorKind::NotFound);
    }
}
