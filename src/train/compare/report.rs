//! What a comparison found.

use emofuse_core::emotion::Emotion;
use serde::Serialize;

use super::{
    best::Best,
    bootstrap::{self, Difference},
    outcome::{Outcome, Trained, Truth},
};

/// What a comparison found. All figures are those of the test split, against the post's label.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// Version of emofuse.
    pub emofuse: String,
    /// Name of the recipe.
    pub recipe: String,
    /// The network that read the images.
    pub network: String,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// Rows of each part.
    pub rows: Rows,
    /// What answering always the same is worth.
    pub most_frequent: MostFrequent,
    /// Every system, from what it sees.
    pub systems: Vec<Outcome>,
    /// Each fusion against the best system of one side.
    pub against_best_unimodal: Against,
    /// Joint fusion and common space, with both sides and with either taken away.
    pub taken_away: Vec<Outcome>,
    /// Joint fusion by pooling.
    pub pooling: Vec<Outcome>,
    /// The common space by what its auxiliary task is.
    pub auxiliary: Vec<Outcome>,
    /// Systems by the network that reads the images.
    pub networks: Vec<Outcome>,
    /// The systems of captions on the titles of reddit.csv; `None` where there is no such table.
    pub titles: Option<Vec<Outcome>>,
    /// A closer look at the system that did best on dev.
    pub best: Best,
}

/// Rows of each part of a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rows {
    /// To learn from, with a label.
    pub train: usize,
    /// To choose on.
    pub dev: usize,
    /// To report on.
    pub test: usize,
}

/// What answering always the most frequent label of train is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MostFrequent {
    /// The label.
    pub emotion: Emotion,
    /// Share of right answers.
    pub accuracy: f64,
    /// Mean F1 over the labels that occur.
    pub macro_f1: f64,
}

/// Systems against one system, by the paired bootstrap; the seeds of each answer together.
#[derive(Clone, Debug, Serialize)]
pub struct Against {
    /// The one that the others are compared with.
    pub system: String,
    /// By how much each of the others is better.
    pub differences: Vec<(String, Difference)>,
}

impl Against {
    /// Compares systems with one.
    #[must_use]
    pub(super) fn new(other: &Trained, systems: &[&Trained], truth: &Truth, seed: u64) -> Self {
        let answers = other.answers(truth);
        Self {
            system: other.kind.name(),
            differences: systems
                .iter()
                .map(|trained| {
                    let difference = bootstrap::paired(&truth.labels, &trained.answers(truth), &answers, seed);
                    (trained.kind.name(), difference)
                })
                .collect(),
        }
    }
}
