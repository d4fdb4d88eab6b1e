//! The part of a model file that people can read: everything that touches a prediction, but for the weights.

use std::{collections::BTreeMap, ops::RangeInclusive};

use burn::tensor::Device;
use emofuse_core::{
    emotion::{EMOTIONS, Emotion},
    error::Result,
};
use serde::{Deserialize, Serialize};

use super::{
    ranges::{LARGEST, number, size, wrong},
    text_architecture::TextArchitecture,
};
use crate::{
    model::{
        efficientnet_lite::EfficientNetLite0Config, fusion::Modality, googlenet::GoogLeNetConfig,
        image_tower::ImageTower,
    },
    preprocessing::Preprocessing,
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
    /// What is done to an image before the network sees it.
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
    /// The image tower.
    pub image: ImageArchitecture,
    /// The caption tower.
    #[serde(deserialize_with = "TextArchitecture::read")]
    pub text: TextArchitecture,
    /// How the two are fused.
    pub fusion: FusionArchitecture,
}

/// The image tower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageArchitecture {
    /// EfficientNet-Lite0 without its last layer.
    #[default]
    EfficientnetLite0,
    /// GoogLeNet (Inception v1) without its last layer.
    Googlenet,
}

impl ImageArchitecture {
    /// The tower with random weights.
    #[must_use]
    pub fn init(self, device: &Device) -> ImageTower {
        match self {
            Self::EfficientnetLite0 => ImageTower::EfficientNetLite0(EfficientNetLite0Config::new().init(device)),
            Self::Googlenet => ImageTower::GoogLeNet(GoogLeNetConfig::new().init(device)),
        }
    }

    /// How images were prepared when the tower's pretrained weights were made.
    #[must_use]
    pub fn preprocessing(self) -> Preprocessing {
        match self {
            Self::EfficientnetLite0 => Preprocessing::efficientnet_lite(),
            Self::Googlenet => Preprocessing::googlenet(),
        }
    }
}

/// How image and caption are fused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FusionArchitecture {
    /// Both are mapped into one space, where either can stand in for both.
    CommonSpace {
        /// Dimensions of the space, 1 to 4096.
        d_common: usize,
        /// How much the image counts beside a caption, for which it counts 1; 0 to 1000.
        image_share: f32,
    },
}

/// Temperatures and thresholds, chosen on dev for each kind of input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// For an image with a caption.
    pub both: Calibrated,
    /// For the image of a post whose caption is taken away.
    pub image: Calibrated,
    /// For the caption of a post whose image is taken away.
    pub caption: Calibrated,
    /// For an image that stands alone: it has a classifier of its own.
    pub standalone_image: Calibrated,
    /// For a caption that stands alone: it has a classifier of its own.
    pub standalone_caption: Calibrated,
    /// The share of unknown words above which a caption counts as not understood.
    pub unknown_words_above: f32,
    /// The agreement of image and caption below which the prediction to a post with both is uncertain.
    #[serde(rename = "sides_disagree_below")]
    pub modalities_disagree_below: f32,
}

/// Temperature and thresholds of one kind of input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibrated {
    /// What the logits are divided by before softmax, 0.01 to 100.
    pub temperature: f32,
    /// The confidence below which the prediction is uncertain.
    pub uncertain_below: f32,
    /// The score from which on the second most likely label is given beside the first; above 0.5 it never is.
    pub secondary_from: f32,
}

impl Calibrated {
    /// Scores as they come, every prediction sure and no second label: before anything is calibrated.
    pub const NONE: Self = Self {
        temperature: 1.0,
        uncertain_below: 0.0,
        secondary_from: 1.0,
    };
}

impl Calibration {
    /// The same for every kind of input.
    #[must_use]
    pub const fn all(calibrated: Calibrated) -> Self {
        Self {
            both: calibrated,
            image: calibrated,
            caption: calibrated,
            standalone_image: calibrated,
            standalone_caption: calibrated,
            unknown_words_above: 1.0,
            modalities_disagree_below: 0.0,
        }
    }

    /// For one kind of input of the common space.
    #[must_use]
    pub const fn of(&self, kind: Modality) -> Calibrated {
        match kind {
            Modality::Both => self.both,
            Modality::Image => self.image,
            Modality::Caption => self.caption,
        }
    }
}

/// A post with its scores, by which a back end is tested before it is trusted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfTest {
    /// The caption.
    pub caption: String,
    /// Side of the test card that is the image, in pixels, 1 to 1024.
    pub test_card_side: u32,
    /// The scores that the model gives the two.
    pub scores: [f32; EMOTIONS],
    /// The largest difference that rounding explains, at most 0.05.
    pub tolerance: f32,
}

impl Manifest {
    /// Refuses what the types let through and no model can mean. Everything that is allocated later follows from these
    /// numbers and from tensors that are there.
    pub(super) fn check(&self) -> Result<()> {
        if self.labels != Emotion::ALL {
            return Err(wrong("its labels are not the nine labels in their order".into()));
        }
        let Preprocessing {
            resize,
            crop,
            channels: _,
            mean,
            standard_deviation,
        } = &self.preprocessing;
        let Calibration {
            both,
            image,
            caption,
            standalone_image,
            standalone_caption,
            unknown_words_above,
            modalities_disagree_below,
        } = self.calibration;
        let SelfTest {
            caption: _,
            test_card_side,
            scores,
            tolerance,
        } = &self.self_test;

        size("crop", *crop as usize, SIDES)?;
        size("resize", *resize as usize, *crop as usize..=LARGEST)?;
        size("test_card_side", *test_card_side as usize, 1..=1024)?;
        number("mean", mean, -16.0..=16.0, "-16 to 16")?;
        number(
            "standard_deviation",
            standard_deviation,
            SMALLEST_DEVIATION..=16.0,
            "1/1024 to 16",
        )?;
        for Calibrated {
            temperature,
            uncertain_below,
            secondary_from,
        } in [both, image, caption, standalone_image, standalone_caption]
        {
            number("temperature", &[temperature], 0.01..=100.0, "0.01 to 100")?;
            probability("uncertain_below", &[uncertain_below])?;
            probability("secondary_from", &[secondary_from])?;
        }
        probability("unknown_words_above", &[unknown_words_above])?;
        probability("sides_disagree_below", &[modalities_disagree_below])?;
        probability("caption_thresholds", &self.caption_thresholds)?;
        probability("scores", scores)?;
        // With more, whatever a device computes would pass.
        number("tolerance", &[*tolerance], 0.0..=0.05, "0 to 0.05")?;
        self.architecture.fusion.check()?;
        self.architecture.text.check()
    }
}

impl FusionArchitecture {
    /// Refuses what no fusion has.
    ///
    /// # Errors
    /// [`Error::ModelManifest`](emofuse_core::Error::ModelManifest) with what is wrong.
    pub fn check(&self) -> Result<()> {
        let Self::CommonSpace { d_common, image_share } = *self;
        size("d_common", d_common, 1..=LARGEST)?;
        number("image_share", &[image_share], 0.0..=1000.0, "0 to 1000")
    }
}

/// Sides of the square that a network sees: one cell of its last layer at least, and no more than memory is there for.
const SIDES: RangeInclusive<usize> = 32..=512;

const SMALLEST_DEVIATION: f32 = 1.0 / 1024.0;

fn probability(name: &str, values: &[f32]) -> Result<()> {
    number(name, values, 0.0..=1.0, "0 to 1")
}
