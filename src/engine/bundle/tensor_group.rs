//! Names of the groups of tensors in a model file.

/// The image tower.
pub const IMAGE: &str = "image";
/// The word vectors, one row a word; of FastText, then one row for each bucket of bigrams.
pub const WORDS: &str = "words";
/// The caption tower.
pub const CAPTION: &str = "caption";
/// The caption tower's own outputs for captions that may have several labels, one for each but the `none` label.
pub const CAPTION_LABELS: &str = "caption_labels";
/// The caption tower's own outputs for captions that have one label, if it is a transformer.
pub const CAPTION_EMOTION: &str = "caption_emotion";
/// The system that classifies posts.
pub const FUSION: &str = "fusion";
/// What n-grams of captions add to the logits of posts, one row of the table each.
pub const N_GRAMS: &str = "n_grams";
/// The classifier of images that stand alone; without it, the system classifies them.
pub const STANDALONE_IMAGE: &str = "standalone_image";
/// The classifier of captions that stand alone; without it, the system classifies them.
pub const STANDALONE_CAPTION: &str = "standalone_caption";
/// What n-grams of captions add to the logits of captions that stand alone.
pub const STANDALONE_N_GRAMS: &str = "standalone_n_grams";
/// Further systems over the same towers, each below its name.
pub const COMPANIONS: &str = "companions";

/// Where a tensor stands in a model file: what captions alone need comes first, the table of words last of that, so that
/// captions can be classified while the rest of the file is still on its way.
pub(super) fn rank(name: &str) -> u8 {
    match name.split('.').next() {
        Some(CAPTION | CAPTION_LABELS | CAPTION_EMOTION | STANDALONE_CAPTION | STANDALONE_N_GRAMS) => 0,
        Some(WORDS) => 1,
        _ => 2,
    }
}
