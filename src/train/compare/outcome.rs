//! What the rounds of a system come to.

use emofuse_core::metrics::{self, softmax};
use emofuse_engine::model::fusion::Modality;
use serde::Serialize;

use super::{
    bootstrap::{self, Intervals},
    systems::{SystemKind, Trial},
};

/// A figure over the seeds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation of the sample; `None` of fewer than two.
    pub deviation: Option<f64>,
    /// The figure of each seed.
    pub by_seed: Vec<f64>,
}

impl Spread {
    /// Of the figures of all seeds.
    #[must_use]
    pub fn new(by_seed: Vec<f64>) -> Self {
        let count = by_seed.len() as f64;
        let mean = by_seed.iter().sum::<f64>() / count;
        let squares = by_seed.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        Self {
            mean,
            deviation: (by_seed.len() > 1).then(|| (squares / (count - 1.0)).sqrt()),
            by_seed,
        }
    }
}

/// How well a system did on test from one kind of input.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The system, or what of it the table varies.
    pub system: String,
    /// The convolutional network that read the images, where the table varies it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// What it saw.
    pub sees: Modality,
    /// Accuracy plus macro-F1 on dev, by which it was chosen; the mean over the seeds.
    pub dev: f64,
    /// Share of right answers.
    pub accuracy: Spread,
    /// Mean F1 over the labels that occur.
    pub macro_f1: Spread,
    /// How far the means of both depend on the rows of the split.
    pub intervals: Intervals,
    /// By how much it is better than the best system of one side; `None` for that system itself, and where the table has
    /// no such comparison.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against_best_unimodal: Option<Intervals>,
}

/// The rounds of one system.
pub struct Trained {
    /// Which.
    pub kind: SystemKind,
    /// Whether it was trained with modality dropout; `None` for a system without the choice.
    pub modality_dropout: Option<bool>,
    /// One round for each seed.
    pub trials: Vec<Trial>,
}

/// What answers are compared with.
pub struct Truth {
    /// The label of every row of test.
    pub labels: Vec<usize>,
    /// The labels that may be answered.
    pub allowed: Vec<usize>,
    /// The seed of the rows that are drawn anew.
    pub seed: u64,
}

impl Truth {
    /// The most likely of the labels that may be answered.
    pub fn answer(&self, logits: &[f32]) -> usize {
        metrics::most_likely(&self.scores(logits))
    }

    fn scores(&self, logits: &[f32]) -> Vec<f32> {
        let mut logits = logits.to_vec();
        for (label, logit) in logits.iter_mut().enumerate() {
            if !self.allowed.contains(&label) {
                *logit = f32::NEG_INFINITY;
            }
        }
        softmax(&logits, 1.0)
    }
}

impl Trained {
    /// The mean over the seeds of the score on dev.
    #[must_use]
    pub fn dev(&self) -> f64 {
        Spread::new(self.trials.iter().map(|trial| trial.dev).collect()).mean
    }

    /// The answers of each seed from one kind of input; `None` for one that the system does not read.
    #[must_use]
    pub fn answers(&self, sees: Modality, truth: &Truth) -> Option<Vec<Vec<usize>>> {
        let of_trial = |trial: &Trial| {
            let rows = trial.logits[sees.index()].as_ref()?;
            Some(rows.iter().map(|logits| truth.answer(logits)).collect())
        };
        self.trials.iter().map(of_trial).collect()
    }

    /// How well it did from one kind of input, and by how much better than `reference`, the answers of the best system of
    /// one side; `None` for an input that it does not read.
    #[must_use]
    pub fn outcome(
        &self,
        name: &str,
        sees: Modality,
        truth: &Truth,
        reference: Option<&[Vec<usize>]>,
    ) -> Option<Outcome> {
        let answers = self.answers(sees, truth)?;
        let spread = |of: fn(&[usize], &[usize]) -> f64| {
            Spread::new(answers.iter().map(|answers| of(&truth.labels, answers)).collect())
        };
        Some(Outcome {
            system: name.into(),
            network: None,
            sees,
            dev: self.dev(),
            accuracy: spread(metrics::accuracy),
            macro_f1: spread(metrics::macro_f1),
            intervals: bootstrap::of_one(&truth.labels, &answers, truth.seed),
            against_best_unimodal: reference
                .map(|reference| bootstrap::paired(&truth.labels, &answers, reference, truth.seed)),
        })
    }

    /// The mean over the seeds of each row's probabilities, from what the system sees.
    #[must_use]
    pub fn mean_scores(&self, truth: &Truth) -> Vec<Vec<f32>> {
        let mut mean: Vec<Vec<f32>> = vec![Vec::new(); truth.labels.len()];
        let share = 1.0 / self.trials.len() as f32;
        let seen = self
            .trials
            .iter()
            .filter_map(|trial| trial.logits[self.kind.modality().index()].as_ref());
        for rows in seen {
            for (mean, logits) in mean.iter_mut().zip(rows) {
                let scores = truth.scores(logits);
                mean.resize(scores.len(), 0.0);
                mean.iter_mut()
                    .zip(scores)
                    .for_each(|(mean, score)| *mean += score * share);
            }
        }
        mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logits(of: usize) -> Vec<f32> {
        let mut logits = vec![0.0; 7];
        logits[of] = 3.0;
        logits
    }

    fn trial(answers: &[usize]) -> Trial {
        Trial {
            dev: 1.0,
            logits: [None, None, Some(answers.iter().map(|answer| logits(*answer)).collect())],
        }
    }

    #[test]
    fn one_seed_has_no_deviation_and_two_have_that_of_a_sample() {
        assert_eq!(Spread::new(vec![0.5]).deviation, None);
        let spread = Spread::new(vec![0.4, 0.6]);
        assert!((spread.mean - 0.5).abs() < 1e-12 && (spread.deviation.unwrap() - 0.02f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn only_labels_of_the_set_are_answered_and_seeds_answer_together() {
        let [joy, trust, fear, anger] = [0, 1, 2, 6];
        let trained = Trained {
            kind: SystemKind::FastText,
            modality_dropout: None,
            trials: vec![trial(&[joy, trust]), trial(&[joy, fear]), trial(&[anger, fear])],
        };
        let truth = Truth {
            labels: vec![joy, fear],
            allowed: vec![joy, fear, anger],
            seed: 1,
        };
        let together: Vec<usize> = trained
            .mean_scores(&truth)
            .iter()
            .map(|scores| metrics::most_likely(scores))
            .collect();
        assert_eq!(together, [joy, fear]);
        let outcome = trained.outcome("x", Modality::Caption, &truth, None).unwrap();
        // Without trust, nothing stands out in the first seed's second row, and joy comes first.
        assert_eq!(outcome.accuracy.by_seed, [0.5, 1.0, 0.5]);
        assert_eq!(outcome.intervals.accuracy.value, outcome.accuracy.mean);
        assert!(trained.outcome("x", Modality::Both, &truth, None).is_none());
        let itself = trained.answers(Modality::Caption, &truth).unwrap();
        let outcome = trained.outcome("x", Modality::Caption, &truth, Some(&itself)).unwrap();
        assert_eq!(outcome.against_best_unimodal.unwrap().accuracy.high, 0.0);
    }
}
