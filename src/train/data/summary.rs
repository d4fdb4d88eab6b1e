//! How much there was to read, and how much of it can be learnt from.

use std::{collections::BTreeMap, fmt};

use emofuse_core::emotion::Emotion;
use serde::Serialize;

use super::Split;

/// What one source held.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SourceSummary {
    /// The source's name in the recipe.
    pub source: String,
    /// Rows that were read; malformed ones are not among them.
    pub read: usize,
    /// Malformed rows, left out.
    pub malformed: usize,
    /// Rows whose image is not there; of posts.
    pub without_image: usize,
    /// Rows without a label.
    pub without_label: usize,
    /// What each part holds.
    pub splits: BTreeMap<Split, SplitSummary>,
}

/// What one part of a source held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SplitSummary {
    /// Its rows.
    pub rows: usize,
    /// How many of them have a label, by label: of posts the first emotion, of captions every one;
    /// `neutral` where none of the eight holds.
    pub labels: BTreeMap<Emotion, usize>,
}

impl SourceSummary {
    /// An empty summary.
    #[must_use]
    pub fn new(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            ..Self::default()
        }
    }

    pub(super) fn count(&mut self, split: Split, labels: impl IntoIterator<Item = Emotion>) {
        let part = self.splits.entry(split).or_default();
        part.rows += 1;
        for label in labels {
            *part.labels.entry(label).or_default() += 1;
        }
    }
}

impl fmt::Display for SourceSummary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            source,
            read,
            malformed,
            without_image,
            without_label,
            splits,
        } = self;
        write!(
            formatter,
            "{source}: {read} read, {malformed} malformed, {without_image} without their image, \
             {without_label} without a label"
        )?;
        for (split, part) in splits {
            write!(formatter, "; {split} {}", part.rows)?;
            for (index, (emotion, count)) in part.labels.iter().enumerate() {
                let before = if index == 0 { ": " } else { ", " };
                write!(formatter, "{before}{emotion} {count}")?;
            }
        }
        Ok(())
    }
}
