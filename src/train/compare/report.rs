//! What a comparison found.

use serde::Serialize;

use super::{best::Best, importance::Importance, outcome::Outcome};

/// What a comparison found. All figures are those of the test split, against the post's label.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// Version of emofuse.
    pub emofuse: String,
    /// Name of the recipe.
    pub recipe: String,
    /// The labels.
    pub labels: Vec<String>,
    /// The network that read the images; `None` if no system reads any.
    pub network: Option<String>,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// Rows of each part.
    pub rows: Rows,
    /// What answering always the same is worth.
    pub most_frequent: MostFrequent,
    /// Every system, from what it sees.
    pub systems: Vec<Outcome>,
    /// The system of one side that is best on dev, with which the others are compared.
    pub best_unimodal: String,
    /// Joint fusion and common space, with both sides and with either taken away; this and the next two are empty without
    /// systems that fuse both sides.
    pub taken_away: Vec<Outcome>,
    /// Joint fusion by pooling.
    pub pooling: Vec<Outcome>,
    /// The common space by what its auxiliary task is.
    pub auxiliary: Vec<Outcome>,
    /// Systems by the network that reads the images.
    pub networks: Vec<Outcome>,
    /// How much each modality matters; `None` without systems that fuse both sides.
    pub importance: Option<Importance>,
    /// The labels that occur among the titles of reddit.csv; none where there is no such table.
    pub title_labels: Vec<String>,
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MostFrequent {
    /// The label.
    pub label: String,
    /// Share of right answers.
    pub accuracy: f64,
    /// Mean F1 over the labels that occur.
    pub macro_f1: f64,
}
