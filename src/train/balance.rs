//! How much each caption counts, so that neither the largest source nor its most frequent label decides everything.

use std::collections::{BTreeMap, BTreeSet};

use super::recipe::BalanceRecipe;

/// Weights of rows with a source and a label, 1 on average: each source has its share of the sum, and within a source
/// rare labels count more.
///
/// # Errors
/// A message where the recipe names shares and a source has none.
pub fn weights(rows: &[(&str, usize)], recipe: &BalanceRecipe) -> Result<Vec<f32>, String> {
    let mut counts: BTreeMap<&str, BTreeMap<usize, f32>> = BTreeMap::new();
    for (source, label) in rows {
        *counts.entry(source).or_default().entry(*label).or_default() += 1.0;
    }
    let unnamed: BTreeSet<&str> = counts
        .keys()
        .copied()
        .filter(|source| !recipe.sources.is_empty() && !recipe.sources.contains_key(*source))
        .collect();
    if let Some(source) = unnamed.first() {
        return Err(format!(
            "`balance.sources` has no share for `{source}`; name every source or none"
        ));
    }
    let of_label = |source: &str, label: usize| counts[source][&label].powf(-recipe.label_power);
    let mut sums: BTreeMap<&str, f32> = BTreeMap::new();
    for (source, label) in rows {
        *sums.entry(source).or_default() += of_label(source, *label);
    }
    let total_share: f32 = counts.keys().filter_map(|source| recipe.sources.get(*source)).sum();
    let weight = |(source, label): &(&str, usize)| {
        let share = match recipe.sources.get(*source) {
            Some(share) => share / total_share,
            None => counts[source].values().sum::<f32>() / rows.len() as f32,
        };
        of_label(source, *label) / sums[source] * share * rows.len() as f32
    };
    Ok(rows.iter().map(weight).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [(&str, usize); 4] = [("a", 0), ("a", 0), ("a", 2), ("b", 0)];

    fn recipe(sources: &[(&str, f32)], label_power: f32) -> BalanceRecipe {
        BalanceRecipe {
            sources: sources
                .iter()
                .map(|(name, share)| ((*name).to_owned(), *share))
                .collect(),
            label_power,
        }
    }

    #[test]
    fn without_shares_every_caption_counts_the_same() {
        assert_eq!(weights(&ROWS, &recipe(&[], 0.0)), Ok(vec![1.0; 4]));
    }

    #[test]
    fn sources_have_their_shares_and_rare_labels_count_more() {
        let weights = weights(&ROWS, &recipe(&[("a", 1.0), ("b", 1.0)], 1.0)).expect("shares for all");
        assert!((weights[..3].iter().sum::<f32>() - 2.0).abs() < 1e-5, "{weights:?}");
        assert!((weights[3] - 2.0).abs() < 1e-5);
        assert!((weights[2] - 2.0 * weights[0]).abs() < 1e-5);
    }

    #[test]
    fn a_source_without_a_share_is_named() {
        let reason = weights(&ROWS, &recipe(&[("a", 1.0)], 0.0)).expect_err("no share for b");
        assert!(reason.contains("`b`"), "{reason}");
    }
}
