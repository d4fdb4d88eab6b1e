//! Rows of examples as tensors.

use burn::tensor::{Device, Tensor, TensorData};
use rand::{rngs::StdRng, seq::IteratorRandom};

use super::{FusionExample, statistics::ClassWeights};
use crate::{
    emotion::EMOTIONS,
    model::fusion::{InputKind, Sides},
    train::{data::Label, recipe::FusionRecipe},
};

/// Rows of examples as tensors; a row that does not count for a loss has weight zero there.
pub struct Batch {
    /// Features of the sides that any row has. Zeros stand where a row lacks a side, and count for nothing.
    pub features: Sides<Tensor<2>>,
    targets: [Tensor<2>; 3],
    weights: [Tensor<2>; 3],
    /// `[batch, batch]`, 1 where the picture (row) is to be told apart from the caption (column).
    pub negatives: Tensor<2>,
}

impl Batch {
    /// `None` where no row has a picture or a caption.
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
        let caption_labels: Vec<Option<Label>> = rows
            .iter()
            .map(|row| row.caption.as_ref().and(row.post_label))
            .collect();
        let both_labels: Vec<Option<Label>> = rows
            .iter()
            .zip(&caption_labels)
            .map(|(row, label)| row.image.as_ref().and(*label))
            .collect();
        let image_labels: Vec<Option<Label>> = rows
            .iter()
            .map(|row| row.image.as_ref().and(row.label_of_picture()))
            .collect();
        let distribution = |label: Label| label.distribution(recipe.second_label);
        let of_posts = |labels: &[Option<Label>]| labels.iter().map(|label| label.map(distribution)).collect();
        let of_pictures = rows.iter().map(|row| {
            let [own, post] = [row.image_label, row.post_label].map(|label| label.map(distribution));
            match (own, post) {
                (Some(own), Some(post)) => Some(mixture(own, post, recipe.post_label_for_image)),
                (own, post) => own.or(post),
            }
        });
        let targets = |targets: Vec<Option<[f32; EMOTIONS]>>| {
            let rows = targets
                .into_iter()
                .flat_map(|target| target.unwrap_or([1.0 / EMOTIONS as f32; EMOTIONS]));
            matrix(rows.collect())
        };
        let weights = |labels: &[Option<Label>], of: &[f32; EMOTIONS]| {
            let rows = labels.iter();
            matrix(
                rows.map(|label| label.map_or(0.0, |label| of[label.first.index()]))
                    .collect(),
            )
        };
        let negatives = rows_of_negatives(&both_labels, recipe.auxiliary.negatives, random);
        Some(Self {
            features: Sides::new(features(|row| row.image.as_ref()), features(|row| row.caption.as_ref()))?,
            // In the order of `InputKind::ALL`.
            targets: [of_posts(&both_labels), of_pictures.collect(), of_posts(&caption_labels)].map(targets),
            weights: [
                weights(&both_labels, &class_weights.post),
                weights(&image_labels, &class_weights.image),
                weights(&caption_labels, &class_weights.post),
            ],
            negatives: matrix(negatives),
        })
    }

    /// What a kind of input is to be told, and how much each row of it counts.
    ///
    /// # Shapes
    /// - output: `[batch, emotions]`, `[batch, 1]`
    pub fn targets(&self, kind: InputKind) -> (Tensor<2>, Tensor<2>) {
        let index = kind.index();
        (self.targets[index].clone(), self.weights[index].clone())
    }
}

/// A share of `second` and the rest of `first`.
fn mixture(first: [f32; EMOTIONS], second: [f32; EMOTIONS], share: f32) -> [f32; EMOTIONS] {
    std::array::from_fn(|index| first[index] * (1.0 - share) + second[index] * share)
}

/// Row by row, 1 for the captions of other classes that stand against the row's picture, at most `limit` of them.
fn rows_of_negatives(labels: &[Option<Label>], limit: Option<usize>, random: &mut StdRng) -> Vec<f32> {
    let mut matrix = vec![0.0; labels.len() * labels.len()];
    for (picture, row) in labels.iter().zip(matrix.chunks_exact_mut(labels.len())) {
        let others = labels
            .iter()
            .enumerate()
            .filter(|(_, caption)| {
                picture
                    .zip(**caption)
                    .is_some_and(|(picture, caption)| picture.first != caption.first)
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
    use rand::SeedableRng;

    use super::*;
    use crate::emotion::Emotion;

    fn label(first: Emotion) -> Option<Label> {
        Some(Label { first, second: None })
    }

    #[test]
    fn only_captions_of_other_classes_are_negatives_and_no_more_than_asked_for() {
        let labels = [Emotion::Joy, Emotion::Fear, Emotion::Joy, Emotion::Anger].map(label);
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
        let recipe = crate::train::recipe::Recipe::default_model().unwrap().fusion;
        let rows = [
            FusionExample {
                image: Some(vec![1.0, 2.0]),
                image_label: label(Emotion::Joy),
                ..FusionExample::default()
            },
            FusionExample {
                caption: Some(vec![3.0]),
                post_label: label(Emotion::Fear),
                ..FusionExample::default()
            },
        ];
        let rows: Vec<&FusionExample> = rows.iter().collect();
        let weights = ClassWeights {
            image: [1.0; EMOTIONS],
            post: [1.0; EMOTIONS],
        };
        let mut random = StdRng::seed_from_u64(1);
        let batch = Batch::new(&rows, &recipe, &weights, &mut random, &Device::flex()).unwrap();
        let counted = InputKind::ALL.map(|kind| batch.targets(kind).1.into_data().try_to_vec::<f32>().unwrap());
        assert_eq!(counted, [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]);
        let captions = [rows[1]];
        let batch = Batch::new(&captions, &recipe, &weights, &mut random, &Device::flex()).unwrap();
        assert_eq!(batch.features.kind(), InputKind::Caption);
    }
}
