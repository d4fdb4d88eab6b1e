//! Data sets: labelled posts and captions, from the sources that a recipe names.

mod captions;
mod count;
pub mod flickr;
mod images;
mod posts;
pub mod reddit;
mod rows;
mod sources;
mod split;
mod summary;

pub use captions::{CaptionLabels, LabelledCaption, read_captions};
pub use posts::{Group, Label, Post, Rating, read_posts};
pub use reddit::read_titles;
pub use rows::MalformedRows;
pub use sources::{Data, DataRecipe, PostSource};
pub use split::Split;
pub use summary::{SourceSummary, SplitSummary};

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    /// Writes a file below a folder, with the folders between.
    pub fn write(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("made");
        fs::write(&path, text).expect("written");
        path
    }
}
