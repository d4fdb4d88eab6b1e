//! How good predictions are: accuracy, F1, calibration, correlation.

use serde::Serialize;

use crate::labels::{LabelSet, Scores};

/// Probabilities from logits, at a temperature.
#[must_use]
pub fn softmax(logits: &[f32], temperature: f32) -> Scores {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut scores: Scores = logits
        .iter()
        .map(|logit| ((logit - highest) / temperature).exp())
        .collect();
    let sum: f32 = scores.iter().sum();
    for score in &mut scores {
        *score /= sum;
    }
    scores
}

/// The index of the highest score; the first of them on a tie.
#[must_use]
pub fn most_likely(scores: &[f32]) -> usize {
    highest(scores, None)
}

/// The index of the second highest score; the first of them on a tie.
#[must_use]
pub fn second_most_likely(scores: &[f32]) -> usize {
    highest(scores, Some(most_likely(scores)))
}

fn highest(scores: &[f32], without: Option<usize>) -> usize {
    let mut best = usize::from(without == Some(0));
    for (index, score) in scores.iter().enumerate() {
        if Some(index) != without && *score > scores[best] {
            best = index;
        }
    }
    best
}

/// How pleasant scores are, from −1 to 1: each label's probability times its [`LabelSet::valence`]; `None` for labels
/// without a valence.
#[must_use]
pub fn valence(scores: &[f32], labels: &LabelSet) -> Option<f32> {
    let mut sum = 0.0;
    for (label, score) in scores.iter().enumerate() {
        sum += labels.valence(label)? * score;
    }
    Some(sum)
}

/// Jensen-Shannon divergence of two vectors of probabilities, in bits (Lin, *Divergence Measures Based on the Shannon
/// Entropy*, 1991): 0 for the same scores, 1 for scores without overlap.
#[must_use]
pub fn jensen_shannon(a: &[f32], b: &[f32]) -> f32 {
    let towards_middle = |from: &[f32]| -> f32 {
        from.iter()
            .zip(a.iter().zip(b))
            .filter(|(value, _)| **value > 0.0)
            .map(|(value, (a, b))| value * (2.0 * value / (a + b)).log2())
            .sum()
    };
    (0.5 * (towards_middle(a) + towards_middle(b))).clamp(0.0, 1.0)
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
///
/// Truths and predictions are indices of labels.
#[must_use]
pub fn accuracy(truths: &[usize], predictions: &[usize]) -> f64 {
    let right = truths
        .iter()
        .zip(predictions)
        .filter(|(truth, prediction)| truth == prediction)
        .count();
    right as f64 / truths.len().max(1) as f64
}

/// Scores of each of so many labels, in their order.
#[must_use]
pub fn per_label(truths: &[usize], predictions: &[usize], labels: usize) -> Vec<LabelScore> {
    let score = |label: usize| {
        let count = |rows: &[usize]| rows.iter().filter(|row| **row == label).count();
        let pairs = truths.iter().zip(predictions);
        let hits = pairs
            .filter(|(truth, prediction)| **truth == label && truth == prediction)
            .count();
        LabelScore::new(hits, count(predictions), count(truths))
    };
    (0..labels).map(score).collect()
}

/// Mean F1 over the labels that occur among the truths.
#[must_use]
pub fn macro_f1(truths: &[usize], predictions: &[usize]) -> f64 {
    let labels = truths.iter().max().map_or(0, |highest| highest + 1);
    mean_f1(&per_label(truths, predictions, labels))
}

fn mean_f1(scores: &[LabelScore]) -> f64 {
    let occurring: Vec<f64> = scores
        .iter()
        .filter(|score| score.support > 0)
        .map(|score| score.f1)
        .collect();
    occurring.iter().sum::<f64>() / occurring.len().max(1) as f64
}

/// Scores of each label where a row may have several: a row says for each label whether it holds.
#[must_use]
pub fn multi_label_scores<R: AsRef<[bool]>>(truths: &[R], predictions: &[R]) -> Vec<LabelScore> {
    let labels = truths.first().map_or(0, |row| row.as_ref().len());
    let score = |label: usize| {
        let count = |rows: &[R]| rows.iter().filter(|row| row.as_ref()[label]).count();
        let hits = truths
            .iter()
            .zip(predictions)
            .filter(|(truth, prediction)| truth.as_ref()[label] && prediction.as_ref()[label])
            .count();
        LabelScore::new(hits, count(predictions), count(truths))
    };
    (0..labels).map(score).collect()
}

/// Mean F1 over the labels that occur among the truths, where a row may have several.
#[must_use]
pub fn multi_label_macro_f1<R: AsRef<[bool]>>(truths: &[R], predictions: &[R]) -> f64 {
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
    use super::*;
    use crate::emotion::Emotion;

    #[test]
    fn softmax_sums_to_one_and_a_high_temperature_flattens_it() {
        let logits = [3.0, 0.0, -2.0, 0.0, 1.0];
        let cold = softmax(&logits, 1.0);
        let warm = softmax(&logits, 5.0);
        assert!((cold.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(warm[0] < cold[0] && most_likely(&warm) == 0);
    }

    #[test]
    fn the_first_of_equal_scores_is_the_likeliest_and_the_next_is_second() {
        for (scores, first, second) in [
            (&[0.5_f32, 0.5][..], 0, 1),
            (&[0.2, 0.4, 0.4], 1, 2),
            (&[0.6, 0.1, 0.3], 0, 2),
            (&[0.1, 0.2, 0.7], 2, 1),
        ] {
            assert_eq!((most_likely(scores), second_most_likely(scores)), (first, second));
        }
    }

    #[test]
    fn valence_weighs_pleasant_against_unpleasant_where_labels_have_one() {
        let mut scores = [0.0; Emotion::ALL.len()];
        for (emotion, score) in [(Emotion::Joy, 0.7), (Emotion::Anger, 0.2), (Emotion::Neutral, 0.1)] {
            scores[emotion.index()] = score;
        }
        let found = valence(&scores, &LabelSet::plutchik()).expect("Plutchik's emotions have one");
        assert!((found - 0.5).abs() < 1e-6);
        let found = valence(&[0.2, 0.1, 0.7], &LabelSet::sentiment()).expect("sentiment has one");
        assert!((found + 0.5).abs() < 1e-6);
        assert_eq!(valence(&[0.5; 8], &LabelSet::mikels()), None);
    }

    #[test]
    fn divergence_is_zero_for_the_same_scores_and_one_without_overlap() {
        let (first, second) = ([1.0, 0.0, 0.0], [0.0, 0.0, 1.0]);
        assert!(jensen_shannon(&first, &first) < 1e-6);
        assert!((jensen_shannon(&first, &second) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn f1_is_as_counted_by_hand_over_the_labels_that_occur() {
        let truths = [0, 0, 2, 2];
        let predictions = [0, 2, 2, 6];
        let scores = per_label(&truths, &predictions, 7);
        assert_eq!(scores.len(), 7);
        let expected = |precision: f64, f1: f64| LabelScore {
            precision,
            recall: 0.5,
            f1,
            support: 2,
        };
        assert_eq!(scores[0], expected(1.0, 2.0 / 3.0));
        assert_eq!(scores[2], expected(0.5, 0.5));
        assert_eq!(scores[1], LabelScore::default());
        assert_eq!(accuracy(&truths, &predictions), 0.5);
        assert!((macro_f1(&truths, &predictions) - (2.0 / 3.0 + 0.5) / 2.0).abs() < 1e-12);
        assert_eq!(macro_f1(&[], &[]), 0.0);
    }

    #[test]
    fn multi_label_f1_is_as_counted_by_hand() {
        let truths = [[true, false, false], [true, true, false]];
        let predictions = [[true, true, false], [false, true, false]];
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
