//! What the n-grams of a caption add to the logits: a linear classifier over hashed n-grams, beside one that reads the
//! caption tower. See [`NGrams`](crate::text::NGrams) for which rows a caption has.

use burn::{
    config::Config,
    module::{Module, Param},
    tensor::{Device, Int, Tensor, TensorData},
};

use super::parameters::constant;

/// Size of an [`NGramTable`].
#[derive(Config, Debug)]
pub struct NGramTableConfig {
    /// Rows of the table.
    pub rows: usize,
    /// How many labels there are.
    pub labels: usize,
}

impl NGramTableConfig {
    /// A table that adds nothing yet.
    #[must_use]
    pub fn init(&self, device: &Device) -> NGramTable {
        NGramTable {
            weights: constant(0.0, [self.rows, self.labels], device),
        }
    }
}

/// A row of logits for each hashed n-gram.
#[derive(Module, Debug)]
pub struct NGramTable {
    weights: Param<Tensor<2>>,
}

/// The n-grams of a batch of captions.
#[derive(Clone, Debug)]
pub struct NGramBatch {
    /// `[batch · most]`, where no caption has more than `most`; row 0 where one has fewer.
    rows: Tensor<1, Int>,
    /// `[batch, most]`, zeros where a caption has fewer.
    weights: Tensor<2>,
}

impl NGramBatch {
    /// Of captions as weighted rows; a caption that is absent has none.
    #[must_use]
    pub fn new(captions: &[&[(u32, f32)]], device: &Device) -> Self {
        let most = captions.iter().map(|rows| rows.len()).max().unwrap_or(0).max(1);
        let shape = [captions.len(), most];
        let mut rows = vec![0_i32; shape[0] * most];
        let mut weights = vec![0.0_f32; rows.len()];
        for (caption, start) in captions.iter().zip((0..).step_by(most)) {
            for (slot, (row, weight)) in (start..).zip(caption.iter()) {
                rows[slot] = *row as i32;
                weights[slot] = *weight;
            }
        }
        Self {
            rows: Tensor::from_data(TensorData::new(rows, [shape[0] * most]), device),
            weights: Tensor::from_data(TensorData::new(weights, shape), device),
        }
    }
}

impl NGramTable {
    /// What the n-grams add to the logits.
    ///
    /// # Shapes
    /// - output: `[batch, labels]`
    pub fn forward(&self, batch: &NGramBatch) -> Tensor<2> {
        let [count, most] = batch.weights.dims();
        let labels = self.weights.dims()[1];
        let rows = self.weights.val().select(0, batch.rows.clone()); // [batch · most, labels]
        let weights = batch.weights.clone().reshape([count * most, 1]);
        (rows * weights)
            .reshape([count, most, labels])
            .sum_dim(1)
            .squeeze_dim(1) // [batch, labels]
    }

    /// The table.
    ///
    /// # Shapes
    /// - output: `[rows, labels]`
    #[must_use]
    pub fn weights(&self) -> Tensor<2> {
        self.weights.val()
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Tolerance;

    use super::*;

    const LABELS: usize = 3;

    fn table(device: &Device) -> NGramTable {
        let numbers: Vec<f32> = (0..4 * LABELS).map(|number| number as f32).collect();
        NGramTable {
            weights: Param::from_tensor(Tensor::from_data(TensorData::new(numbers, [4, LABELS]), device)),
        }
    }

    #[test]
    fn rows_add_up_by_their_weights_and_shorter_captions_are_not_padded_with_any() {
        let device = Device::flex();
        let table = table(&device);
        let batch = NGramBatch::new(&[&[(1, 0.5), (3, 2.0)], &[(2, 1.0)], &[]], &device);
        let found = table.forward(&batch).into_data().try_to_vec::<f32>().unwrap();
        let row = |row: usize, column: usize| (row * LABELS + column) as f32;
        for column in 0..LABELS {
            assert_eq!(found[column], 0.5 * row(1, column) + 2.0 * row(3, column));
            assert_eq!(found[LABELS + column], row(2, column));
            assert_eq!(found[2 * LABELS + column], 0.0);
        }
    }

    #[test]
    fn only_the_rows_of_a_batch_are_taught() {
        let device = Device::flex().autodiff();
        let table = table(&device);
        let batch = NGramBatch::new(&[&[(1, 0.5)]], &device);
        let gradients = table.forward(&batch).sum().backward();
        let gradient = table.weights().grad(&gradients).unwrap();
        let by_row = gradient.sum_dim(1).into_data();
        let expected = Tensor::<2>::from_floats([[0.0], [0.5 * LABELS as f32], [0.0], [0.0]], &Device::flex());
        by_row.assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-5));
    }
}
