//! Training of the classifier of captions that stand alone.

use serde::{Deserialize, Serialize};

use super::NGramRecipe;

/// Training of the classifier of captions that stand alone, over the frozen caption tower.
///
/// What the caption of a post says beside its image is the fusion's business, which learns from few posts of few
/// collections; this learns from every labelled caption that there is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StandaloneCaptionRecipe {
    /// Rows in a step.
    pub batch: usize,
    /// Passes over the captions at most.
    pub epochs: usize,
    /// Passes without a smaller loss on dev before training ends.
    pub patience: usize,
    /// Step size.
    pub learning_rate: f64,
    /// Ridge penalty of the weights of each feature for each label.
    pub ridge: f32,
    /// Weight of the second label of a caption, the rest is the first's.
    pub second_label: f32,
    /// The n-grams beside the caption tower; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_grams: Option<NGramRecipe>,
    /// The share of unknown words above which a caption counts as not understood.
    pub unknown_words_above: f32,
}

impl Default for StandaloneCaptionRecipe {
    fn default() -> Self {
        Self {
            batch: 512,
            epochs: 30,
            patience: 4,
            learning_rate: 4e-3,
            ridge: 1e-3,
            second_label: 0.25,
            n_grams: None,
            unknown_words_above: 0.5,
        }
    }
}
