//! Images from files.

use std::{fs, path::Path};

use emofuse::{Error, Result, error::ImageUnit, image::MAX_BYTES};

/// Reads an image's file; one that is too large is not read at all.
pub fn read_encoded(path: &Path) -> Result<Vec<u8>> {
    let bytes = fs::metadata(path).map_err(Error::io(path))?.len();
    if bytes > MAX_BYTES {
        return Err(Error::ImageTooLarge {
            unit: ImageUnit::Bytes,
            found: bytes,
            limit: MAX_BYTES,
        });
    }
    fs::read(path).map_err(Error::io(path))
}
