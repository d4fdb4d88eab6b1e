//! Rows of examples as tensors.

use burn::tensor::{Device, Tensor, TensorData};
use emofuse_core::emotion::EMOTIONS;
use emofuse_engine::model::{
    fusion::{ByModality, Modality},
    n_gram_table::NGramBatch,
};
use rand::{rngs::StdRng, seq::IteratorRandom};

use super::{FusionExample, Target, statistics::ClassWeights};
use crate::recipe::FusionRecipe;

/// Rows of examples as tensors; a row that does not count for a loss has weight zero there.
pub struct Batch {
    /// Features of the modalities that any row has. Zeros stand where a row lacks a modality, and count for nothing.
    pub features: ByModality<Tensor<2>>,
    targets: [Tensor<2>; 3],
    weights: [Tensor<2>; 3],
    /// The n-grams of the captions.
    pub n_grams: NGramBatch,
    /// `[batch, batch]`, 1 where the image (row) is to be distinguished from the caption (column).
    pub negatives: Tensor<2>,
}

impl Batch {
    /// `None` where no row has an image or a caption.
    pub fn new(
        rows: &[&FusionExample],
        recipe: &FusionRecipe,
        class_weights: &ClassWeights,
        random: &mut StdRng,
        device: &Device,
    ) -> Option<Self> {
        let count = rows.len();
        let matrix = |values: Vec<f32>| {
            let width = values.len() / count;
            Tensor::<2>::from_data(TensorData::new(values, [count, width]), device)
        };
        let features = |of: fn(&FusionExample) -> Option<&Vec<f32>>| {
            let width = rows.iter().find_map(|row| of(row))?.len();
            let mut values = Vec::with_capacity(count * width);
            for row in rows {
                match of(row) {
                    Some(features) => values.extend_from_slice(features),
                    None => values.resize(values.len() + width, 0.0),
                }
            }
            Some(matrix(values))
        };
        // In the order of `Modality::ALL`.
        let of_kinds: [Vec<Option<Target>>; 3] = Modality::ALL.map(|kind| {
            let target = |row: &&FusionExample| row.target.filter(|_| row.has(kind));
            rows.iter().map(target).collect()
        });
        let targets = |targets: &Vec<Option<Target>>| {
            let rows = targets
                .iter()
                .flat_map(|target| target.map_or([1.0 / EMOTIONS as f32; EMOTIONS], |target| target.distribution));
            matrix(rows.collect())
        };
        let weights = |kind: Modality| {
            let of_label = match kind {
                Modality::Image => &class_weights.image,
                Modality::Both | Modality::Caption => &class_weights.caption,
            };
            let weight =
                |target: &Option<Target>| target.map_or(0.0, |target| target.weight * of_label[target.emotion.index()]);
            matrix(of_kinds[kind.index()].iter().map(weight).collect())
        };
        let of_pairs = &of_kinds[Modality::Both.index()];
        let negatives = rows_of_negatives(of_pairs, recipe.auxiliary.negatives, random);
        Some(Self {
            features: ByModality::new(features(|row| row.image.as_ref()), features(|row| row.caption.as_ref()))?,
            targets: of_kinds.each_ref().map(targets),
            weights: Modality::ALL.map(weights),
            n_grams: n_grams(rows, device),
            negatives: matrix(negatives),
        })
    }

    /// The target of a kind of input, and how much each row of it counts.
    ///
    /// # Shapes
    /// - output: `[batch, emotions]`, `[batch, 1]`
    pub fn targets(&self, kind: Modality) -> (Tensor<2>, Tensor<2>) {
        let index = kind.index();
        (self.targets[index].clone(), self.weights[index].clone())
    }
}

/// The n-grams of examples' captions.
pub fn n_grams(rows: &[&FusionExample], device: &Device) -> NGramBatch {
    let captions: Vec<&[(u32, f32)]> = rows.iter().map(|row| row.n_grams.as_slice()).collect();
    NGramBatch::new(&captions, device)
}

/// Row by row, 1 for the captions of other classes that stand against the row's image, at most `limit` of them.
fn rows_of_negatives(labels: &[Option<Target>], limit: Option<usize>, random: &mut StdRng) -> Vec<f32> {
    let mut matrix = vec![0.0; labels.len() * labels.len()];
    for (image, row) in labels.iter().zip(matrix.chunks_exact_mut(labels.len())) {
        let others = labels
            .iter()
            .enumerate()
            .filter(|(_, caption)| {
                image
                    .zip(**caption)
                    .is_some_and(|(image, caption)| image.emotion != caption.emotion)
            })
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
    use emofuse_core::emotion::Emotion;
    use rand::SeedableRng;

    use super::*;

    fn target(emotion: Emotion) -> Option<Target> {
        Some(Target::new(emotion.into(), 0.0))
    }

    #[test]
    fn only_captions_of_other_classes_are_negatives_and_no_more_than_asked_for() {
        let labels = [Emotion::Joy, Emotion::Fear, Emotion::Joy, Emotion::Anger].map(target);
        let labels = [&labels[..], &[None]].concat();
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
        let recipe = crate::recipe::Recipe::default_model().unwrap().fusion;
        let rows = [
            FusionExample {
                image: Some(vec![1.0, 2.0]),
                target: target(Emotion::Joy),
                ..FusionExample::default()
            },
            FusionExample {
                caption: Some(vec![3.0]),
                target: target(Emotion::Fear),
                ..FusionExample::default()
            },
        ];
        let rows: Vec<&FusionExample> = rows.iter().collect();
        let weights = ClassWeights {
            image: [1.0; EMOTIONS],
            caption: [1.0; EMOTIONS],
        };
        let mut random = StdRng::seed_from_u64(1);
        let batch = Batch::new(&rows, &recipe, &weights, &mut random, &Device::flex()).unwrap();
        let counted = Modality::ALL.map(|kind| batch.targets(kind).1.into_data().try_to_vec::<f32>().unwrap());
        assert_eq!(counted, [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]);
        let captions = [rows[1]];
        let batch = Batch::new(&captions, &recipe, &weights, &mut random, &Device::flex()).unwrap();
        assert_eq!(batch.features.kind(), Modality::Caption);
    }
}
