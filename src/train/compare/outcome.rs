//! What the rounds of a system come to.

use emofuse_core::{
    emotion::{EMOTIONS, Emotion},
    metrics::{self, softmax},
};
use emofuse_engine::model::fusion::Modality;
use serde::{Serialize, Serializer};

use super::systems::{SystemKind, Trial};

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
}

/// The rounds of one system.
pub struct Trained {
    /// Which.
    pub kind: SystemKind,
    /// One round for each seed.
    pub trials: Vec<Trial>,
}

/// What answers are compared with.
pub struct Truth {
    /// The label of every row of test.
    pub labels: Vec<Emotion>,
    /// The labels that may be answered.
    pub allowed: Vec<Emotion>,
}

impl Truth {
    fn scores(&self, logits: &[f32; EMOTIONS]) -> [f32; EMOTIONS] {
        let mut logits = *logits;
        for emotion in Emotion::ALL {
            if !self.allowed.contains(&emotion) {
                logits[emotion.index()] = f32::NEG_INFINITY;
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

    /// How well it did from one kind of input; `None` for one that it does not read.
    #[must_use]
    pub fn outcome(&self, name: &str, sees: Modality, truth: &Truth) -> Option<Outcome> {
        let mut figures = [Vec::new(), Vec::new()];
        for trial in &self.trials {
            let rows = trial.logits[sees.index()].as_ref()?;
            let answers: Vec<Emotion> = rows
                .iter()
                .map(|logits| metrics::most_likely(&truth.scores(logits)))
                .collect();
            figures[0].push(metrics::accuracy(&truth.labels, &answers));
            figures[1].push(metrics::macro_f1(&truth.labels, &answers));
        }
        let [accuracy, macro_f1] = figures.map(Spread::new);
        Some(Outcome {
            system: name.into(),
            network: None,
            sees,
            dev: self.dev(),
            accuracy,
            macro_f1,
        })
    }

    /// The mean over the seeds of each row's probabilities, from what the system sees.
    #[must_use]
    pub fn mean_scores(&self, truth: &Truth) -> Vec<[f32; EMOTIONS]> {
        let mut mean = vec![[0.0; EMOTIONS]; truth.labels.len()];
        let share = 1.0 / self.trials.len() as f32;
        let seen = self
            .trials
            .iter()
            .filter_map(|trial| trial.logits[self.kind.modality().index()].as_ref());
        for rows in seen {
            for (mean, logits) in mean.iter_mut().zip(rows) {
                let scores = truth.scores(logits);
                mean.iter_mut()
                    .zip(scores)
                    .for_each(|(mean, score)| *mean += score * share);
            }
        }
        mean
    }

    /// The answers of the seeds together: those of [`Trained::mean_scores`].
    #[must_use]
    pub fn answers(&self, truth: &Truth) -> Vec<Emotion> {
        self.mean_scores(truth).iter().map(metrics::most_likely).collect()
    }
}

/// A table of numbers by label, as JSON with the labels for keys.
pub(super) fn by_label<S: Serializer, T: Serialize>(values: &[T; EMOTIONS], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(Emotion::ALL.iter().map(|emotion| emotion.name()).zip(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logits(of: Emotion) -> [f32; EMOTIONS] {
        let mut logits = [0.0; EMOTIONS];
        logits[of.index()] = 3.0;
        logits
    }

    fn trial(answers: &[Emotion]) -> Trial {
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
        use Emotion::{Anger, Fear, Joy, Trust};
        let trained = Trained {
            kind: SystemKind::FastText,
            trials: vec![trial(&[Joy, Trust]), trial(&[Joy, Fear]), trial(&[Anger, Fear])],
        };
        let truth = Truth {
            labels: vec![Joy, Fear],
            allowed: vec![Joy, Fear, Anger],
        };
        assert_eq!(trained.answers(&truth), [Joy, Fear]);
        let outcome = trained.outcome("x", Modality::Caption, &truth).unwrap();
        // Without trust, nothing stands out in the first seed's second row, and joy comes first.
        assert_eq!(outcome.accuracy.by_seed, [0.5, 1.0, 0.5]);
        assert!(trained.outcome("x", Modality::Both, &truth).is_none());
    }
}
