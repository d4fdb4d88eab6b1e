//! Data sets: labelled posts and captions, from the sources that a recipe names.

mod annotation;
mod captions;
mod count;
mod desk;
pub mod flickr;
mod images;
mod labelling;
mod posts;
pub mod reddit;
mod rows;
mod sources;
mod split;
mod summary;

pub use annotation::Annotation;
pub use captions::{CaptionLabels, LabelledCaption};
pub use labelling::Labelling;
pub use posts::{Group, Post, PostsReader, Rating};
pub use reddit::read_titles;
pub use rows::{LabelColumn, MalformedRows};
pub use sources::{Data, DataRecipe, Needs, PostSource};
pub use split::Split;
pub use summary::{SourceSummary, SplitSummary};

/// The column of metadata that is counted in the caption if a table lacks it: the number of emoji.
pub const EMOJI_COUNT: &str = "emoji";

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
