//! How sure a figure is, and a difference between two systems: the bootstrap.
//!
//! The rows of the test split are drawn anew, with replacement, a thousand times; for a difference both systems are
//! measured on the same draw (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993; Koehn, 2004, for pairs).
//! Each figure is the mean over the seeds of a system, on each draw. The intervals show how far a figure depends on the
//! rows that happen to be in the split, not on the seeds.

use emofuse_core::metrics::{accuracy, macro_f1};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde::Serialize;

/// How often the rows are drawn anew.
pub const RESAMPLES: usize = 1000;

/// The share of the draws that lie inside the interval.
pub const COVERAGE: f64 = 0.95;

/// A figure, or a difference between two, with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The figure on the rows as they are.
    pub value: f64,
    /// Below it lie 2.5 % of the draws.
    pub low: f64,
    /// Above it lie 2.5 % of the draws.
    pub high: f64,
}

impl Interval {
    fn new(value: f64, mut draws: Vec<f64>) -> Self {
        draws.sort_by(f64::total_cmp);
        let tail = (1.0 - COVERAGE) / 2.0;
        let at = |share: f64| {
            let last = draws.len().saturating_sub(1);
            draws
                .get((share * last as f64).round() as usize)
                .copied()
                .unwrap_or(value)
        };
        Self {
            value,
            low: at(tail),
            high: at(1.0 - tail),
        }
    }
}

/// Accuracy and macro-F1 with their intervals, or by how much they differ between two systems.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Intervals {
    /// Of the accuracy.
    pub accuracy: Interval,
    /// Of the macro-F1, over the labels that each draw holds.
    pub macro_f1: Interval,
}

impl Intervals {
    const fn new([accuracy, macro_f1]: [Interval; 2]) -> Self {
        Self { accuracy, macro_f1 }
    }
}

/// How good a system is. `answers` has those of each of its seeds.
#[must_use]
pub fn of_one(truths: &[usize], answers: &[Vec<usize>], seed: u64) -> Intervals {
    Intervals::new(resample(truths.len(), seed, |rows| measure(truths, answers, rows)))
}

/// By how much `system` is better than `other`, which have answered the same rows.
#[must_use]
pub fn paired(truths: &[usize], system: &[Vec<usize>], other: &[Vec<usize>], seed: u64) -> Intervals {
    Intervals::new(resample(truths.len(), seed, |rows| {
        let [system, other] = [system, other].map(|answers| measure(truths, answers, rows));
        [system[0] - other[0], system[1] - other[1]]
    }))
}

/// The mean of a number for each row.
#[must_use]
pub fn of_mean(values: &[f64], seed: u64) -> Interval {
    let [interval] = resample(values.len(), seed, |rows| {
        let sum: f64 = rows.iter().map(|row| values[*row]).sum();
        [sum / rows.len().max(1) as f64]
    });
    interval
}

/// Figures of the rows as they are, with intervals from rows that are drawn anew.
fn resample<const N: usize>(rows: usize, seed: u64, figures: impl Fn(&[usize]) -> [f64; N]) -> [Interval; N] {
    let mut random = StdRng::seed_from_u64(seed);
    let mut draws = [const { Vec::new() }; N];
    let mut draw = vec![0; rows];
    for _ in 0..RESAMPLES {
        draw.fill_with(|| random.random_range(0..rows));
        for (draws, figure) in draws.iter_mut().zip(figures(&draw)) {
            draws.push(figure);
        }
    }
    let all: Vec<usize> = (0..rows).collect();
    let mut draws = draws.into_iter();
    figures(&all).map(|figure| Interval::new(figure, draws.next().unwrap_or_default()))
}

/// Accuracy and macro-F1 of some rows, the mean over the seeds.
fn measure(truths: &[usize], answers: &[Vec<usize>], rows: &[usize]) -> [f64; 2] {
    let of = |labels: &[usize]| rows.iter().map(|row| labels[*row]).collect::<Vec<_>>();
    let truths = of(truths);
    let mut sums = [0.0; 2];
    for answers in answers {
        let answers = of(answers);
        sums[0] += accuracy(&truths, &answers);
        sums[1] += macro_f1(&truths, &answers);
    }
    sums.map(|sum| sum / answers.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(rows: usize, offset: usize) -> Vec<usize> {
        (0..rows).map(|row| (row + offset) % 9).collect()
    }

    #[test]
    fn a_system_is_no_better_than_itself() {
        let truths = labels(90, 0);
        let found = paired(&truths, &[labels(90, 3)], &[labels(90, 3)], 1);
        let nothing = Interval {
            value: 0.0,
            low: 0.0,
            high: 0.0,
        };
        assert_eq!((found.accuracy, found.macro_f1), (nothing, nothing));
    }

    #[test]
    fn always_right_against_always_wrong_is_certain() {
        let truths = labels(90, 0);
        let found = paired(&truths, std::slice::from_ref(&truths), &[labels(90, 1)], 1);
        assert_eq!((found.accuracy.low, found.accuracy.high), (1.0, 1.0));
        assert_eq!(found.macro_f1.value, 1.0);
    }

    #[test]
    fn more_rows_make_the_interval_narrower() {
        // Right in two of three rows against right in every other row.
        let width = |rows: usize| {
            let truths = labels(rows, 0);
            let wrong = labels(rows, 1);
            let right_in = |of: fn(usize) -> bool| -> Vec<usize> {
                let pairs = truths.iter().zip(&wrong).enumerate();
                pairs
                    .map(|(row, (truth, wrong))| if of(row) { *truth } else { *wrong })
                    .collect()
            };
            let better = [right_in(|row| row % 3 != 0)];
            let found = paired(&truths, &better, &[right_in(|row| row % 2 == 0)], 1);
            found.accuracy.high - found.accuracy.low
        };
        assert!(width(3600) < width(90) / 3.0);
    }

    #[test]
    fn a_figure_is_the_mean_over_the_seeds_and_lies_in_its_interval() {
        let truths = labels(90, 0);
        let wrong = labels(90, 1);
        let found = of_one(&truths, &[truths.clone(), wrong.clone()], 1);
        assert_eq!(
            (found.accuracy.value, found.accuracy.low, found.accuracy.high),
            (0.5, 0.5, 0.5)
        );
        let half: Vec<usize> = (0..90)
            .map(|row| if row < 45 { truths[row] } else { wrong[row] })
            .collect();
        let Intervals { accuracy, macro_f1 } = of_one(&truths, std::slice::from_ref(&half), 1);
        assert!(accuracy.low < accuracy.value && accuracy.value < accuracy.high);
        assert!(macro_f1.low < macro_f1.value && macro_f1.value < macro_f1.high);
        // The width of 95 % of a normal distribution around a half, with 90 rows.
        let expected = 2.0 * 1.96 * (0.25f64 / 90.0).sqrt();
        assert!((accuracy.high - accuracy.low - expected).abs() < 0.03, "{accuracy:?}");
        let right: Vec<f64> = truths
            .iter()
            .zip(&half)
            .map(|(a, b)| f64::from(u8::from(a == b)))
            .collect();
        assert_eq!(of_mean(&right, 1), accuracy, "the same draws from the same seed");
        assert_ne!(of_mean(&right, 2), accuracy);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn the_interval_holds_the_difference_and_turns_round_with_the_systems(
            rows in prop::collection::vec((0_usize..9, 0_usize..9, 0_usize..9), 60..120),
        ) {
            let of = |pick: fn(&(usize, usize, usize)) -> usize| -> Vec<usize> {
                rows.iter().map(pick).collect()
            };
            let (truths, system, other) = (of(|row| row.0), of(|row| row.1), of(|row| row.2));
            let (system, other) = ([system], [other]);
            let there = paired(&truths, &system, &other, 5).accuracy;
            let back = paired(&truths, &other, &system, 5).accuracy;
            prop_assert!(there.low <= there.value && there.value <= there.high);
            prop_assert!((there.low + back.high).abs() < 0.02 && (there.value + back.value).abs() < 1e-12);
        }
    }
}
