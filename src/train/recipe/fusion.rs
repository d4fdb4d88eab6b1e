//! Training of the common space, and of what it is compared with.

use emofuse_engine::{model::fusion::Modality, text::NGrams};
use serde::{Deserialize, Serialize};

/// Training of the common space, and of what it is compared with, over frozen towers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FusionRecipe {
    /// Length of a vector in the common space.
    pub d_common: usize,
    /// How much the image counts beside a caption, for which it counts 1.
    pub image_share: f32,
    /// Rows in a step.
    pub batch: usize,
    /// Passes over the posts at most.
    pub epochs: usize,
    /// Passes without a better dev score before training ends.
    pub patience: usize,
    /// Whether what was chosen on dev is trained again, for as many passes, from train and dev together. Temperatures
    /// and thresholds stay those of what has not learnt from dev.
    #[serde(default)]
    pub refit: bool,
    /// Step size.
    pub learning_rate: f64,
    /// What takes the steps.
    #[serde(default)]
    pub optimiser: Optimiser,
    /// The n-grams of captions beside the caption tower; absent for none.
    #[serde(default)]
    pub n_grams: Option<NGramRecipe>,
    /// Ridge penalty of the weights of each feature for each emotion.
    pub ridge: RidgeRecipe,
    /// Weight of the second label, the rest is the first's.
    pub second_label: f32,
    /// A label's weight is its inverse frequency to this power.
    pub class_weight_power: ClassWeightPower,
    /// How much each way of seeing a post counts: modality dropout, taken in expectation.
    pub modality_weights: ModalityWeights,
    /// The auxiliary task.
    pub auxiliary: AuxiliaryRecipe,
}

/// The n-grams of captions beside the caption tower.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NGramRecipe {
    /// Which there are.
    pub table: NGrams,
    /// Ridge penalty of what each counts for each emotion.
    pub ridge: f32,
}

/// How much more a rare label counts than a frequent one, from 0 (not at all) to 1 (all labels count the same together).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassWeightPower {
    /// Where the caption is seen, with or without the image.
    pub caption: f32,
    /// Where the caption is taken away.
    pub image: f32,
}

/// Ridge penalty: the weights that [`System::standardised_weights`] gives, squared, summed and multiplied by this.
///
/// [`System::standardised_weights`]: crate::fusion::System::standardised_weights
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RidgeRecipe {
    /// Of the image's features.
    pub image: f32,
    /// Of the caption's features.
    pub caption: f32,
}

/// How much each way of seeing a post counts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModalityWeights {
    /// With its image and its caption.
    pub both: f32,
    /// With its caption taken away.
    pub image: f32,
    /// With its image taken away.
    pub caption: f32,
}

impl ModalityWeights {
    /// The weight of one way.
    #[must_use]
    pub fn of(&self, kind: Modality) -> f32 {
        match kind {
            Modality::Both => self.both,
            Modality::Image => self.image,
            Modality::Caption => self.caption,
        }
    }
}

/// What takes the steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Optimiser {
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019), here without any: the ridge penalty takes its
    /// place.
    #[default]
    AdamW,
    /// Stochastic gradient descent without momentum, as in the paper. It needs a larger `learning_rate`.
    Sgd,
}

/// The auxiliary task over cosine similarities, with captions of other classes as negatives.
///
/// The paper's exact loss is not known to us; these forms and their constants are ours.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuxiliaryRecipe {
    /// Weight beside the classifier's loss; 0 turns the task off.
    pub weight: f32,
    /// By how much a post's own caption must be nearer than one of another class.
    pub margin: f32,
    /// What is made of the difference between the two similarities.
    #[serde(default)]
    pub form: AuxiliaryForm,
    /// How many captions of other classes stand against each image, drawn anew in each step; absent: all in the
    /// batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negatives: Option<usize>,
}

/// What the auxiliary task makes of the difference between two similarities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuxiliaryForm {
    /// A hinge: nothing beyond the margin.
    #[default]
    Hinge,
    /// A logistic curve: the hinge, rounded off.
    Logistic,
}
