//! What the trainer needs to know of a system.

use burn::{
    module::{Module, ModuleDisplay},
    tensor::Tensor,
};
use emofuse_core::error::Result;
use emofuse_engine::{
    bundle::Bundle,
    model::n_gram_table::{NGramBatch, NGramTable},
};

use super::{Seen, Side, Sides};

/// A system that scores labels by features of the sides of a post.
///
/// It works in two steps, so that one pass over the features serves all inputs of a post: with all sides, and with any
/// taken away.
pub trait System: Module + ModuleDisplay {
    /// Each side in the system's own terms; `None` if it uses nothing of what is there.
    ///
    /// # Shapes
    /// - features: `[batch, features of the side]`
    /// - output: `[batch, d]`, whatever `d` the system has
    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>>;

    /// Scores every label.
    ///
    /// # Shapes
    /// - encoded: as [`System::encode`] gives them, of any of the sides
    /// - output: `[batch, labels]`, logits
    fn logits(&self, encoded: Sides<Tensor<2>>) -> Tensor<2>;

    /// What the system adds to the logits if it sees these sides, and not otherwise; `None` for a system without priors.
    ///
    /// # Shapes
    /// - output: `[1, labels]`
    fn prior(&self, seen: Seen) -> Option<Tensor<2>>;

    /// How much a deviation of each feature counts for each label: what the ridge penalty keeps small.
    ///
    /// # Shapes
    /// - output: `[features of the side, labels]`, of the sides that it knows
    fn standardised_weights(&self) -> Sides<Tensor<2>>;

    /// Whether what it encodes lies in one space, in which the auxiliary task has a meaning.
    fn has_common_space(&self) -> bool {
        false
    }

    /// Puts what it makes of image and caption into a model file, as the engine reads it.
    ///
    /// # Errors
    /// As [`Bundle::insert`].
    fn write(&self, bundle: &mut Bundle) -> Result<()>;
}

/// A system with what the n-grams of captions add to its logits.
#[derive(Module, Debug)]
pub struct WithNGrams<S> {
    /// The system.
    pub system: S,
    /// The table of n-grams; `None` for a system that does without.
    pub n_grams: Option<NGramTable>,
}

impl<S: System> WithNGrams<S> {
    /// Scores every label; the n-grams count if the caption is there.
    ///
    /// # Shapes
    /// As [`System::logits`].
    pub fn logits(&self, encoded: Sides<Tensor<2>>, n_grams: &NGramBatch) -> Tensor<2> {
        let has_caption = encoded.get(Side::Caption).is_some();
        let logits = self.system.logits(encoded);
        match &self.n_grams {
            Some(table) if has_caption => logits + table.forward(n_grams),
            _ => logits,
        }
    }
}
