//! A closer look at the best system.

use emofuse_core::{
    labels::LabelSet,
    metrics::{self, LabelScore},
};
use emofuse_engine::model::fusion::Modality;
use serde::{Serialize, Serializer};

use super::outcome::{Trained, Truth};

/// Bins of the reliability diagram.
const BINS: usize = 10;

/// The system that did best on dev, its seeds answering together.
#[derive(Clone, Debug, Serialize)]
pub struct Best {
    /// The system.
    pub system: String,
    /// What it sees.
    pub sees: Modality,
    /// Share of right answers.
    pub accuracy: f64,
    /// Mean F1 over the labels that occur.
    pub macro_f1: f64,
    /// Expected calibration error, without a temperature.
    pub ece: f64,
    /// Every label with its scores.
    #[serde(serialize_with = "by_label")]
    pub per_class: Vec<(String, LabelScore)>,
    /// Rows by their label (first index) and by the answer (second), in the order of the labels.
    pub confusion: Vec<Vec<usize>>,
    /// How often answers of about the same confidence are right.
    pub reliability: Vec<Bin>,
}

/// Answers of about the same confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// How many.
    pub rows: usize,
    /// Their mean confidence; 0 without rows.
    pub confidence: f64,
    /// Share of them that is right; 0 without rows.
    pub accuracy: f64,
}

impl Best {
    /// Looks closer at a system.
    #[must_use]
    pub fn new(trained: &Trained, truth: &Truth, labels: &LabelSet) -> Self {
        let scores = trained.mean_scores(truth);
        let answers: Vec<usize> = scores.iter().map(|scores| metrics::most_likely(scores)).collect();
        let confidences: Vec<(f32, bool)> = scores
            .iter()
            .zip(&answers)
            .zip(&truth.labels)
            .map(|((scores, answer), truth)| (scores[*answer], answer == truth))
            .collect();
        let mut confusion = vec![vec![0; labels.len()]; labels.len()];
        for (truth, answer) in truth.labels.iter().zip(&answers) {
            confusion[*truth][*answer] += 1;
        }
        Self {
            system: trained.kind.name(),
            sees: trained.kind.modality(),
            accuracy: metrics::accuracy(&truth.labels, &answers),
            macro_f1: metrics::macro_f1(&truth.labels, &answers),
            ece: metrics::expected_calibration_error(&confidences),
            per_class: labels
                .names()
                .map(String::from)
                .zip(metrics::per_label(&truth.labels, &answers, labels.len()))
                .collect(),
            confusion,
            reliability: reliability(&confidences),
        }
    }
}

/// The scores, with the labels for keys.
fn by_label<S: Serializer>(scores: &[(String, LabelScore)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(scores.iter().map(|(label, score)| (label, score)))
}

fn reliability(rows: &[(f32, bool)]) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); BINS];
    for (confidence, right) in rows {
        let bin = &mut bins[((confidence * BINS as f32) as usize).min(BINS - 1)];
        bin.rows += 1;
        bin.confidence += f64::from(*confidence);
        bin.accuracy += f64::from(u8::from(*right));
    }
    for bin in bins.iter_mut().filter(|bin| bin.rows > 0) {
        bin.confidence /= bin.rows as f64;
        bin.accuracy /= bin.rows as f64;
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_binned_by_their_confidence() {
        let bins = reliability(&[(0.91, true), (0.95, false), (1.0, true), (0.1, false)]);
        assert_eq!((bins.len(), bins[9].rows, bins[1].rows, bins[5].rows), (10, 3, 1, 0));
        assert!((bins[9].accuracy - 2.0 / 3.0).abs() < 1e-9 && (bins[9].confidence - 2.86 / 3.0).abs() < 1e-6);
    }
}
