//! Training of the caption tower.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Training of the caption tower: eight yes-or-no questions, one for each of Plutchik's emotions, and one between the nine
/// labels.
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
    /// Weight of the question between the nine labels beside the eight yes-or-no questions.
    #[serde(default = "one")]
    pub emotion_weight: f32,
    /// How much each source of captions counts.
    #[serde(default)]
    pub balance: BalanceRecipe,
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
    /// How often a pass shows each caption of posts.csv, with the teacher's answers and without its labels.
    pub posts_repeat: usize,
    /// Share of the teacher's probabilities in what a labelled caption is taught; the rest is its own labels.
    #[serde(default)]
    pub soft_labels: f32,
    /// How much captions without labels count, of which only the teacher's answers are known.
    #[serde(default = "one")]
    pub unlabelled_weight: f32,
}

/// How much each source of captions counts, and each label within it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BalanceRecipe {
    /// Share of each source in the loss, by its name; `posts` are the captions of posts. Empty: every caption counts the
    /// same.
    #[serde(default)]
    pub sources: BTreeMap<String, f32>,
    /// How much a rare label counts within its source: its inverse frequency to this power.
    #[serde(default)]
    pub label_power: f32,
}

fn one() -> f32 {
    1.0
}
