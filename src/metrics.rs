//! Measures of how good predictions are: pure functions, the same in training, evaluation and reports.
//!
//! A ratio with nothing below the line counts as 0. Macro-F1 is the plain mean over the labels that occur in the truth: a
//! label that never occurs says nothing about a model.

use serde::Serialize;

use crate::emotion::{EMOTIONS, Emotion};

/// Probabilities from logits: softmax after division by the temperature.
#[must_use]
pub fn softmax(logits: &[f32; EMOTIONS], temperature: f32) -> [f32; EMOTIONS] {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers = logits.map(|logit| ((logit - largest) / temperature).exp());
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// The label with the highest score; of equals the first.
#[must_use]
pub fn most_likely(scores: &[f32; EMOTIONS]) -> Emotion {
    let mut best = Emotion::ALL[0];
    for emotion in Emotion::ALL {
        if scores[emotion.index()] > scores[best.index()] {
            best = emotion;
        }
    }
    best
}

/// How pleasant the scores are: the sum of each label's probability and its [`Emotion::valence`], from −1 to 1.
#[must_use]
pub fn valence(scores: &[f32; EMOTIONS]) -> f32 {
    Emotion::ALL
        .into_iter()
        .map(|emotion| emotion.valence() * scores[emotion.index()])
        .sum()
}

/// Right and wrong answers for one label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that have the label and were given it.
    pub true_positives: usize,
    /// Rows that were given the label and have it not.
    pub false_positives: usize,
    /// Rows that have the label and were not given it.
    pub false_negatives: usize,
}

/// Precision, recall and F1 of one label.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ClassReport {
    /// Of the rows that were given the label, the share that has it.
    pub precision: f64,
    /// Of the rows that have the label, the share that was given it.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Rows that have the label.
    pub support: usize,
}

impl Counts {
    /// Takes one row into account.
    pub fn add(&mut self, truth: bool, predicted: bool) {
        match (truth, predicted) {
            (true, true) => self.true_positives += 1,
            (false, true) => self.false_positives += 1,
            (true, false) => self.false_negatives += 1,
            (false, false) => {}
        }
    }

    /// The ratios that follow from the counts.
    #[must_use]
    pub fn report(&self) -> ClassReport {
        let support = self.true_positives + self.false_negatives;
        let given = self.true_positives + self.false_positives;
        ClassReport {
            precision: ratio(self.true_positives, given),
            recall: ratio(self.true_positives, support),
            f1: ratio(2 * self.true_positives, support + given),
            support,
        }
    }
}

/// How often each label was taken for each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    rows: [[usize; EMOTIONS]; EMOTIONS],
}

impl Confusion {
    /// Counts all pairs of truth and prediction.
    ///
    /// # Panics
    /// Where the two differ in length.
    #[must_use]
    pub fn new(truth: &[Emotion], predicted: &[Emotion]) -> Self {
        assert_eq!(truth.len(), predicted.len(), "one prediction for each truth");
        let mut confusion = Self::default();
        for (truth, predicted) in truth.iter().zip(predicted) {
            confusion.rows[truth.index()][predicted.index()] += 1;
        }
        confusion
    }

    /// How many rows with one label were given the other.
    #[must_use]
    pub fn count(&self, truth: Emotion, predicted: Emotion) -> usize {
        self.rows[truth.index()][predicted.index()]
    }

    /// Rows in all.
    #[must_use]
    pub fn total(&self) -> usize {
        self.rows.iter().flatten().sum()
    }

    /// The share of rows that are right.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        ratio(
            Emotion::ALL
                .into_iter()
                .map(|emotion| self.count(emotion, emotion))
                .sum(),
            self.total(),
        )
    }

    /// Precision, recall and F1 of each label, in the order of [`Emotion::ALL`].
    #[must_use]
    pub fn per_class(&self) -> [ClassReport; EMOTIONS] {
        Emotion::ALL.map(|emotion| {
            let true_positives = self.count(emotion, emotion);
            let given: usize = Emotion::ALL.into_iter().map(|truth| self.count(truth, emotion)).sum();
            let support: usize = self.rows[emotion.index()].iter().sum();
            let counts = Counts {
                true_positives,
                false_positives: given - true_positives,
                false_negatives: support - true_positives,
            };
            counts.report()
        })
    }

    /// The mean F1 over the labels that occur in the truth.
    #[must_use]
    pub fn macro_f1(&self) -> f64 {
        mean_f1(&self.per_class())
    }
}

/// The share of predictions that are right.
///
/// # Panics
/// Where the two differ in length.
#[must_use]
pub fn accuracy(truth: &[Emotion], predicted: &[Emotion]) -> f64 {
    Confusion::new(truth, predicted).accuracy()
}

/// The mean F1 over the labels that occur in the truth.
///
/// # Panics
/// Where the two differ in length.
#[must_use]
pub fn macro_f1(truth: &[Emotion], predicted: &[Emotion]) -> f64 {
    Confusion::new(truth, predicted).macro_f1()
}

/// The mean F1 of reports over the labels that occur in the truth.
#[must_use]
pub fn mean_f1(reports: &[ClassReport]) -> f64 {
    let occurring: Vec<f64> = reports
        .iter()
        .filter(|report| report.support > 0)
        .map(|report| report.f1)
        .collect();
    if occurring.is_empty() {
        0.0
    } else {
        occurring.iter().sum::<f64>() / occurring.len() as f64
    }
}

/// Precision, recall and F1 of each of [`Emotion::PRIMARY`] where a row may have several.
///
/// # Panics
/// Where the two differ in length.
#[must_use]
pub fn multi_label_per_class(truth: &[[bool; 8]], predicted: &[[bool; 8]]) -> [ClassReport; 8] {
    assert_eq!(truth.len(), predicted.len(), "one prediction for each truth");
    let mut counts = [Counts::default(); 8];
    for (truth, predicted) in truth.iter().zip(predicted) {
        for (label, counts) in counts.iter_mut().enumerate() {
            counts.add(truth[label], predicted[label]);
        }
    }
    counts.map(|counts| counts.report())
}

/// The mean F1 over those of [`Emotion::PRIMARY`] that occur in the truth, where a row may have several.
///
/// # Panics
/// Where the two differ in length.
#[must_use]
pub fn multi_label_macro_f1(truth: &[[bool; 8]], predicted: &[[bool; 8]]) -> f64 {
    mean_f1(&multi_label_per_class(truth, predicted))
}

/// Bins of [`expected_calibration_error`].
pub const CALIBRATION_BINS: usize = 15;

/// How far confidences are from the share of right answers (Guo et al., *On Calibration of Modern Neural Networks*,
/// 2017): the mean difference over [`CALIBRATION_BINS`] bins of equal width, weighted by the rows in each.
///
/// A bin holds its upper edge, and the first one 0.
#[must_use]
pub fn expected_calibration_error(answers: &[(f32, bool)]) -> f64 {
    #[derive(Clone, Copy, Default)]
    struct Bin {
        confidence: f64,
        right: f64,
    }
    let mut bins = [Bin::default(); CALIBRATION_BINS];
    for (confidence, right) in answers {
        let confidence = f64::from(*confidence);
        let index = (confidence * CALIBRATION_BINS as f64).ceil() as usize;
        let bin = &mut bins[index.saturating_sub(1).min(CALIBRATION_BINS - 1)];
        bin.confidence += confidence;
        bin.right += f64::from(u8::from(*right));
    }
    // Weighting a bin's mean by its rows leaves the sums.
    let gap: f64 = bins.iter().map(|bin| (bin.confidence - bin.right).abs()).sum();
    if answers.is_empty() {
        0.0
    } else {
        gap / answers.len() as f64
    }
}

/// Pearson's correlation of pairs; `None` for fewer than two pairs or where one side never changes.
#[must_use]
pub fn pearson(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 2 {
        return None;
    }
    let n = pairs.len() as f64;
    let mean_x = pairs.iter().map(|(x, _)| x).sum::<f64>() / n;
    let mean_y = pairs.iter().map(|(_, y)| y).sum::<f64>() / n;
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        let (x, y) = (x - mean_x, y - mean_y);
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    let scale = (xx * yy).sqrt();
    (scale > 0.0).then(|| (xy / scale).clamp(-1.0, 1.0))
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Emotion::{Fear, Joy, Neutral, Sadness};

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    }

    const TRUTH: [Emotion; 6] = [Joy, Joy, Joy, Fear, Fear, Neutral];
    const PREDICTED: [Emotion; 6] = [Joy, Joy, Fear, Fear, Sadness, Joy];

    #[test]
    fn accuracy_is_the_share_that_is_right() {
        close(accuracy(&TRUTH, &PREDICTED), 3.0 / 6.0);
        close(accuracy(&[], &[]), 0.0);
    }

    #[test]
    fn precision_recall_and_f1_are_those_counted_by_hand() {
        let reports = Confusion::new(&TRUTH, &PREDICTED).per_class();
        // Joy: 2 right of 3 given, 2 found of 3.
        let joy = reports[Joy.index()];
        close(joy.precision, 2.0 / 3.0);
        close(joy.recall, 2.0 / 3.0);
        close(joy.f1, 2.0 / 3.0);
        assert_eq!(joy.support, 3);
        // Sadness was given once and never true; neutral was true once and never given.
        close(reports[Sadness.index()].f1, 0.0);
        assert_eq!(reports[Sadness.index()].support, 0);
        close(reports[Neutral.index()].precision, 0.0);
        assert_eq!(reports[Neutral.index()].support, 1);
    }

    #[test]
    fn macro_f1_leaves_out_labels_that_never_occur() {
        // Joy 2/3, fear 1/2, neutral 0; sadness does not occur in the truth.
        close(macro_f1(&TRUTH, &PREDICTED), (2.0 / 3.0 + 0.5 + 0.0) / 3.0);
        close(macro_f1(&[], &[]), 0.0);
    }

    #[test]
    fn confusion_counts_what_was_taken_for_what() {
        let confusion = Confusion::new(&TRUTH, &PREDICTED);
        assert_eq!(confusion.count(Joy, Fear), 1);
        assert_eq!(confusion.count(Fear, Joy), 0);
        assert_eq!(confusion.total(), 6);
    }

    #[test]
    fn multi_label_f1_counts_each_label_on_its_own() {
        let row = |labels: &[usize]| std::array::from_fn(|label| labels.contains(&label));
        let truth = [row(&[0, 1]), row(&[0]), row(&[]), row(&[2])];
        let predicted = [row(&[0]), row(&[0, 2]), row(&[0]), row(&[2])];
        let reports = multi_label_per_class(&truth, &predicted);
        close(reports[0].precision, 2.0 / 3.0);
        close(reports[0].recall, 1.0);
        close(reports[0].f1, 0.8);
        close(reports[1].f1, 0.0);
        close(reports[2].f1, 2.0 / 3.0);
        close(multi_label_macro_f1(&truth, &predicted), (0.8 + 0.0 + 2.0 / 3.0) / 3.0);
    }

    #[test]
    fn calibration_error_is_the_weighted_gap_of_the_bins() {
        // One bin (0.8667, 0.9333]: confidence .9, one of two right; another: .5, right.
        let answers = [(0.9, true), (0.9, false), (0.5, true)];
        assert!((expected_calibration_error(&answers) - (2.0 * 0.4 + 0.5) / 3.0).abs() < 1e-6);
        close(expected_calibration_error(&[(1.0, true), (0.0, false)]), 0.0);
        close(expected_calibration_error(&[]), 0.0);
    }

    #[test]
    fn pearson_is_one_on_a_line_and_absent_on_a_constant() {
        close(pearson(&[(1.0, 2.0), (2.0, 4.0), (3.0, 6.0)]).expect("it varies"), 1.0);
        close(
            pearson(&[(1.0, 2.0), (2.0, 1.0), (3.0, 4.0), (4.0, 3.0)]).expect("it varies"),
            0.6,
        );
        assert_eq!(pearson(&[(1.0, 2.0), (1.0, 3.0)]), None);
        assert_eq!(pearson(&[(1.0, 2.0)]), None);
    }

    #[test]
    fn softmax_sums_to_one_and_a_high_temperature_levels_it() {
        let mut logits = [0.0; EMOTIONS];
        logits[2] = 1000.0;
        let sharp = softmax(&logits, 1.0);
        assert!((sharp.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert_eq!(most_likely(&sharp), Fear);
        let level = softmax(&logits, 1e9);
        assert!(level.iter().all(|score| (score - 1.0 / 9.0).abs() < 1e-4));
    }

    #[test]
    fn of_equal_scores_the_first_wins() {
        assert_eq!(most_likely(&[0.5; EMOTIONS]), Joy);
    }

    #[test]
    fn valence_weighs_pleasant_against_unpleasant() {
        let mut scores = [0.0; EMOTIONS];
        scores[Joy.index()] = 0.7;
        scores[Sadness.index()] = 0.2;
        scores[Neutral.index()] = 0.1;
        assert!((valence(&scores) - 0.5).abs() < 1e-6);
    }
}
