//! What is added to the logit of each label so that answers are as good as can be in every domain.
//!
//! A likelihood that weighs sources and labels is not the measure that answers are judged by, and a domain has its own
//! share of each label. A number for each label, chosen on dev, where every domain has its say, takes the middle way between them
//! (threshold moving; Collell, Prelec and Patil, *A simple plug-in bagging ensemble based on threshold-moving*, 2018).

use std::collections::BTreeMap;

use emofuse_core::metrics::{accuracy, macro_f1, most_likely};

use super::calibration::Scored;

/// A domain with fewer labelled answers has no say.
const FEWEST: usize = 30;

/// Rounds over the labels at most; they stop where nothing gets better.
const ROUNDS: usize = 10;

/// What an offset of 1 costs beside accuracy and macro-F1: where little is gained, nothing is moved.
const PENALTY: f64 = 0.005;

/// The offsets with the largest sum of accuracy and macro-F1, a mean over the domains by their `shares`, by coordinate
/// ascent in steps of a tenth. Without shares every domain counts the same.
#[must_use]
pub fn label_offsets(rows: &[Scored], shares: &BTreeMap<String, f32>, labels: usize) -> Vec<f32> {
    let mut domains: BTreeMap<&str, Vec<(&[f32], usize)>> = BTreeMap::new();
    for row in rows {
        let Some(truth) = row.truth else { continue };
        domains.entry(&row.domain).or_default().push((&row.logits, truth));
    }
    domains.retain(|_, answers| answers.len() >= FEWEST);
    if domains.is_empty() {
        return vec![0.0; labels];
    }
    let domains: Vec<Domain> = domains
        .into_iter()
        .map(|(name, answers)| Domain {
            answers,
            share: if shares.is_empty() {
                1.0
            } else {
                f64::from(shares.get(name).copied().unwrap_or_default())
            },
        })
        .collect();
    let mut tenths = vec![0i16; labels];
    let mut best = worth(&domains, &tenths);
    for _ in 0..ROUNDS {
        let before = tenths.clone();
        for label in 0..labels {
            let start = tenths.clone();
            for step in [-4, -3, -2, -1, 1, 2, 3, 4] {
                let mut moved = start.clone();
                moved[label] += step;
                let found = worth(&domains, &moved);
                if found > best {
                    (best, tenths) = (found, moved);
                }
            }
        }
        if tenths == before {
            break;
        }
    }
    offsets(&tenths)
}

fn offsets(tenths: &[i16]) -> Vec<f32> {
    tenths.iter().map(|tenths| f32::from(*tenths) / 10.0).collect()
}

/// The labelled answers of a domain, and how much they count.
struct Domain<'a> {
    answers: Vec<(&'a [f32], usize)>,
    share: f64,
}

fn worth(domains: &[Domain], tenths: &[i16]) -> f64 {
    let offsets = offsets(tenths);
    let of_domains = domains.iter().map(|domain| {
        let (truths, found): (Vec<usize>, Vec<usize>) = domain
            .answers
            .iter()
            .map(|(logits, truth)| {
                let moved: Vec<f32> = logits
                    .iter()
                    .zip(&offsets)
                    .map(|(logit, offset)| logit + offset)
                    .collect();
                (*truth, most_likely(&moved))
            })
            .unzip();
        domain.share * (accuracy(&truths, &found) + macro_f1(&truths, &found))
    });
    let shares: f64 = domains.iter().map(|domain| domain.share).sum();
    let penalty: f64 = offsets.iter().map(|offset| f64::from(offset * offset)).sum();
    of_domains.sum::<f64>() / shares.max(f64::MIN_POSITIVE) - PENALTY * penalty
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: usize = 5;
    const JOY: usize = 0;
    const FEAR: usize = 2;

    fn row(joy: f32, truth: usize, domain: &str) -> Scored {
        let mut logits = vec![-5.0; LABELS];
        (logits[JOY], logits[FEAR]) = (joy, 0.0);
        Scored {
            logits,
            truth: Some(truth),
            labels: vec![truth],
            domain: domain.into(),
        }
    }

    /// Fear up to a joy of 0.75, so that a joy of 0 is answered too early.
    fn rows(domain: &str, count: usize) -> Vec<Scored> {
        (0..count)
            .map(|index| {
                let joy = index as f32 * 2.0 / count as f32 - 1.0;
                let truth = if joy < 0.75 { FEAR } else { JOY };
                row(joy, truth, domain)
            })
            .collect()
    }

    #[test]
    fn a_label_that_is_answered_too_early_is_held_back() {
        let offsets = label_offsets(&rows("set", 200), &BTreeMap::new(), LABELS);
        let held_back = offsets[FEAR] - offsets[JOY];
        assert!((0.65..0.85).contains(&held_back), "{offsets:?}");
        let mut others = (0..LABELS).filter(|label| ![JOY, FEAR].contains(label));
        assert!(others.all(|label| offsets[label] == 0.0));
    }

    #[test]
    fn answers_that_are_right_are_left_alone_and_small_domains_have_no_say() {
        let right: Vec<Scored> = (0..100)
            .map(|index| match index % 2 {
                0 => row(1.0, JOY, "set"),
                _ => row(-1.0, FEAR, "set"),
            })
            .collect();
        assert_eq!(label_offsets(&right, &BTreeMap::new(), LABELS), [0.0; LABELS]);
        assert_eq!(
            label_offsets(&rows("small", FEWEST - 1), &BTreeMap::new(), LABELS),
            [0.0; LABELS]
        );
        assert_eq!(label_offsets(&[], &BTreeMap::new(), LABELS), [0.0; LABELS]);
    }

    #[test]
    fn domains_count_by_their_shares_and_not_by_their_sizes() {
        let small = rows("small", 100);
        // Right without an offset.
        let large = (0..2000).map(|index| {
            let joy = index as f32 / 1000.0 - 1.0;
            row(joy, if joy < 0.0 { FEAR } else { JOY }, "large")
        });
        let rows = [small.clone(), large.collect()].concat();
        let alone = label_offsets(&small, &BTreeMap::new(), LABELS);
        let by = |small, large| {
            let shares = [("small".to_owned(), small), ("large".to_owned(), large)];
            label_offsets(&rows, &shares.into(), LABELS)
        };
        assert_eq!(by(1.0, 0.0), alone);
        assert_eq!(by(0.9, 0.1), alone);
        assert_eq!(by(0.1, 0.9), [0.0; LABELS]);
    }
}
