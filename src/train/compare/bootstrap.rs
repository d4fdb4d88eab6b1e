//! How sure a difference between two systems is: the paired bootstrap.
//!
//! The rows of the test split are drawn anew, with replacement, a thousand times; each time both systems are measured
//! on the same draw (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993; Koehn, 2004, for pairs). It says
//! how far the difference depends on the rows that happen to be in the split, not on the seeds.

use emofuse_core::{
    emotion::Emotion,
    metrics::{accuracy, macro_f1},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde::Serialize;

/// How often the rows are drawn anew.
pub const RESAMPLES: usize = 1000;

/// The share of the draws that lie inside the interval.
pub const COVERAGE: f64 = 0.95;

/// A difference with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The difference on the rows as they are.
    pub difference: f64,
    /// Below it lie 2.5 % of the draws.
    pub low: f64,
    /// Above it lie 2.5 % of the draws.
    pub high: f64,
}

impl Interval {
    fn new(difference: f64, mut draws: Vec<f64>) -> Self {
        draws.sort_by(f64::total_cmp);
        let tail = (1.0 - COVERAGE) / 2.0;
        let at = |share: f64| {
            let last = draws.len().saturating_sub(1);
            draws
                .get((share * last as f64).round() as usize)
                .copied()
                .unwrap_or(difference)
        };
        Self {
            difference,
            low: at(tail),
            high: at(1.0 - tail),
        }
    }
}

/// By how much one system is better than another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// In accuracy.
    pub accuracy: Interval,
    /// In macro-F1, over the labels that each draw holds.
    pub macro_f1: Interval,
}

/// How much better `system` is than `other`, both having answered the same rows.
#[must_use]
pub fn paired(truths: &[Emotion], system: &[Emotion], other: &[Emotion], seed: u64) -> Difference {
    let mut random = StdRng::seed_from_u64(seed);
    let (mut accuracies, mut f1s) = (Vec::with_capacity(RESAMPLES), Vec::with_capacity(RESAMPLES));
    for _ in 0..RESAMPLES {
        let draw: Vec<usize> = truths.iter().map(|_| random.random_range(0..truths.len())).collect();
        let of = |labels: &[Emotion]| draw.iter().map(|row| labels[*row]).collect::<Vec<_>>();
        let (accuracy, f1) = differences(&of(truths), &of(system), &of(other));
        accuracies.push(accuracy);
        f1s.push(f1);
    }
    let (accuracy, f1) = differences(truths, system, other);
    Difference {
        accuracy: Interval::new(accuracy, accuracies),
        macro_f1: Interval::new(f1, f1s),
    }
}

fn differences(truths: &[Emotion], system: &[Emotion], other: &[Emotion]) -> (f64, f64) {
    (
        accuracy(truths, system) - accuracy(truths, other),
        macro_f1(truths, system) - macro_f1(truths, other),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(rows: usize, offset: usize) -> Vec<Emotion> {
        (0..rows).map(|row| Emotion::ALL[(row + offset) % 9]).collect()
    }

    #[test]
    fn a_system_is_no_better_than_itself() {
        let truths = labels(90, 0);
        let found = paired(&truths, &labels(90, 3), &labels(90, 3), 1);
        let nothing = Interval {
            difference: 0.0,
            low: 0.0,
            high: 0.0,
        };
        assert_eq!((found.accuracy, found.macro_f1), (nothing, nothing));
    }

    #[test]
    fn always_right_against_always_wrong_is_certain() {
        let truths = labels(90, 0);
        let found = paired(&truths, &truths, &labels(90, 1), 1);
        assert_eq!((found.accuracy.low, found.accuracy.high), (1.0, 1.0));
        assert_eq!(found.macro_f1.difference, 1.0);
    }

    #[test]
    fn more_rows_make_the_interval_narrower() {
        // Right in two of three rows against right in every other row.
        let width = |rows: usize| {
            let truths = labels(rows, 0);
            let wrong = labels(rows, 1);
            let right_in = |of: fn(usize) -> bool| -> Vec<Emotion> {
                let pairs = truths.iter().zip(&wrong).enumerate();
                pairs
                    .map(|(row, (truth, wrong))| if of(row) { *truth } else { *wrong })
                    .collect()
            };
            let found = paired(&truths, &right_in(|row| row % 3 != 0), &right_in(|row| row % 2 == 0), 1);
            found.accuracy.high - found.accuracy.low
        };
        assert!(width(3600) < width(90) / 3.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn the_interval_holds_the_difference_and_turns_round_with_the_systems(
            rows in prop::collection::vec((0_usize..9, 0_usize..9, 0_usize..9), 60..120),
        ) {
            let of = |pick: fn(&(usize, usize, usize)) -> usize| -> Vec<Emotion> {
                rows.iter().map(|row| Emotion::ALL[pick(row)]).collect()
            };
            let (truths, system, other) = (of(|row| row.0), of(|row| row.1), of(|row| row.2));
            let there = paired(&truths, &system, &other, 5).accuracy;
            let back = paired(&truths, &other, &system, 5).accuracy;
            prop_assert!(there.low <= there.difference && there.difference <= there.high);
            prop_assert!((there.low + back.high).abs() < 0.02 && (there.difference + back.difference).abs() < 1e-12);
        }
    }
}
