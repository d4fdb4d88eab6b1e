//! A system that has been trained, whatever it reads.

use burn::tensor::Device;
use emofuse_core::error::Result;
use emofuse_engine::bundle::Bundle;

use super::{Answers, AnySystem, FusionExample, Seen, System, WithNGrams, logits, measure_rows};
use crate::fasttext::FastTextSystem;

/// A system that has been trained.
#[derive(Clone, Debug)]
pub enum TrainedSystem {
    /// One that reads features of sides.
    Features(WithNGrams<AnySystem>),
    /// One that reads words.
    Words(FastTextSystem),
}

impl TrainedSystem {
    /// Logits of every example that has these sides, with its index; none if the system reads none of them.
    #[must_use]
    pub fn logits(&self, examples: &[FusionExample], seen: Seen, device: &Device) -> Answers {
        match self {
            Self::Features(system) => logits(system, examples, seen, device),
            Self::Words(system) if seen == Seen::CAPTION => system.logits(examples, device),
            Self::Words(_) => Vec::new(),
        }
    }

    /// Accuracy and macro-F1 from a way of seeing posts; zeros for one that the system does not read.
    #[must_use]
    pub fn measure(&self, examples: &[FusionExample], seen: Seen, device: &Device) -> [f64; 2] {
        measure_rows(&self.logits(examples, seen, device), |row| examples[row].label())
    }

    /// Puts the system into a model file.
    ///
    /// # Errors
    /// As [`Bundle::insert`].
    pub fn write(&self, bundle: &mut Bundle) -> Result<()> {
        match self {
            Self::Features(system) => system.system.write(bundle),
            Self::Words(system) => system.write(bundle),
        }
    }
}
