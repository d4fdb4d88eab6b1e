//! Rows that take no part in an evaluation.

use std::collections::BTreeMap;

use serde::Serialize;

/// Why a row took no part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// It has no label to compare with.
    NoTarget,
    /// Its label is none of those selected.
    OtherLabel,
    /// It has several labels where one is measured.
    SeveralLabels,
    /// It has no image, and only images are measured.
    #[serde(rename = "no_picture")]
    NoImage,
    /// It has no caption with a word in it, and only captions are measured.
    NoCaption,
    /// It has neither.
    Empty,
    /// Its image is not where the table says.
    #[serde(rename = "missing_picture")]
    MissingImage,
    /// Its image cannot be decoded.
    #[serde(rename = "unreadable_picture")]
    UnreadableImage,
}

impl Skip {
    pub fn for_people(self) -> &'static str {
        match self {
            Self::NoTarget => "without a label",
            Self::OtherLabel => "with another label",
            Self::SeveralLabels => "with several labels",
            Self::NoImage => "without an image",
            Self::NoCaption => "without a caption with a word in it",
            Self::Empty => "with neither image nor caption",
            Self::MissingImage => "whose image is missing",
            Self::UnreadableImage => "whose image cannot be read",
        }
    }
}

/// How many rows took no part, by reason.
pub type Skipped = BTreeMap<Skip, usize>;
