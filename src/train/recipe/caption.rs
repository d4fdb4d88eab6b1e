//! Training of the caption tower.

use serde::{Deserialize, Serialize};

/// Training of the caption tower: eight yes-or-no questions, one for each of Plutchik's emotions.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptionRecipe {
    /// Widths of the convolutions, in words.
    pub kernels: Vec<usize>,
    /// Filters of each width.
    pub filters: usize,
    /// Share of the features that training drops.
    pub dropout: f64,
    /// Captions in a step.
    pub batch: usize,
    /// Passes over the captions at most.
    pub epochs: usize,
    /// Passes without a better dev score before training ends.
    pub patience: usize,
    /// Step size for the convolutions and the output.
    pub learning_rate: f64,
    /// Step size for the word vectors.
    pub word_learning_rate: f32,
    /// Decoupled weight decay.
    pub weight_decay: f32,
    /// How often a pass shows each caption of posts.csv beside those of text.csv, with its labels.
    pub posts_repeat: usize,
    /// A larger sentence encoder to learn from beside the labels; absent for none.
    #[serde(default)]
    pub teacher: Option<TeacherRecipe>,
}

/// Distillation: the tower's features, mapped linearly, are to point where the teacher's embedding points.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeacherRecipe {
    /// Weight of the cosine distance beside the labels' loss.
    pub weight: f32,
    /// How often a pass shows each caption of posts.csv, with the teacher's embedding and without its labels.
    pub posts_repeat: usize,
}
