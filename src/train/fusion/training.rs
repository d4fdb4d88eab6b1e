//! What a system is trained with.

use burn::tensor::Device;

use super::FusionExample;
use crate::{recipe::Recipe, word_vectors::WordVectors};

/// What a system is trained with.
#[derive(Clone, Copy)]
pub struct Training<'a> {
    /// The recipe.
    pub recipe: &'a Recipe,
    /// How many labels there are.
    pub labels: usize,
    /// Everything random follows from it.
    pub seed: u64,
    /// To learn from.
    pub examples: &'a [FusionExample],
    /// To stop early by.
    pub dev: &'a [FusionExample],
    /// Pretrained word vectors, which FastText begins with.
    pub vectors: Option<&'a WordVectors>,
    /// Where it runs.
    pub device: &'a Device,
}
