//! How much each modality matters: what is left of a system's accuracy as more and more posts lack their caption, or their
//! image, with and without modality dropout in training.
//!
//! The posts that lack a side are drawn once for each seed, and are the same for all systems: those that lack it at some
//! share lack it at every higher share too. All other posts have both sides.

use emofuse_core::metrics;
use emofuse_engine::model::fusion::Modality;
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde::Serialize;

use super::{
    bootstrap::{self, Interval},
    outcome::{Spread, Trained, Truth},
    systems::Trial,
};

/// The shares of posts that lack a side, in percent.
pub const SHARES: [usize; 11] = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/// How much each modality matters.
#[derive(Clone, Debug, Serialize)]
pub struct Importance {
    /// The curve of each system for each side that is missing.
    pub curves: Vec<Curve>,
    /// What modality dropout changes, for each system that can be trained with and without it.
    pub modality_dropout: Vec<DropoutEffect>,
}

/// A system's accuracy by the share of posts that lack a side.
#[derive(Clone, Debug, Serialize)]
pub struct Curve {
    /// The system.
    pub system: String,
    /// Whether it was trained with modality dropout; `None` for a system without the choice.
    pub modality_dropout: Option<bool>,
    /// The side that is missing.
    pub missing: Modality,
    /// A point for each of [`SHARES`].
    pub points: Vec<Point>,
}

impl Curve {
    /// The system, and how it was trained.
    #[must_use]
    pub fn name(&self) -> String {
        match self.modality_dropout {
            Some(true) => format!("{}, with modality dropout", self.system),
            Some(false) => format!("{}, without", self.system),
            None => self.system.clone(),
        }
    }
}

/// A system's accuracy at one share of posts that lack a side.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    /// The share, in percent.
    pub percent: usize,
    /// The posts that lack the side.
    pub posts: usize,
    /// Share of right answers.
    pub accuracy: Spread,
    /// Mean F1 over the labels that occur.
    pub macro_f1: Spread,
    /// How far the mean accuracy depends on the rows of the split.
    pub interval: Interval,
}

/// By how much a system is more accurate with modality dropout than without, at one share of posts that lack a side.
#[derive(Clone, Debug, Serialize)]
pub struct DropoutEffect {
    /// The system.
    pub system: String,
    /// The side that is missing.
    pub missing: Modality,
    /// The share, in percent.
    pub percent: usize,
    /// The difference in accuracy, over the same posts.
    pub accuracy: Interval,
}

impl Importance {
    /// Of systems that have been trained, `otherwise` being the answer of a system to a post without what it reads.
    #[must_use]
    pub(super) fn new(systems: &[&Trained], truth: &Truth, otherwise: usize) -> Self {
        let measured: Vec<MeasuredCurve> = [Modality::Caption, Modality::Image]
            .into_iter()
            .flat_map(|missing| {
                systems
                    .iter()
                    .map(move |trained| MeasuredCurve::new(trained, missing, truth, otherwise))
            })
            .collect();
        let modality_dropout = measured
            .iter()
            .filter(|with| with.curve.modality_dropout == Some(true))
            .filter_map(|with| Some((with, measured.iter().find(|other| with.is_without_dropout(other))?)))
            .flat_map(|(with, without)| with.effects(without, truth.seed))
            .collect();
        Self {
            curves: measured.into_iter().map(|measured| measured.curve).collect(),
            modality_dropout,
        }
    }
}

/// A curve, with what it is made of.
struct MeasuredCurve {
    curve: Curve,
    /// For each point, how often each row is answered rightly: the mean over the seeds.
    right: Vec<Vec<f64>>,
}

impl MeasuredCurve {
    fn new(trained: &Trained, missing: Modality, truth: &Truth, otherwise: usize) -> Self {
        let rows = truth.labels.len();
        let trials = trained.trials.iter().zip(truth.seed..).map(|(trial, seed)| {
            let answers = |seen| answers(trained, trial, seen, truth, otherwise);
            let left = match missing {
                Modality::Image => Modality::Caption,
                _ => Modality::Image,
            };
            (MissingRows::new(rows, seed), answers(Modality::Both), answers(left))
        });
        let trials: Vec<(MissingRows, Vec<usize>, Vec<usize>)> = trials.collect();
        let (points, right) = SHARES
            .into_iter()
            .map(|percent| {
                let of_trial = |(missing, whole, left): &(MissingRows, Vec<usize>, Vec<usize>)| -> Vec<usize> {
                    let of_row = |row| if missing.holds(row, percent) { left } else { whole };
                    (0..rows).map(|row| of_row(row)[row]).collect()
                };
                let answers: Vec<Vec<usize>> = trials.iter().map(of_trial).collect();
                let spread = |of: fn(&[usize], &[usize]) -> f64| {
                    Spread::new(answers.iter().map(|answers| of(&truth.labels, answers)).collect())
                };
                let right = share_of_right(&truth.labels, &answers);
                let point = Point {
                    percent,
                    posts: count(rows, percent),
                    accuracy: spread(metrics::accuracy),
                    macro_f1: spread(metrics::macro_f1),
                    interval: bootstrap::of_mean(&right, truth.seed),
                };
                (point, right)
            })
            .unzip();
        Self {
            curve: Curve {
                system: trained.kind.name(),
                modality_dropout: trained.modality_dropout,
                missing,
                points,
            },
            right,
        }
    }

    /// Whether another curve is that of the same system without modality dropout.
    fn is_without_dropout(&self, other: &Self) -> bool {
        other.curve.modality_dropout == Some(false)
            && other.curve.system == self.curve.system
            && other.curve.missing == self.curve.missing
    }

    fn effects(&self, without: &Self, seed: u64) -> Vec<DropoutEffect> {
        let pairs = self.right.iter().zip(&without.right);
        SHARES
            .into_iter()
            .zip(pairs)
            .map(|(percent, (with, without))| {
                let differences: Vec<f64> = with.iter().zip(without).map(|(with, without)| with - without).collect();
                DropoutEffect {
                    system: self.curve.system.clone(),
                    missing: self.curve.missing,
                    percent,
                    accuracy: bootstrap::of_mean(&differences, seed),
                }
            })
            .collect()
    }
}

/// What a trial answers to every row of test if it sees this much of a post. A system of one side ignores the other; to a
/// post without its side it has no answer but `otherwise`.
fn answers(trained: &Trained, trial: &Trial, seen: Modality, truth: &Truth, otherwise: usize) -> Vec<usize> {
    let own = || trial.logits[trained.kind.modality().index()].as_ref();
    let logits = trial.logits[seen.index()]
        .as_ref()
        .or_else(|| (seen == Modality::Both).then(own).flatten());
    logits.map_or_else(
        || vec![otherwise; truth.labels.len()],
        |rows| rows.iter().map(|logits| truth.answer(logits)).collect(),
    )
}

/// How often each row is answered rightly: the mean over the seeds.
fn share_of_right(truths: &[usize], answers: &[Vec<usize>]) -> Vec<f64> {
    let of_row = |(row, truth): (usize, &usize)| {
        let right = answers.iter().filter(|answers| answers[row] == *truth).count();
        right as f64 / answers.len().max(1) as f64
    };
    truths.iter().enumerate().map(of_row).collect()
}

/// How many of so many rows a share is, rounded.
const fn count(rows: usize, percent: usize) -> usize {
    (rows * percent + 50) / 100
}

/// Which rows lack a side, at any share.
struct MissingRows {
    /// The place of each row in a random order: those in front are the first to lack the side.
    places: Vec<usize>,
}

impl MissingRows {
    fn new(rows: usize, seed: u64) -> Self {
        let mut places: Vec<usize> = (0..rows).collect();
        places.shuffle(&mut StdRng::seed_from_u64(seed));
        Self { places }
    }

    fn holds(&self, row: usize, percent: usize) -> bool {
        self.places[row] < count(self.places.len(), percent)
    }
}

#[cfg(test)]
mod tests {
    use emofuse_engine::model::pooling::Pooling;

    use super::*;
    use crate::compare::systems::SystemKind;

    fn missing(rows: usize, seed: u64, percent: usize) -> Vec<usize> {
        let missing = MissingRows::new(rows, seed);
        (0..rows).filter(|row| missing.holds(*row, percent)).collect()
    }

    #[test]
    fn shares_are_exact_and_nested() {
        for rows in [1, 7, 100, 648] {
            for pair in SHARES.windows(2) {
                let [fewer, more] = [pair[0], pair[1]].map(|percent| missing(rows, 7, percent));
                assert!(fewer.iter().all(|row| more.contains(row)), "{rows} rows, {pair:?}");
                let exact = rows as f64 * pair[1] as f64 / 100.0;
                assert!((more.len() as f64 - exact).abs() <= 0.5, "{rows} rows, {pair:?}");
            }
        }
        assert_eq!(missing(100, 7, 30).len(), 30);
        assert!(missing(648, 7, 0).is_empty());
        assert_eq!(missing(648, 7, 100).len(), 648);
    }

    #[test]
    fn the_same_seed_draws_the_same_posts_and_another_seed_others() {
        assert_eq!(missing(100, 7, 50), missing(100, 7, 50));
        assert_ne!(missing(100, 7, 50), missing(100, 8, 50));
    }

    /// Logits of answers.
    fn logits(answers: &[usize]) -> Option<Vec<Vec<f32>>> {
        let row = |answer: &usize| (0..3).map(|label| if label == *answer { 2.0 } else { 0.0 }).collect();
        Some(answers.iter().map(row).collect())
    }

    fn truth(rows: usize) -> Truth {
        Truth {
            labels: (0..rows).map(|row| row % 3).collect(),
            allowed: vec![0, 1, 2],
            seed: 7,
        }
    }

    #[test]
    fn a_curve_leads_from_both_sides_to_one_and_modality_dropout_is_measured_on_the_same_posts() {
        let truth = truth(60);
        let right = logits(&truth.labels);
        let wrong: Vec<usize> = truth.labels.iter().map(|label| (label + 1) % 3).collect();
        let wrong = logits(&wrong);
        let joint = |modality_dropout: bool| Trained {
            kind: SystemKind::Joint(Pooling::Mean),
            modality_dropout: Some(modality_dropout),
            trials: vec![
                Trial {
                    dev: 1.0,
                    logits: [
                        right.clone(),
                        if modality_dropout { right.clone() } else { wrong.clone() },
                        right.clone()
                    ],
                };
                2
            ],
        };
        let image = Trained {
            kind: SystemKind::ImageFeatures,
            modality_dropout: None,
            trials: vec![
                Trial {
                    dev: 1.0,
                    logits: [None, right.clone(), None],
                };
                2
            ],
        };
        let (with, without) = (joint(true), joint(false));
        let importance = Importance::new(&[&with, &without, &image], &truth, 0);
        assert_eq!(importance.curves.len(), 2 * 3);
        let accuracy = |curve: usize| -> Vec<f64> {
            let points = importance.curves[curve].points.iter();
            points.map(|point| point.accuracy.mean).collect()
        };
        // Without captions: the image is read rightly with modality dropout only.
        assert_eq!(accuracy(0), [1.0; 11]);
        assert_eq!(accuracy(2), [1.0; 11], "a system of images alone misses no caption");
        for (percent, found) in SHARES.iter().zip(accuracy(1)) {
            assert!((found - (1.0 - *percent as f64 / 100.0)).abs() < 1e-12);
        }
        // Without images: a system of images alone gives the most frequent label, which a third of the posts have.
        assert_eq!([accuracy(3), accuracy(4)], [vec![1.0; 11], vec![1.0; 11]]);
        assert!((accuracy(5)[10] - 1.0 / 3.0).abs() < 1e-12);
        for point in &importance.curves[1].points {
            let Interval { value, low, high } = point.interval;
            assert!((value - point.accuracy.mean).abs() < 1e-12 && low <= value && value <= high);
            assert_eq!(point.posts, 60 * point.percent / 100);
        }
        assert_eq!(importance.modality_dropout.len(), 2 * 11);
        let last = &importance.modality_dropout[10];
        assert_eq!((last.missing, last.percent), (Modality::Caption, 100));
        assert_eq!((last.accuracy.low, last.accuracy.high), (1.0, 1.0));
        assert_eq!(importance.modality_dropout[21].accuracy.value, 0.0);
    }
}
