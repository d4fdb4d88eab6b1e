//! How much there was to read, and how much of it can be learnt from.

use std::collections::BTreeMap;

use emofuse_core::labels::LabelSet;
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
    /// How many of them have each label, by its index: of posts the first, of captions every one.
    pub labels: BTreeMap<usize, usize>,
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

    pub(super) fn count(&mut self, split: Split, labels: impl IntoIterator<Item = usize>) {
        let part = self.splits.entry(split).or_default();
        part.rows += 1;
        for label in labels {
            *part.labels.entry(label).or_default() += 1;
        }
    }
}

impl SourceSummary {
    /// The summary as a line of text, with the names of the labels.
    #[must_use]
    pub fn describe(&self, names: &LabelSet) -> String {
        let Self {
            source,
            read,
            malformed,
            without_image,
            without_label,
            splits,
        } = self;
        let mut text = format!(
            "{source}: {read} read, {malformed} malformed, {without_image} without their image, \
             {without_label} without a label"
        );
        for (split, part) in splits {
            let counts = part.labels.iter();
            let counts: Vec<String> = counts
                .map(|(label, count)| format!("{} {count}", names.get(*label).map_or("?", |label| &label.name)))
                .collect();
            let before = if counts.is_empty() { "" } else { ": " };
            text.push_str(&format!("; {split} {}{before}{}", part.rows, counts.join(", ")));
        }
        text
    }
}
