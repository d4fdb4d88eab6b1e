//! Training of the FastText-style baseline.

use serde::{Deserialize, Serialize};

/// Training of the FastText-style baseline.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FastTextRecipe {
    /// Vectors that bigrams share.
    pub buckets: u32,
    /// Share of the mean vector's numbers that training drops.
    pub dropout: f64,
    /// Captions in a step.
    pub batch: usize,
    /// Passes over the captions at most.
    pub epochs: usize,
    /// Passes without a smaller loss on dev before training ends.
    pub patience: usize,
    /// Step size for the output.
    pub learning_rate: f64,
    /// Step size for the vectors of words and bigrams.
    pub word_learning_rate: f32,
    /// Decoupled weight decay of the output.
    pub weight_decay: f32,
}

impl Default for FastTextRecipe {
    fn default() -> Self {
        Self {
            buckets: 1 << 15,
            dropout: 0.3,
            batch: 32,
            epochs: 40,
            patience: 6,
            learning_rate: 1e-2,
            word_learning_rate: 2e-3,
            weight_decay: 1e-2,
        }
    }
}
