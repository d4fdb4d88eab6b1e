//! Images from files.

use std::{fs, path::Path};

use emofuse::{Error, Result, error::ImageUnit, image::MAX_BYTES};
use emofuse_dataset::files::read_unchanged;

/// Reads an image's file; one that is too large is not read at all, one that changes meanwhile is an error.
pub fn read_encoded(path: &Path) -> Result<Vec<u8>> {
    refuse_too_large(fs::metadata(path).map_err(Error::io(path))?.len())?;
    let (bytes, _) = read_unchanged(path, MAX_BYTES + 1).map_err(Error::io(path))?;
    refuse_too_large(bytes.len() as u64)?;
    Ok(bytes)
}

fn refuse_too_large(bytes: u64) -> Result<()> {
    if bytes <= MAX_BYTES {
        return Ok(());
    }
    Err(Error::ImageTooLarge {
        unit: ImageUnit::Bytes,
        found: bytes,
        limit: MAX_BYTES,
    })
}
