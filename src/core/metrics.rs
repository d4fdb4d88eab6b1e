//! How good predictions are: accuracy, F1, calibration, correlation.

use serde::Serialize;

use crate::emotion::{EMOTIONS, Emotion};

/// Probabilities from logits, at a temperature.
#[must_use]
pub fn softmax(logits: &[f32; EMOTIONS], temperature: f32) -> [f32; EMOTIONS] {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exponentials = logits.map(|logit| ((logit - highest) / temperature).exp());
    let sum: f32 = exponentials.iter().sum();
    exponentials.map(|value| value / sum)
}

/// The label with the highest score; the first of them on a tie.
#[must_use]
pub fn most_likely(scores: &[f32; EMOTIONS]) -> Emotion {
    let mut best = Emotion::Joy;
    for emotion in Emotion::ALL {
        if scores[emotion.index()] > scores[best.index()] {
            best = emotion;
        }
    }
    best
}

/// The label with the second highest score; the first of them on a tie.
#[must_use]
pub fn second_most_likely(scores: &[f32; EMOTIONS]) -> Emotion {
    let first = most_likely(scores);
    let mut others = *scores;
    others[first.index()] = f32::NEG_INFINITY;
    most_likely(&others)
}

/// How pleasant scores are, from −1 to 1: each label's probability times its [`Emotion::valence`].
#[must_use]
pub fn valence(scores: &[f32; EMOTIONS]) -> f32 {
    Emotion::ALL
        .into_iter()
        .map(|emotion| emotion.valence() * scores[emotion.index()])
        .sum()
}

/// Precision, recall and F1 of one label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct LabelScore {
    /// Share of the predictions of the label that are right; 0 where there are none.
    pub precision: f64,
    /// Share of the label's rows that are found; 0 where there are none.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
    /// Rows that have the label.
    pub support: usize,
}

impl LabelScore {
    fn new(hits: usize, predicted: usize, support: usize) -> Self {
        let share = |of: usize| if of == 0 { 0.0 } else { hits as f64 / of as f64 };
        let both = predicted + support;
        let f1 = if both == 0 {
            0.0
        } else {
            2.0 * hits as f64 / both as f64
        };
        Self {
            precision: share(predicted),
            recall: share(support),
            f1,
            support,
        }
    }
}

/// Share of the predictions that are right; 0 without rows.
#[must_use]
pub fn accuracy(truths: &[Emotion], predictions: &[Emotion]) -> f64 {
    let right = truths
        .iter()
        .zip(predictions)
        .filter(|(truth, prediction)| truth == prediction)
        .count();
    right as f64 / truths.len().max(1) as f64
}

/// Scores of every label, in the order of [`Emotion::ALL`].
#[must_use]
pub fn per_label(truths: &[Emotion], predictions: &[Emotion]) -> [LabelScore; EMOTIONS] {
    Emotion::ALL.map(|emotion| {
        let count = |labels: &[Emotion]| labels.iter().filter(|label| **label == emotion).count();
        let pairs = truths.iter().zip(predictions);
        let hits = pairs
            .filter(|(truth, prediction)| **truth == emotion && truth == prediction)
            .count();
        LabelScore::new(hits, count(predictions), count(truths))
    })
}

/// Mean F1 over the labels that occur among the truths.
#[must_use]
pub fn macro_f1(truths: &[Emotion], predictions: &[Emotion]) -> f64 {
    mean_f1(&per_label(truths, predictions))
}

fn mean_f1(scores: &[LabelScore]) -> f64 {
    let occurring: Vec<f64> = scores
        .iter()
        .filter(|score| score.support > 0)
        .map(|score| score.f1)
        .collect();
    occurring.iter().sum::<f64>() / occurring.len().max(1) as f64
}

/// Scores of the eight labels of the multi-label caption task, in the order of [`Emotion::PRIMARY`].
#[must_use]
pub fn multi_label_scores(truths: &[[bool; 8]], predictions: &[[bool; 8]]) -> [LabelScore; 8] {
    std::array::from_fn(|label| {
        let count = |rows: &[[bool; 8]]| rows.iter().filter(|row| row[label]).count();
        let hits = truths
            .iter()
            .zip(predictions)
            .filter(|(truth, prediction)| truth[label] && prediction[label])
            .count();
        LabelScore::new(hits, count(predictions), count(truths))
    })
}

/// Mean F1 over the labels of the multi-label caption task that occur among the truths.
#[must_use]
pub fn multi_label_macro_f1(truths: &[[bool; 8]], predictions: &[[bool; 8]]) -> f64 {
    mean_f1(&multi_label_scores(truths, predictions))
}

/// Expected calibration error over fifteen bins of equal width (Guo et al., 2017): the mean distance
/// between confidence and accuracy. Rows are a confidence and whether the prediction was right.
#[must_use]
pub fn expected_calibration_error(rows: &[(f32, bool)]) -> f64 {
    const BINS: usize = 15;
    let mut bins = [(0usize, 0.0f64, 0usize); BINS];
    for (confidence, right) in rows {
        let bin = &mut bins[((confidence * BINS as f32) as usize).min(BINS - 1)];
        bin.0 += 1;
        bin.1 += f64::from(*confidence);
        bin.2 += usize::from(*right);
    }
    let distance: f64 = bins
        .iter()
        .map(|(_, confidence, right)| (confidence - *right as f64).abs())
        .sum();
    distance / rows.len().max(1) as f64
}

/// Pearson's correlation; `None` for fewer than two rows or where either side never varies.
#[must_use]
pub fn pearson(pairs: &[(f64, f64)]) -> Option<f64> {
    let count = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let (mean_a, mean_b) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let (mut product, mut square_a, mut square_b) = (0.0, 0.0, 0.0);
    for (a, b) in pairs {
        product += (a - mean_a) * (b - mean_b);
        square_a += (a - mean_a).powi(2);
        square_b += (b - mean_b).powi(2);
    }
    (pairs.len() > 1 && square_a > 0.0 && square_b > 0.0).then(|| product / (square_a * square_b).sqrt())
}

#[cfg(test)]
mod tests {
    use super::Emotion::{Anger, Fear, Joy};
    use super::*;

    #[test]
    fn softmax_sums_to_one_and_a_high_temperature_flattens_it() {
        let logits = [3.0, 0.0, -2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        let cold = softmax(&logits, 1.0);
        let warm = softmax(&logits, 5.0);
        assert!((cold.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(warm[0] < cold[0] && most_likely(&warm) == Joy);
    }

    #[test]
    fn valence_weighs_pleasant_against_unpleasant() {
        let mut scores = [0.0; EMOTIONS];
        (
            scores[Joy.index()],
            scores[Anger.index()],
            scores[Emotion::Neutral.index()],
        ) = (0.7, 0.2, 0.1);
        assert!((valence(&scores) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn f1_is_as_counted_by_hand_over_the_labels_that_occur() {
        let truths = [Joy, Joy, Fear, Fear];
        let predictions = [Joy, Fear, Fear, Anger];
        let scores = per_label(&truths, &predictions);
        assert_eq!(
            scores[Joy.index()],
            LabelScore {
                precision: 1.0,
                recall: 0.5,
                f1: 2.0 / 3.0,
                support: 2
            }
        );
        assert_eq!(
            scores[Fear.index()],
            LabelScore {
                precision: 0.5,
                recall: 0.5,
                f1: 0.5,
                support: 2
            }
        );
        assert_eq!(accuracy(&truths, &predictions), 0.5);
        assert!((macro_f1(&truths, &predictions) - (2.0 / 3.0 + 0.5) / 2.0).abs() < 1e-12);
    }

    #[test]
    fn multi_label_f1_is_as_counted_by_hand() {
        let row = |first: bool, second: bool| [first, second, false, false, false, false, false, false];
        let truths = [row(true, false), row(true, true)];
        let predictions = [row(true, true), row(false, true)];
        // First label: one hit of one predicted and two true; second: one hit of two predicted and one true.
        assert!((multi_label_macro_f1(&truths, &predictions) - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn confidence_that_is_right_as_often_as_it_says_has_no_calibration_error() {
        let rows: Vec<(f32, bool)> = (0..10).map(|row| (0.7, row < 7)).collect();
        assert!(expected_calibration_error(&rows) < 1e-6);
        assert!((expected_calibration_error(&[(1.0, false)]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn correlation_of_a_line_is_one_and_of_a_constant_unknown() {
        assert!((pearson(&[(1.0, 3.0), (2.0, 5.0), (3.0, 7.0)]).expect("varies") - 1.0).abs() < 1e-12);
        assert_eq!(pearson(&[(1.0, 3.0), (1.0, 5.0)]), None);
    }
}
