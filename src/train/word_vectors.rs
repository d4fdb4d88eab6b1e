//! Word vectors in training: only the rows that a batch touches are moved.
//!
//! A dense optimiser step over 32,000 × 100 numbers would take most of a training step's time; here the
//! gathered vectors are a leaf of the graph, and their gradient is applied to the touched rows by Adam
//! (Kingma and Ba, 2015) with moments kept for each row.

use burn::tensor::{Device, Tensor, TensorData};
use emofuse_engine::text::PAD;

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// A table of word vectors with the state of its optimiser.
#[derive(Clone, Debug)]
pub struct WordVectors {
    values: Vec<f32>,
    d_word: usize,
    moment_1: Vec<f32>,
    moment_2: Vec<f32>,
    steps: Vec<i32>,
}

/// The word vectors of a batch of captions.
#[derive(Clone, Debug)]
pub struct WordBatch {
    /// `[batch, tokens, d_word]`, zeros where a caption has ended.
    pub words: Tensor<3>,
    /// `[batch, tokens]`, 1 where there is a token.
    pub mask: Tensor<2>,
    ids: Vec<u32>,
}

impl WordVectors {
    /// A table of `values.len() / d_word` rows; row [`PAD`] is never moved.
    #[must_use]
    pub fn new(values: Vec<f32>, d_word: usize) -> Self {
        let rows = values.len() / d_word;
        let zeros = vec![0.0; values.len()];
        Self {
            d_word,
            moment_1: zeros.clone(),
            moment_2: zeros,
            steps: vec![0; rows],
            values,
        }
    }

    /// The table, row by row.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Length of a row.
    #[must_use]
    pub fn d_word(&self) -> usize {
        self.d_word
    }

    /// Looks up a batch of captions, padded to the longest of them.
    #[must_use]
    pub fn batch(&self, captions: &[&[u32]], device: &Device) -> WordBatch {
        let tokens = captions.iter().map(|ids| ids.len()).max().unwrap_or(0).max(1);
        let mut ids = vec![PAD; captions.len() * tokens];
        let mut words = vec![0.0; ids.len() * self.d_word];
        let mut mask = vec![0.0; ids.len()];
        for (row, caption) in captions.iter().enumerate() {
            for (column, id) in caption.iter().enumerate() {
                let slot = row * tokens + column;
                let source = *id as usize * self.d_word;
                ids[slot] = *id;
                mask[slot] = 1.0;
                words[slot * self.d_word..(slot + 1) * self.d_word]
                    .copy_from_slice(&self.values[source..source + self.d_word]);
            }
        }
        let shape = [captions.len(), tokens];
        WordBatch {
            words: Tensor::from_data(TensorData::new(words, [shape[0], tokens, self.d_word]), device),
            mask: Tensor::from_data(TensorData::new(mask, shape), device),
            ids,
        }
    }

    /// Moves the rows of a batch against their gradient.
    ///
    /// # Shapes
    /// - gradient: `[batch, tokens, d_word]`
    pub fn step(&mut self, batch: &WordBatch, gradient: Tensor<3>, learning_rate: f32) {
        let gradient = gradient.into_data();
        let gradient = gradient.as_slice::<f32>().expect("gradients are 32-bit floats");
        let mut rows = std::collections::BTreeMap::<u32, Vec<f32>>::new();
        for (id, part) in batch.ids.iter().zip(gradient.chunks_exact(self.d_word)) {
            if *id != PAD {
                let row = rows.entry(*id).or_insert_with(|| vec![0.0; self.d_word]);
                row.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
            }
        }
        for (id, gradient) in rows {
            self.step_row(id as usize, &gradient, learning_rate);
        }
    }

    fn step_row(&mut self, row: usize, gradient: &[f32], learning_rate: f32) {
        self.steps[row] += 1;
        let correction_1 = 1.0 - BETA_1.powi(self.steps[row]);
        let correction_2 = 1.0 - BETA_2.powi(self.steps[row]);
        let range = row * self.d_word..(row + 1) * self.d_word;
        let moments = self.moment_1[range.clone()]
            .iter_mut()
            .zip(&mut self.moment_2[range.clone()]);
        for ((value, (moment_1, moment_2)), gradient) in self.values[range].iter_mut().zip(moments).zip(gradient) {
            *moment_1 = BETA_1 * *moment_1 + (1.0 - BETA_1) * gradient;
            *moment_2 = BETA_2 * *moment_2 + (1.0 - BETA_2) * gradient * gradient;
            *value -= learning_rate * (*moment_1 / correction_1) / ((*moment_2 / correction_2).sqrt() + EPSILON);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rows_of_the_batch_move_and_padding_never_does() {
        let device = Device::flex();
        let mut table = WordVectors::new(vec![0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0], 2);
        let batch = table.batch(&[&[2, 2], &[3]], &device);
        assert_eq!(batch.words.dims(), [2, 2, 2]);
        assert_eq!(
            batch.mask.to_data().try_to_vec::<f32>().expect("floats"),
            [1.0, 1.0, 1.0, 0.0]
        );
        table.step(&batch, Tensor::ones([2, 2, 2], &device), 0.1);
        assert_eq!(table.values()[..4], [0.0, 0.0, 1.0, 1.0]);
        for (value, expected) in table.values()[4..].iter().zip([1.9, 1.9, 2.9, 2.9]) {
            assert!((value - expected).abs() < 1e-4, "{value}");
        }
    }
}
