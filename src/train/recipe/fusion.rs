//! The system that reads both towers, and its training.

use emofuse_engine::{
    model::{fusion::late::Combination as Weighting, pooling::Pooling},
    text::NGrams,
};
use serde::{Deserialize, Serialize};

use crate::fusion::{Seen, Side};

/// A system of the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FusionSystem {
    /// Image and caption are mapped into one space, in which either stands in for both.
    #[default]
    CommonSpace,
    /// The image is mapped to a vector as long as the caption's, and both are pooled.
    Joint,
    /// Features side by side, and one classifier.
    Early,
    /// A classifier for images, one for captions, and a combination of their scores.
    Late,
    /// The image alone.
    Image,
    /// The caption alone, over the caption tower.
    Caption,
    /// The caption alone: the mean of the vectors of its words and pairs of words.
    #[serde(rename = "fasttext")]
    FastText,
}

impl FusionSystem {
    /// All systems.
    pub const ALL: [Self; 7] = [
        Self::CommonSpace,
        Self::Joint,
        Self::Early,
        Self::Late,
        Self::Image,
        Self::Caption,
        Self::FastText,
    ];

    /// The name in recipes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CommonSpace => "common_space",
            Self::Joint => "joint",
            Self::Early => "early",
            Self::Late => "late",
            Self::Image => "image",
            Self::Caption => "caption",
            Self::FastText => "fasttext",
        }
    }

    /// Whether it reads images.
    #[must_use]
    pub const fn reads_images(self) -> bool {
        !matches!(self, Self::Caption | Self::FastText)
    }

    /// Whether it reads captions.
    #[must_use]
    pub const fn reads_captions(self) -> bool {
        !matches!(self, Self::Image)
    }

    /// Whether it reads the features of the caption tower.
    #[must_use]
    pub const fn reads_caption_tower(self) -> bool {
        !matches!(self, Self::Image | Self::FastText)
    }

    /// Whether it fuses both sides.
    #[must_use]
    pub const fn is_fusion(self) -> bool {
        self.reads_images() && self.reads_captions()
    }
}

/// A system that can be a companion of another in its model file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompanionSystem {
    /// Joint fusion by the sum of its vectors.
    Joint,
    /// Early fusion.
    Early,
    /// Late fusion: the mean of what the companions `image` and `caption` decide.
    Late,
    /// The image alone.
    Image,
    /// The caption alone.
    Caption,
}

impl CompanionSystem {
    /// The name in recipes and model files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Joint => "joint",
            Self::Early => "early",
            Self::Late => "late",
            Self::Image => "image",
            Self::Caption => "caption",
        }
    }
}

/// The system that reads both towers and its training. A key that the system has no use for is refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FusionRecipe {
    /// Which system.
    pub system: FusionSystem,
    /// How joint fusion makes one vector of two.
    pub pooling: Pooling,
    /// How late fusion makes one decision of two.
    pub weighting: Weighting,
    /// Length of a vector in the common space.
    pub d_common: usize,
    /// How much the image counts beside a caption in the common space, for which it counts 1.
    pub image_share: f32,
    /// Rows in a step.
    pub batch: usize,
    /// Passes over the posts at most.
    pub epochs: usize,
    /// Passes without a better dev score before training ends.
    pub patience: usize,
    /// Whether what was chosen on dev is trained again, for as many passes, from train and dev together. Temperatures
    /// and thresholds stay those of what has not learnt from dev.
    pub refit: bool,
    /// Step size.
    pub learning_rate: f64,
    /// What takes the steps.
    pub optimiser: Optimiser,
    /// The n-grams of captions beside the caption tower; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_grams: Option<NGramRecipe>,
    /// Ridge penalty of the weights of each feature for each label.
    pub ridge: RidgeRecipe,
    /// Weight of the second label, the rest is the first's.
    pub second_label: f32,
    /// A label's weight is its inverse frequency to this power.
    pub class_weight_power: ClassWeightPower,
    /// How much each way of seeing a post counts: modality dropout, taken in expectation. Without it the common space has
    /// [`ModalityWeights::default`], and early and joint fusion learn from posts with both sides alone, as all three do with
    /// [`ModalityWeights::OFF`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modality_weights: Option<ModalityWeights>,
    /// The auxiliary task of the common space.
    pub auxiliary: AuxiliaryRecipe,
    /// Further systems that are trained on the same posts and kept in the model file, for comparison.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<CompanionSystem>,
}

impl FusionRecipe {
    /// Refuses companions that cannot be.
    pub(super) fn check_companions(&self) -> Result<(), String> {
        let all = &self.companions;
        for (place, companion) in all.iter().enumerate() {
            let name = companion.name();
            if all[..place].contains(companion) {
                return Err(format!("`fusion.companions` names \"{name}\" twice"));
            }
            if name == self.system.name() {
                return Err(format!(
                    "`fusion.companions` names \"{name}\", which is `fusion.system` already; remove it"
                ));
            }
        }
        let has = |companion| all.contains(&companion);
        if has(CompanionSystem::Late) && !(has(CompanionSystem::Image) && has(CompanionSystem::Caption)) {
            return Err(
                "`fusion.companions` has \"late\", which combines what \"image\" and \"caption\" decide; add these two"
                    .into(),
            );
        }
        Ok(())
    }
}

impl Default for FusionRecipe {
    fn default() -> Self {
        Self {
            system: FusionSystem::CommonSpace,
            pooling: Pooling::Mean,
            weighting: Weighting::Mean,
            d_common: 16,
            image_share: 0.8,
            batch: 32,
            epochs: 60,
            patience: 10,
            refit: false,
            learning_rate: 4e-3,
            optimiser: Optimiser::AdamW,
            n_grams: None,
            ridge: RidgeRecipe::default(),
            second_label: 0.25,
            class_weight_power: ClassWeightPower::default(),
            modality_weights: None,
            auxiliary: AuxiliaryRecipe::default(),
            companions: Vec::new(),
        }
    }
}

/// The n-grams of captions beside the caption tower.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NGramRecipe {
    /// Which there are.
    pub table: NGrams,
    /// Ridge penalty of what each counts for each label.
    pub ridge: f32,
}

/// How much more a rare label counts than a frequent one, from 0 (not at all) to 1 (all labels count the same together).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClassWeightPower {
    /// Where the caption is seen, with or without the image.
    pub caption: f32,
    /// Where the caption is taken away.
    pub image: f32,
}

impl Default for ClassWeightPower {
    fn default() -> Self {
        Self {
            caption: 0.5,
            image: 0.2,
        }
    }
}

/// Ridge penalty: the weights that [`System::standardised_weights`] gives, squared, summed and multiplied by this.
///
/// [`System::standardised_weights`]: crate::fusion::System::standardised_weights
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RidgeRecipe {
    /// Of the image's features.
    pub image: f32,
    /// Of the caption's features.
    pub caption: f32,
    /// Of the metadata, which `metadata.ridge` sets.
    #[serde(skip)]
    pub metadata: f32,
}

impl RidgeRecipe {
    /// That of a side.
    #[must_use]
    pub const fn of(&self, side: Side) -> f32 {
        match side {
            Side::Image => self.image,
            Side::Caption => self.caption,
            Side::Metadata => self.metadata,
        }
    }
}

impl Default for RidgeRecipe {
    fn default() -> Self {
        Self {
            image: 0.04,
            caption: 0.01,
            metadata: 0.01,
        }
    }
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

impl Default for ModalityWeights {
    fn default() -> Self {
        Self {
            both: 1.0,
            image: 0.5,
            caption: 0.2,
        }
    }
}

impl ModalityWeights {
    /// No modality dropout.
    pub const OFF: Self = Self {
        both: 1.0,
        image: 0.0,
        caption: 0.0,
    };

    /// The weight of one way of seeing image and caption.
    #[must_use]
    pub fn of_seen(&self, seen: Seen) -> f32 {
        match (seen.has(Side::Image), seen.has(Side::Caption)) {
            (true, true) => self.both,
            (true, false) => self.image,
            (false, _) => self.caption,
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

impl Default for AuxiliaryRecipe {
    fn default() -> Self {
        Self {
            weight: 0.02,
            margin: 0.3,
            form: AuxiliaryForm::Hinge,
            negatives: None,
        }
    }
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
