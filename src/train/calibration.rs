//! Temperatures and thresholds, chosen on dev.

use crate::{
    emotion::{EMOTIONS, Emotion},
    metrics::softmax,
};

/// The share of answers given without "not sure" that should be right.
pub const SURE_ACCURACY: f64 = 0.70;

/// Fewest answers from which a threshold is read.
const FEWEST: usize = 30;

/// The temperature with the least negative log-likelihood (Guo et al., *On Calibration of Modern Neural
/// Networks*, 2017), by golden-section search.
#[must_use]
pub fn temperature(rows: &[([f32; EMOTIONS], Emotion)]) -> f32 {
    let loss = |logarithm: f64| -> f64 {
        let temperature = logarithm.exp() as f32;
        rows.iter()
            .map(|(logits, truth)| -f64::from(softmax(logits, temperature)[truth.index()].max(1e-12)).ln())
            .sum()
    };
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.1f64.ln(), 10f64.ln());
    for _ in 0..60 {
        let left = high - ratio * (high - low);
        let right = low + ratio * (high - low);
        if loss(left) < loss(right) {
            high = right
        } else {
            low = left
        }
    }
    ((low + high) / 2.0).exp() as f32
}

/// The least confidence above which at least [`SURE_ACCURACY`] of the answers are right, and a standard error more: of
/// many thresholds the most lenient is taken, and chance would otherwise choose it.
///
/// Where no confidence is enough, the one that leaves the best answers.
#[must_use]
pub fn uncertain_below(rows: &[([f32; EMOTIONS], Emotion)], temperature: f32) -> f32 {
    let mut answers: Vec<(f32, bool)> = rows
        .iter()
        .map(|(logits, truth)| {
            let scores = softmax(logits, temperature);
            let predicted = crate::metrics::most_likely(&scores);
            (scores[predicted.index()], predicted == *truth)
        })
        .collect();
    answers.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut right = 0;
    let mut chosen = None;
    let mut best = (0.0, 1.0);
    for (count, (confidence, correct)) in answers.iter().enumerate().map(|(index, answer)| (index + 1, answer)) {
        right += usize::from(*correct);
        let accuracy = right as f64 / count as f64;
        if count >= FEWEST {
            let standard_error = (accuracy * (1.0 - accuracy) / count as f64).sqrt();
            if accuracy - standard_error >= SURE_ACCURACY {
                chosen = Some(*confidence);
            }
            if accuracy > best.0 {
                best = (accuracy, *confidence);
            }
        }
    }
    chosen.unwrap_or(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logits(joy: f32) -> [f32; EMOTIONS] {
        let mut logits = [0.0; EMOTIONS];
        logits[0] = joy;
        logits
    }

    #[test]
    fn answers_that_are_too_sure_get_a_temperature_above_one() {
        let rows: Vec<_> = (0..100)
            .map(|row| (logits(10.0), if row % 2 == 0 { Emotion::Joy } else { Emotion::Fear }))
            .collect();
        assert!(temperature(&rows) > 2.0);
    }

    #[test]
    fn answers_above_the_threshold_are_right_often_enough() {
        let rows: Vec<_> = (0..1000)
            .map(|row| {
                let sure = row as f32 / 100.0;
                (logits(sure), if row > 400 { Emotion::Joy } else { Emotion::Fear })
            })
            .collect();
        let threshold = uncertain_below(&rows, 1.0);
        let answered: Vec<_> = rows
            .iter()
            .filter(|(logits, _)| softmax(logits, 1.0)[0] >= threshold)
            .collect();
        let right = answered.iter().filter(|(_, truth)| *truth == Emotion::Joy).count();
        assert!(right as f64 / answered.len() as f64 >= SURE_ACCURACY);
        assert!(answered.len() > 800);
    }
}
