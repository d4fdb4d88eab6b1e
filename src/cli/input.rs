//! Pictures from files.

use std::{fs, path::Path};

use emofuse::{
    Error, Result,
    error::ImageUnit,
    image::{MAX_BYTES, Picture},
};

/// Reads and decodes a picture; one that is too large is not read at all.
pub fn read_picture(path: &Path) -> Result<Picture> {
    let bytes = fs::metadata(path).map_err(Error::io(path))?.len();
    if bytes > MAX_BYTES {
        return Err(Error::ImageTooLarge {
            unit: ImageUnit::Bytes,
            found: bytes,
            limit: MAX_BYTES,
        });
    }
    Picture::decode(&fs::read(path).map_err(Error::io(path))?)
}
