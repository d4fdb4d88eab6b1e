//! Temperatures and thresholds, chosen on dev.

use std::collections::BTreeMap;

use emofuse_core::metrics::{most_likely, second_most_likely, softmax};
use emofuse_engine::bundle::Calibrated;

/// The share of answers given without a doubt that should be right, in every domain.
pub const SURE_ACCURACY: f64 = 0.70;

/// The share of second labels given that should be among a post's labels.
pub const SECONDARY_PRECISION: f64 = 0.60;

/// Fewest answers from which a threshold is read.
const FEWEST: usize = 30;

/// An answer on dev, with the labels that it is measured against.
#[derive(Clone, Debug)]
pub struct Scored {
    /// What the model says.
    pub logits: Vec<f32>,
    /// The index of the label; `None` where several hold equally, so that no single answer is right.
    pub truth: Option<usize>,
    /// All labels that hold.
    pub labels: Vec<usize>,
    /// The set that the row comes from.
    pub domain: String,
}

/// Temperature and thresholds of one kind of input.
#[must_use]
pub fn calibrated(rows: &[Scored]) -> Calibrated {
    let temperature = match rows.iter().filter(|row| row.truth.is_some()).count() {
        // So few answers may all be right by chance: they do not make a model surer than it is.
        0..FEWEST => temperature(rows).max(1.0),
        _ => temperature(rows),
    };
    Calibrated {
        temperature,
        uncertain_below: uncertain_below(rows, temperature),
        secondary_from: secondary_from(rows, temperature),
    }
}

/// The temperature with the least negative log-likelihood (Guo et al., *On Calibration of Modern Neural
/// Networks*, 2017), by golden-section search. Every domain counts the same.
#[must_use]
pub fn temperature(rows: &[Scored]) -> f32 {
    let loss = |logarithm: f64| mean_loss(rows, logarithm.exp() as f32);
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

/// The negative log-likelihood at a temperature, a mean in which every domain counts the same.
#[must_use]
pub fn mean_loss(rows: &[Scored], temperature: f32) -> f64 {
    let mut domains: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for (row, truth) in rows.iter().filter_map(|row| Some((row, row.truth?))) {
        let likelihood = softmax(&row.logits, temperature)[truth];
        let (sum, count) = domains.entry(&row.domain).or_default();
        *sum -= f64::from(likelihood.max(1e-12)).ln();
        *count += 1.0;
    }
    let means = domains.values().map(|(sum, count)| sum / count);
    means.sum::<f64>() / domains.len().max(1) as f64
}

/// The least confidence above which at least [`SURE_ACCURACY`] of the answers are right in every domain: the highest of
/// the domains' own. A domain with fewer than thirty rows has none.
///
/// Of many thresholds the most lenient is taken, and chance would otherwise choose it: with a single domain a standard
/// error more is asked for. With several the hardest of them decides, which is margin enough for the others.
#[must_use]
pub fn uncertain_below(rows: &[Scored], temperature: f32) -> f32 {
    let mut domains: BTreeMap<&str, Vec<(f32, bool)>> = BTreeMap::new();
    for row in rows {
        let Some(truth) = row.truth else { continue };
        let scores = softmax(&row.logits, temperature);
        let answer = most_likely(&scores);
        let answer = (scores[answer], answer == truth);
        domains.entry(&row.domain).or_default().push(answer);
    }
    domains.retain(|_, answers| answers.len() >= FEWEST);
    let margin = if domains.len() == 1 { 1.0 } else { 0.0 };
    let of_domains = domains
        .values_mut()
        .map(|answers| least_score(answers, SURE_ACCURACY, margin));
    of_domains.reduce(f32::max).unwrap_or(1.0)
}

/// The least score from which on at least [`SECONDARY_PRECISION`] of the second most likely labels are among a row's
/// labels; 1, which no second label reaches, where there is none.
#[must_use]
pub fn secondary_from(rows: &[Scored], temperature: f32) -> f32 {
    let mut seconds: Vec<(f32, bool)> = rows
        .iter()
        .map(|row| {
            let scores = softmax(&row.logits, temperature);
            let second = second_most_likely(&scores);
            (scores[second], row.labels.contains(&second))
        })
        .collect();
    let threshold = least_score(&mut seconds, SECONDARY_PRECISION, 1.0);
    let given = seconds.iter().filter(|(score, _)| *score >= threshold);
    let (count, right) = given.fold((0, 0), |(count, right), (_, hit)| {
        (count + 1, right + usize::from(*hit))
    });
    if count >= FEWEST && f64::from(right as u32) / count as f64 >= SECONDARY_PRECISION {
        threshold
    } else {
        1.0
    }
}

/// The least score above which at least `wanted` of the answers are right, and `margin` standard errors more.
///
/// Where no score is enough, the one that leaves the best answers; 1 where there are fewer than thirty.
fn least_score(answers: &mut [(f32, bool)], wanted: f64, margin: f64) -> f32 {
    answers.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut right = 0;
    let mut chosen = None;
    let mut best = (0.0, 1.0);
    for (count, (score, correct)) in answers.iter().enumerate().map(|(index, answer)| (index + 1, answer)) {
        right += usize::from(*correct);
        let accuracy = right as f64 / count as f64;
        if count >= FEWEST {
            let standard_error = (accuracy * (1.0 - accuracy) / count as f64).sqrt();
            if accuracy - margin * standard_error >= wanted {
                chosen = Some(*score);
            }
            if accuracy > best.0 {
                best = (accuracy, *score);
            }
        }
    }
    chosen.unwrap_or(best.1)
}

/// The agreement of image and caption below which answers that are sure otherwise are right less often than
/// [`SURE_ACCURACY`]; 0 where they never are. Rows are the agreement, and whether the answer was right.
#[must_use]
pub fn modalities_disagree_below(sure: &[(f32, bool)]) -> f32 {
    let mut sure = sure.to_vec();
    sure.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut right = 0;
    let mut chosen = 0.0;
    for (index, (agreement, correct)) in sure.iter().enumerate() {
        right += usize::from(*correct);
        let count = index + 1;
        let accuracy = right as f64 / count as f64;
        let standard_error = (accuracy * (1.0 - accuracy) / count as f64).sqrt();
        if count >= FEWEST && accuracy + standard_error < SURE_ACCURACY {
            chosen = *agreement;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOY: usize = 0;
    const FEAR: usize = 2;

    fn scored(joy: f32, truth: usize, domain: &str) -> Scored {
        let mut logits = vec![0.0; 9];
        logits[JOY] = joy;
        Scored {
            logits,
            truth: Some(truth),
            labels: vec![truth],
            domain: domain.into(),
        }
    }

    fn right_from(least: usize, domain: &str) -> Vec<Scored> {
        (0..1000)
            .map(|row| {
                let truth = if row > least { JOY } else { FEAR };
                scored(row as f32 / 100.0, truth, domain)
            })
            .collect()
    }

    fn accuracy_above(rows: &[Scored], threshold: f32) -> (usize, f64) {
        let sure: Vec<&Scored> = rows
            .iter()
            .filter(|row| softmax(&row.logits, 1.0)[0] >= threshold)
            .collect();
        let right = sure.iter().filter(|row| row.truth == Some(JOY)).count();
        (sure.len(), right as f64 / sure.len() as f64)
    }

    #[test]
    fn answers_that_are_too_sure_get_a_temperature_above_one() {
        let rows: Vec<_> = (0..100)
            .map(|row| scored(10.0, if row % 2 == 0 { JOY } else { FEAR }, "a"))
            .collect();
        assert!(temperature(&rows) > 2.0);
    }

    #[test]
    fn a_few_answers_that_are_all_right_make_a_model_no_surer() {
        let rows = vec![scored(1.0, JOY, "a"); FEWEST];
        assert!(calibrated(&rows).temperature < 0.2);
        assert_eq!(calibrated(&rows[1..]).temperature, 1.0);
    }

    #[test]
    fn answers_above_the_threshold_are_right_often_enough_in_every_domain() {
        let (easy, hard) = (right_from(400, "easy"), right_from(800, "hard"));
        let alone = uncertain_below(&easy, 1.0);
        let (count, accuracy) = accuracy_above(&easy, alone);
        assert!(accuracy >= SURE_ACCURACY && count > 800);
        let threshold = uncertain_below(&[easy, hard.clone()].concat(), 1.0);
        assert!(threshold > alone);
        assert!(accuracy_above(&hard, threshold).1 >= SURE_ACCURACY);
    }

    #[test]
    fn too_few_answers_leave_every_one_uncertain() {
        assert_eq!(uncertain_below(&right_from(0, "a")[..20], 1.0), 1.0);
        assert_eq!(secondary_from(&right_from(0, "a")[..20], 1.0), 1.0);
    }

    #[test]
    fn second_labels_are_given_from_where_they_are_right_often_enough() {
        let rows: Vec<Scored> = (0..400)
            .map(|row| {
                let mut scored = scored(3.0, JOY, "a");
                scored.logits[2] = row as f32 / 200.0;
                scored.labels.extend((row >= 200).then_some(FEAR));
                scored
            })
            .collect();
        let threshold = secondary_from(&rows, 1.0);
        let score = |row: usize| softmax(&rows[row].logits, 1.0)[2];
        assert!(threshold > score(50) && threshold < score(250), "{threshold}");
        let labels = vec![JOY];
        let never: Vec<Scored> = rows
            .into_iter()
            .map(|row| Scored {
                labels: labels.clone(),
                ..row
            })
            .collect();
        assert_eq!(secondary_from(&never, 1.0), 1.0);
    }

    #[test]
    fn sides_that_disagree_make_an_answer_doubtful_where_they_did_on_dev() {
        let rows: Vec<(f32, bool)> = (0..200).map(|row| (row as f32 / 200.0, row >= 60)).collect();
        let threshold = modalities_disagree_below(&rows);
        assert!((0.3..0.95).contains(&threshold), "{threshold}");
        let fine: Vec<(f32, bool)> = rows.iter().map(|(agreement, _)| (*agreement, true)).collect();
        assert_eq!(modalities_disagree_below(&fine), 0.0);
    }
}
