//! The caption tower and its training.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// The caption tower: trained here, or read from a file.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(untagged)]
pub enum CaptionRecipe {
    /// None: the system reads no features of captions.
    #[default]
    Absent,
    /// A convolutional network over word vectors, trained on captions.
    Trained(ConvolutionRecipe),
    /// A finetuned transformer, which training leaves as it is.
    Pretrained(PretrainedRecipe),
}

/// A finetuned transformer, and what the classifier of captions over it learns from.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PretrainedRecipe {
    /// Where the transformer is.
    pub pretrained: PretrainedFile,
    /// How often a pass shows each caption of posts.csv beside those of text.csv, with its labels.
    #[serde(default)]
    pub posts_repeat: usize,
    /// How much each source of captions counts.
    #[serde(default)]
    pub balance: BalanceRecipe,
}

/// Where a finetuned transformer is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PretrainedFile {
    /// The file that `tools/teacher/prune.py` writes, relative to the teacher's folder, or absolute.
    pub file: PathBuf,
}

impl<'de> Deserialize<'de> for CaptionRecipe {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = toml::Table::deserialize(deserializer)?;
        if !table.contains_key("pretrained") {
            let trained = ConvolutionRecipe::deserialize(table);
            return trained.map(Self::Trained).map_err(D::Error::custom);
        }
        let meaningless: Vec<String> = table
            .keys()
            .filter(|key| !matches!(key.as_str(), "pretrained" | "posts_repeat" | "balance"))
            .map(|key| format!("`caption.{key}`"))
            .collect();
        if !meaningless.is_empty() {
            return Err(D::Error::custom(format!(
                "`caption.pretrained` names a finished tower; remove {}, or remove `caption.pretrained` to train one",
                meaningless.join(", ")
            )));
        }
        PretrainedRecipe::deserialize(table)
            .map(Self::Pretrained)
            .map_err(D::Error::custom)
    }
}

impl CaptionRecipe {
    /// How often a pass shows each caption of posts.csv beside those of text.csv, with its labels.
    #[must_use]
    pub fn posts_repeat(&self) -> usize {
        match self {
            Self::Trained(recipe) => recipe.posts_repeat,
            Self::Pretrained(recipe) => recipe.posts_repeat,
            Self::Absent => 0,
        }
    }

    /// How much each source of captions counts.
    #[must_use]
    pub fn balance(&self) -> &BalanceRecipe {
        match self {
            Self::Trained(recipe) => &recipe.balance,
            Self::Pretrained(recipe) => &recipe.balance,
            Self::Absent => &EVEN,
        }
    }

    /// The larger sentence encoder to learn from, if any.
    #[must_use]
    pub fn teacher(&self) -> Option<TeacherRecipe> {
        match self {
            Self::Trained(recipe) => recipe.teacher,
            Self::Pretrained(_) | Self::Absent => None,
        }
    }
}

/// Training of a convolutional caption tower: a yes-or-no question for each label but the `none` label, and a choice
/// between all labels.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvolutionRecipe {
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
    /// Weight of the choice between all labels beside the yes-or-no questions.
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

/// Every caption counts the same.
static EVEN: BalanceRecipe = BalanceRecipe {
    sources: BTreeMap::new(),
    label_power: 0.0,
};

fn one() -> f32 {
    1.0
}
