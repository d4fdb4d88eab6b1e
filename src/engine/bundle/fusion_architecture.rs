//! The system in a manifest: how the features of image and caption become one answer.

use emofuse_core::error::Result;
use serde::{Deserialize, Serialize};

use super::ranges::{LARGEST, number, size};
use crate::model::{
    fusion::{Modality, late::Combination},
    pooling::Pooling,
};

/// A system of Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017, arXiv
/// 1708.02099).
///
/// In the manifest it is an object whose `kind` is the [name](Self::name).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub enum FusionArchitecture {
    /// Both are mapped into one space, where either can stand in for both.
    CommonSpace {
        /// Dimensions of the space, 1 to 4096.
        d_common: usize,
        /// How much the image counts beside a caption, for which it counts 1; 0 to 1000.
        image_share: f32,
    },
    /// The image is mapped to the size of the caption, both are pooled, and one classifier follows. Without a caption the
    /// image is classified as it is, and the reverse, each with a prior of its own.
    Joint {
        /// How the two vectors become one.
        pooling: Pooling,
    },
    /// Both side by side before one classifier. A side that is missing counts as the mean of what was learnt from, and
    /// each side alone has a prior of its own.
    Early,
    /// A classifier for each, and a combination of what they decide. Without a caption the image's decision stands, and
    /// the reverse.
    Late {
        /// How two decisions become one.
        weighting: Combination,
    },
    /// The image alone; a caption is not read, and a post without an image is refused.
    Image,
    /// The caption alone; an image is not read, and a post without a caption is refused.
    Caption,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    CommonSpace,
    Joint,
    Early,
    Late,
    Image,
    Caption,
}

/// All fields that any system has. An enum with a tag in it would take more code to read.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    d_common: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image_share: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pooling: Option<Pooling>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weighting: Option<Combination>,
}

impl Fields {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            d_common: None,
            image_share: None,
            pooling: None,
            weighting: None,
        }
    }
}

impl TryFrom<Fields> for FusionArchitecture {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, &'static str> {
        let Fields {
            kind,
            d_common,
            image_share,
            pooling,
            weighting,
        } = fields;
        match (kind, d_common, image_share, pooling, weighting) {
            (Kind::CommonSpace, Some(d_common), Some(image_share), None, None) => {
                Ok(Self::CommonSpace { d_common, image_share })
            }
            (Kind::Joint, None, None, Some(pooling), None) => Ok(Self::Joint { pooling }),
            (Kind::Early, None, None, None, None) => Ok(Self::Early),
            (Kind::Late, None, None, None, Some(weighting)) => Ok(Self::Late { weighting }),
            (Kind::Image, None, None, None, None) => Ok(Self::Image),
            (Kind::Caption, None, None, None, None) => Ok(Self::Caption),
            (Kind::CommonSpace, ..) => Err("`common_space` has `d_common` and `image_share`"),
            (Kind::Joint, ..) => Err("`joint` has `pooling` alone"),
            (Kind::Late, ..) => Err("`late` has `weighting` alone"),
            (Kind::Early | Kind::Image | Kind::Caption, ..) => Err("this system has a `kind` alone"),
        }
    }
}

impl From<FusionArchitecture> for Fields {
    fn from(fusion: FusionArchitecture) -> Self {
        match fusion {
            FusionArchitecture::CommonSpace { d_common, image_share } => Self {
                d_common: Some(d_common),
                image_share: Some(image_share),
                ..Self::new(Kind::CommonSpace)
            },
            FusionArchitecture::Joint { pooling } => Self {
                pooling: Some(pooling),
                ..Self::new(Kind::Joint)
            },
            FusionArchitecture::Late { weighting } => Self {
                weighting: Some(weighting),
                ..Self::new(Kind::Late)
            },
            FusionArchitecture::Early => Self::new(Kind::Early),
            FusionArchitecture::Image => Self::new(Kind::Image),
            FusionArchitecture::Caption => Self::new(Kind::Caption),
        }
    }
}

impl FusionArchitecture {
    /// The name in model files and recipes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::CommonSpace { .. } => "common_space",
            Self::Joint { .. } => "joint",
            Self::Early => "early",
            Self::Late { .. } => "late",
            Self::Image => "image",
            Self::Caption => "caption",
        }
    }

    /// What it reads of a post: of [`Modality::Both`], whichever is there.
    #[must_use]
    pub const fn reads(&self) -> Modality {
        match self {
            Self::Image => Modality::Image,
            Self::Caption => Modality::Caption,
            _ => Modality::Both,
        }
    }

    /// Refuses what no system has.
    ///
    /// # Errors
    /// [`Error::ModelManifest`](emofuse_core::Error::ModelManifest) with what is wrong.
    pub fn check(&self) -> Result<()> {
        let Self::CommonSpace { d_common, image_share } = *self else {
            return Ok(());
        };
        size("d_common", d_common, 1..=LARGEST)?;
        number("image_share", &[image_share], 0.0..=1000.0, "0 to 1000")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_is_written_and_read() {
        for json in [
            r#"{"kind":"common_space","d_common":16,"image_share":0.8}"#,
            r#"{"kind":"joint","pooling":"max"}"#,
            r#"{"kind":"early"}"#,
            r#"{"kind":"late","weighting":"learnt"}"#,
            r#"{"kind":"image"}"#,
            r#"{"kind":"caption"}"#,
        ] {
            let fusion: FusionArchitecture = serde_json::from_str(json).expect(json);
            assert_eq!(serde_json::to_string(&fusion).expect("JSON"), json);
            assert!(json.contains(fusion.name()));
        }
    }

    #[test]
    fn a_system_without_its_fields_or_with_those_of_another_is_refused() {
        for json in [
            r#"{"kind":"common_space","d_common":16}"#,
            r#"{"kind":"joint"}"#,
            r#"{"kind":"joint","pooling":"max","weighting":"mean"}"#,
            r#"{"kind":"joint","pooling":"least"}"#,
            r#"{"kind":"early","d_common":16}"#,
            r#"{"kind":"late","pooling":"mean"}"#,
            r#"{"kind":"image","size":1}"#,
            r#"{"kind":"crystal_ball"}"#,
            "{}",
        ] {
            assert!(serde_json::from_str::<FusionArchitecture>(json).is_err(), "{json}");
        }
    }
}
