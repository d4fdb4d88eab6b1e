//! Rows of examples as tensors.

use burn::tensor::{Device, Tensor, TensorData};
use emofuse_engine::model::n_gram_table::NGramBatch;
use rand::{rngs::StdRng, seq::IteratorRandom};

use super::{FusionExample, Seen, Side, Sides, Target, statistics::ClassWeights};

/// Rows of examples as tensors; a row that does not count for a loss has weight zero there.
pub struct Batch {
    /// Features of the sides that any row has. Zeros stand where a row lacks a side, and count for nothing.
    pub features: Sides<Tensor<2>>,
    /// For each way of seeing a post, its target and how much each row of it counts: `[batch, labels]`, `[batch, 1]`.
    targets: Vec<(Seen, [Tensor<2>; 2])>,
    /// The n-grams of the captions.
    pub n_grams: NGramBatch,
    /// `[batch, batch]`, 1 where the image (row) is to be distinguished from the caption (column).
    pub negatives: Tensor<2>,
}

impl Batch {
    /// `None` if no row has a side. `negatives` is the most captions that an image is to be distinguished from.
    pub fn new(
        rows: &[&FusionExample],
        inputs: &[Seen],
        class_weights: &ClassWeights,
        negatives: Option<usize>,
        random: &mut StdRng,
        device: &Device,
    ) -> Option<Self> {
        let count = rows.len();
        let matrix = |values: Vec<f32>| {
            let width = values.len() / count.max(1);
            Tensor::<2>::from_data(TensorData::new(values, [count, width]), device)
        };
        let features = |side: Side| {
            let width = rows.iter().find_map(|row| row.sides.get(side))?.len();
            let mut values = Vec::with_capacity(count * width);
            for row in rows {
                match row.sides.get(side) {
                    Some(features) => values.extend_from_slice(features),
                    None => values.resize(values.len() + width, 0.0),
                }
            }
            Some(matrix(values))
        };
        let mut all = Sides::default();
        for side in Side::ALL {
            if let Some(features) = features(side) {
                all = all.with(side, features);
            }
        }
        all.seen()?;
        let targets = |seen: Seen| {
            let of_label = class_weights.of(seen);
            let known: Vec<Option<&Target>> = rows.iter().map(|row| row.target_of(seen)).collect();
            let even = vec![1.0 / of_label.len() as f32; of_label.len()];
            let distribution =
                |target: &Option<&Target>| target.map_or(even.clone(), |target| target.distribution.clone());
            let weight = |target: &Option<&Target>| target.map_or(0.0, |target| target.weight * of_label[target.label]);
            let rows = matrix(known.iter().flat_map(distribution).collect());
            (seen, [rows, matrix(known.iter().map(weight).collect())])
        };
        let labels: Vec<Option<usize>> = rows
            .iter()
            .map(|row| row.target_of(Seen::BOTH).map(|target| target.label))
            .collect();
        Some(Self {
            features: all,
            targets: inputs.iter().map(|seen| targets(*seen)).collect(),
            n_grams: n_grams(rows, device),
            negatives: matrix(rows_of_negatives(&labels, negatives, random)),
        })
    }

    /// The target of a way of seeing a post, and how much each row of it counts; `None` for one that is not among the
    /// inputs.
    ///
    /// # Shapes
    /// - output: `[batch, labels]`, `[batch, 1]`
    pub fn targets(&self, seen: Seen) -> Option<[Tensor<2>; 2]> {
        let (_, targets) = self.targets.iter().find(|(known, _)| *known == seen)?;
        Some(targets.clone())
    }
}

/// The n-grams of examples' captions.
pub fn n_grams(rows: &[&FusionExample], device: &Device) -> NGramBatch {
    let captions: Vec<&[(u32, f32)]> = rows.iter().map(|row| row.n_grams.as_slice()).collect();
    NGramBatch::new(&captions, device)
}

/// Row by row, 1 for the captions of other classes that stand against the row's image, at most `limit` of them.
fn rows_of_negatives(labels: &[Option<usize>], limit: Option<usize>, random: &mut StdRng) -> Vec<f32> {
    let mut matrix = vec![0.0; labels.len() * labels.len()];
    for (image, row) in labels.iter().zip(matrix.chunks_exact_mut(labels.len())) {
        let others = labels
            .iter()
            .enumerate()
            .filter(|(_, caption)| image.zip(**caption).is_some_and(|(image, caption)| image != caption))
            .map(|(column, _)| column);
        match limit {
            None => others.for_each(|column| row[column] = 1.0),
            Some(limit) => others
                .choose_multiple(random, limit)
                .into_iter()
                .for_each(|column| row[column] = 1.0),
        }
    }
    matrix
}

#[cfg(test)]
mod tests {
    use emofuse_engine::model::fusion::Modality;
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn only_captions_of_other_classes_are_negatives_and_no_more_than_asked_for() {
        let labels = [Some(0), Some(2), Some(0), Some(6), None];
        let mut random = StdRng::seed_from_u64(1);
        let all = rows_of_negatives(&labels, None, &mut random);
        assert_eq!(all[..5], [0.0, 1.0, 0.0, 1.0, 0.0]);
        assert_eq!(all[5..10], [1.0, 0.0, 1.0, 1.0, 0.0]);
        assert_eq!(all[20..], [0.0; 5]);
        let some = rows_of_negatives(&labels, Some(1), &mut random);
        for (some, all) in some.chunks(5).zip(all.chunks(5)) {
            assert_eq!(some.iter().sum::<f32>(), all.iter().sum::<f32>().min(1.0));
            assert!(some.iter().zip(all).all(|(some, all)| some <= all));
        }
    }

    #[test]
    fn a_row_that_lacks_a_side_counts_for_nothing_there() {
        let target = |label: usize| Some(Target::new(label.into(), 0.0, 3));
        let rows = [
            FusionExample {
                target: target(0),
                ..FusionExample::of(Side::Image, vec![1.0, 2.0])
            },
            FusionExample {
                target: target(2),
                ..FusionExample::of(Side::Caption, vec![3.0])
            },
        ];
        let rows: Vec<&FusionExample> = rows.iter().collect();
        let weights = ClassWeights::even(3);
        let inputs = Modality::ALL.map(Seen::from);
        let mut random = StdRng::seed_from_u64(1);
        let batch = Batch::new(&rows, &inputs, &weights, None, &mut random, &Device::flex()).unwrap();
        let counted = inputs.map(|seen| {
            let [_, counted] = batch.targets(seen).unwrap();
            counted.into_data().try_to_vec::<f32>().unwrap()
        });
        assert_eq!(counted, [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]);
        let captions = [rows[1]];
        let batch = Batch::new(&captions, &inputs, &weights, None, &mut random, &Device::flex()).unwrap();
        assert_eq!(batch.features.seen(), Some(Seen::CAPTION));
        assert!(
            Batch::new(
                &[&FusionExample::default()],
                &inputs,
                &weights,
                None,
                &mut random,
                &Device::flex()
            )
            .is_none()
        );
    }
}
