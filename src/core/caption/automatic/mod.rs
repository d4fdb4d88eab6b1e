//! Texts that cameras, phones and programs write where a caption belongs.
//!
//! The kinds were collected from the lists that other programs drop: PhotoPrism's `UnwantedDescriptions`, iNaturalist's
//! `BRANDED_DESCRIPTIONS`, KPhotoAlbum's Exif comments to strip, and MediaWiki's `filename-prefix-blacklist` of names that
//! cameras give to files. A text counts as automatic as a whole or not at all; tests/golden/texts_nobody_wrote.json has
//! examples of both.

mod cameras;
mod dates;
mod file_names;
mod identifiers;
mod runs;
mod signatures;
mod software;

pub use file_names::{is_file_name, media_stem};

/// The longest automatic text, in bytes; a longer one was written.
const LONGEST: usize = 250;

/// Whether no person wrote a text that stands where captions do.
pub fn is_automatic(text: &str) -> bool {
    text.len() <= LONGEST
        && [
            cameras::is_camera,
            software::is_software,
            file_names::is_default_file_name,
            identifiers::is_identifier,
            dates::is_date,
        ]
        .iter()
        .any(|test| test(text))
}

/// Whether no person wrote a text in an image's own metadata. More counts as automatic there than in a table: a person who
/// types "single" or "???" into a cell means it.
pub fn is_automatic_metadata(text: &str) -> bool {
    let is_lost = text
        .chars()
        .all(|character| character == '?' || character.is_whitespace());
    is_lost || software::is_default_word(text) || (text.len() <= LONGEST && is_file_name(text))
}
