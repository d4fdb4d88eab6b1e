//! The part of a model file that people can read: everything that touches a prediction, but for the weights.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    emotion::{EMOTIONS, Emotion},
    error::{Error, Result},
    image::Preprocessing,
    model::fusion::{InputKind, common_space::Activation},
};

/// What a model file says about its model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The model's name, e.g. `emofuse-default-2026-11`.
    pub id: String,
    /// The labels in the order of the scores: always [`Emotion::ALL`].
    pub labels: Vec<Emotion>,
    /// Which network the tensors belong to.
    pub architecture: Architecture,
    /// What is done to a picture before the network sees it.
    pub preprocessing: Preprocessing,
    /// The known words, in the order of the rows of the table of word vectors.
    pub vocabulary: Vec<String>,
    /// What turns logits into probabilities that can be believed.
    pub calibration: Calibration,
    /// From which probability on a caption alone conveys each of [`Emotion::PRIMARY`], where it may convey several.
    pub caption_thresholds: [f32; 8],
    /// A post with its scores, by which a back end is tested before it is trusted.
    pub self_test: SelfTest,
    /// Where the model comes from: data, parts and their digests, licences, the recipe, the seed.
    pub provenance: BTreeMap<String, String>,
}

/// Which network the tensors belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// The picture tower.
    pub image: ImageArchitecture,
    /// The caption tower.
    pub text: TextArchitecture,
    /// How the two are fused.
    pub fusion: FusionArchitecture,
}

/// The picture tower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageArchitecture {
    /// EfficientNet-Lite0 without its last layer.
    EfficientnetLite0,
}

/// The caption tower: a convolutional network over word vectors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextArchitecture {
    /// Length of a word vector.
    pub d_word: usize,
    /// How many words each group of filters spans.
    pub kernels: Vec<usize>,
    /// Filters of each group.
    pub filters: usize,
    /// Tokens that are read of a caption; the rest is left out.
    pub max_tokens: usize,
}

/// How picture and caption are fused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FusionArchitecture {
    /// Both are mapped into one space, where either can stand in for both.
    CommonSpace {
        /// Dimensions of the space.
        d_common: usize,
        /// What bounds the vectors of the space.
        #[serde(default, skip_serializing_if = "Activation::is_default")]
        activation: Activation,
    },
}

/// One value for each kind of input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerKind<T> {
    /// For a picture with a caption.
    pub both: T,
    /// For a picture alone.
    pub image: T,
    /// For a caption alone.
    pub caption: T,
}

impl<T: Copy> PerKind<T> {
    /// The value for one kind.
    #[must_use]
    pub fn of(&self, kind: InputKind) -> T {
        match kind {
            InputKind::Both => self.both,
            InputKind::Image => self.image,
            InputKind::Caption => self.caption,
        }
    }
}

/// What turns logits into probabilities that can be believed, chosen on dev.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// What the logits are divided by before softmax.
    pub temperature: PerKind<f32>,
    /// The confidence below which the answer is "not sure".
    pub uncertain_below: PerKind<f32>,
}

/// A post with its scores, by which a back end is tested before it is trusted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfTest {
    /// The caption.
    pub caption: String,
    /// Side of the test card that is the picture, in pixels.
    pub test_card_side: u32,
    /// The scores that the model gives the two.
    pub scores: [f32; EMOTIONS],
    /// The largest difference that rounding explains.
    pub tolerance: f32,
}

impl Manifest {
    /// Refuses what the types let through and no model can mean.
    pub(super) fn check(&self) -> Result<()> {
        let wrong = |reason: &str| {
            Err(Error::ModelManifest {
                reason: reason.into(),
                source: None,
            })
        };
        if self.labels != Emotion::ALL {
            return wrong("its labels are not the nine labels in their order");
        }
        let Calibration {
            temperature,
            uncertain_below,
        } = self.calibration;
        for kind in InputKind::ALL {
            if !(temperature.of(kind).is_finite() && temperature.of(kind) > 0.0) {
                return wrong("a temperature is not above 0");
            }
            if !is_probability(uncertain_below.of(kind)) {
                return wrong("a threshold of `uncertain_below` is not between 0 and 1");
            }
        }
        if !self.caption_thresholds.into_iter().all(is_probability) {
            return wrong("a threshold of `caption_thresholds` is not between 0 and 1");
        }
        if !self.self_test.scores.into_iter().all(is_probability) || !is_probability(self.self_test.tolerance) {
            return wrong("the scores or the tolerance of the self-test are not between 0 and 1");
        }
        Ok(())
    }
}

fn is_probability(value: f32) -> bool {
    (0.0..=1.0).contains(&value)
}
