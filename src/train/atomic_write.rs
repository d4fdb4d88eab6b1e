//! Files that are written whole or not at all.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::Path,
};

use emofuse_core::error::{Error, Result};

/// Writes a file, making its folder: into a temporary file in that folder, which takes the name `path` at the end. A run
/// that is cut short leaves the file as it was, and runs side by side do not write into one another's.
///
/// # Errors
/// [`Error::Io`] if the folder cannot be made or the file cannot be written.
pub(super) fn write_atomically(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("models/joy.emofuse");
        for content in ["first", "second"] {
            write_atomically(&path, |file| file.write_all(content.as_bytes())).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_write_that_fails_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("joy.emofuse");
        fs::write(&path, "whole").unwrap();
        let failed = write_atomically(&path, |file| {
            file.write_all(b"half")?;
            Err(io::Error::other("cut short"))
        });
        assert!(matches!(failed, Err(Error::Io { .. })), "{failed:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
