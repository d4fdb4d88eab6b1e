//! The part of a model file that people can read: everything that touches a prediction, but for the weights.

use std::{collections::BTreeMap, ops::RangeInclusive};

use burn::tensor::Device;
use emofuse_core::{LabelSet, Scores, error::Result};
use serde::{Deserialize, Serialize};

use super::{
    companion::{self, Companion},
    fusion_architecture::FusionArchitecture,
    ranges::{LARGEST, number, probability, size, temperatures, wrong},
    text_architecture::TextArchitecture,
};
use crate::{
    model::{
        efficientnet_lite::{self, EfficientNetLite0Config},
        fusion::Modality,
        googlenet::{self, GoogLeNetConfig},
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
    /// The labels in the order of the scores.
    pub labels: LabelSet,
    /// Which network the tensors belong to.
    pub architecture: Architecture,
    /// What is done to an image before the network sees it.
    pub preprocessing: Preprocessing,
    /// The known words, in the order of the rows of the table of word vectors.
    pub vocabulary: Vec<String>,
    /// What turns logits into probabilities that can be believed.
    pub calibration: Calibration,
    /// From which probability on a caption alone has each of [`LabelSet::primary`], where it may have several; empty if the
    /// model has no classifier for that.
    pub caption_thresholds: Vec<f32>,
    /// Further systems over the same towers, for comparison; none in most files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<Companion>,
    /// A post with its scores, by which a back end is tested before it is trusted.
    pub self_test: SelfTest,
    /// Where the model comes from: data, parts and their digests, licences, the recipe, the seed.
    pub provenance: BTreeMap<String, String>,
}

/// Which network the tensors belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// The image tower; a system that reads captions alone needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageArchitecture>,
    /// The caption tower; a system that reads images alone needs none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "TextArchitecture::read"
    )]
    pub text: Option<TextArchitecture>,
    /// The system that classifies posts by the features of the towers.
    pub fusion: FusionArchitecture,
}

impl Architecture {
    /// The name of the system: that of the fusion, or `fasttext`.
    #[must_use]
    pub fn system(&self) -> &'static str {
        match (&self.fusion, &self.text) {
            (FusionArchitecture::Caption, Some(TextArchitecture::FastText(_))) => "fasttext",
            (fusion, _) => fusion.name(),
        }
    }

    /// Length of an image's feature vector; `None` without an image tower.
    #[must_use]
    pub fn d_image(&self) -> Option<usize> {
        self.image.map(ImageArchitecture::d_image)
    }

    /// Length of a caption's feature vector; `None` without a caption tower.
    #[must_use]
    pub fn d_caption(&self) -> Option<usize> {
        self.text.as_ref().map(TextArchitecture::d_caption)
    }

    /// Tokens that are read of a caption at once; 0 without a caption tower.
    #[must_use]
    pub fn max_tokens(&self) -> usize {
        self.text.as_ref().map_or(0, TextArchitecture::max_tokens)
    }

    fn check(&self) -> Result<()> {
        self.fusion.check()?;
        let reads = self.fusion.reads();
        if reads != Modality::Caption && self.image.is_none() {
            return Err(wrong("its system reads images, and it has no image tower".into()));
        }
        if reads != Modality::Image && self.text.is_none() {
            return Err(wrong("its system reads captions, and it has no caption tower".into()));
        }
        let Some(text) = &self.text else { return Ok(()) };
        if matches!(text, TextArchitecture::FastText(_)) && self.fusion != FusionArchitecture::Caption {
            return Err(wrong("only the system `caption` reads `fasttext`".into()));
        }
        text.check()
    }
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

    /// Length of an image's feature vector.
    #[must_use]
    pub fn d_image(self) -> usize {
        match self {
            Self::EfficientnetLite0 => efficientnet_lite::features::FEATURES,
            Self::Googlenet => googlenet::FEATURES,
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
    /// For an image that stands alone, if the model has a classifier of its own for it.
    pub standalone_image: Calibrated,
    /// For a caption that stands alone, if the model has a classifier of its own for it.
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

    /// For one kind of input of the system.
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
    pub scores: Scores,
    /// The largest difference that rounding explains, at most 0.05.
    pub tolerance: f32,
}

impl Manifest {
    /// Refuses what the types let through and no model can mean. Everything that is allocated later follows from these
    /// numbers and from tensors that are there.
    pub(super) fn check(&self) -> Result<()> {
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
            temperatures(&[temperature])?;
            probability("uncertain_below", &[uncertain_below])?;
            probability("secondary_from", &[secondary_from])?;
        }
        probability("unknown_words_above", &[unknown_words_above])?;
        probability("sides_disagree_below", &[modalities_disagree_below])?;
        probability("caption_thresholds", &self.caption_thresholds)?;
        let primary = self.labels.primary().count();
        if ![0, primary].contains(&self.caption_thresholds.len()) {
            return Err(wrong("its `caption_thresholds` are not as many as its labels".into()));
        }
        if !self.caption_thresholds.is_empty() && self.architecture.text.is_none() {
            return Err(wrong("it has `caption_thresholds` and no caption tower".into()));
        }
        if scores.len() != self.labels.len() {
            return Err(wrong(
                "the `scores` of its self-test are not as many as its labels".into(),
            ));
        }
        probability("scores", scores)?;
        // With more, whatever a device computes would pass.
        number("tolerance", &[*tolerance], 0.0..=0.05, "0 to 0.05")?;
        self.architecture.check()?;
        companion::check(
            &self.companions,
            self.architecture.system(),
            self.architecture.fusion.reads(),
        )
    }
}

/// Sides of the square that a network sees: one cell of its last layer at least, and no more than memory is there for.
const SIDES: RangeInclusive<usize> = 32..=512;

const SMALLEST_DEVIATION: f32 = 1.0 / 1024.0;
