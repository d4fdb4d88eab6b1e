//! Features of a whole image spread over it again: for each a map whose mean is the feature, so that what a place adds
//! to a feature is exact.

use burn::tensor::{Device, Tensor, TensorData};

/// What of a channel is a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// Its mean over the image.
    Mean,
    /// Its standard deviation over the image.
    Deviation,
}

impl Statistic {
    /// Maps whose means are the features.
    ///
    /// # Shapes
    /// - planes: `[batch, channels, height, width]`
    /// - output: `[batch, channels, rows, columns]`
    pub(super) fn map(self, planes: Tensor<4>, cells: [usize; 2]) -> Tensor<4> {
        match self {
            Self::Mean => of_means(planes, cells),
            Self::Deviation => of_deviations(planes, cells),
        }
    }
}

/// Channels on coarser cells, with the same means.
///
/// # Shapes
/// As [`Statistic::map`].
fn of_means(planes: Tensor<4>, [rows, columns]: [usize; 2]) -> Tensor<4> {
    let [batch, channels, height, width] = planes.dims();
    if [height, width] == [rows, columns] {
        return planes;
    }
    let device = planes.device();
    let coarse = planes
        .reshape([1, 1, batch * channels * height, width])
        .matmul(coarser(width, columns, &device)) // [1, 1, batch * channels * height, columns]
        .reshape([batch * channels, 1, height, columns])
        .swap_dims(2, 3)
        .reshape([1, 1, batch * channels * columns, height])
        .matmul(coarser(height, rows, &device)) // [1, 1, batch * channels * columns, rows]
        .reshape([batch, channels, columns, rows]);
    coarse.swap_dims(2, 3)
}

/// Deviations as means: of the squared distances from the channel's mean, over the deviation itself.
///
/// # Shapes
/// As [`Statistic::map`].
fn of_deviations(planes: Tensor<4>, cells: [usize; 2]) -> Tensor<4> {
    let [batch, channels, height, width] = planes.dims();
    let means = |planes: Tensor<4>| {
        let planes = planes.reshape([batch, channels, height * width]).mean_dim(2);
        planes.reshape([batch, channels, 1, 1])
    };
    let squares = (planes.clone() - means(planes)).square();
    // A channel without deviation has zeros for squares, which anything above zero may divide.
    let deviations = means(squares.clone()).sqrt().clamp_min(f32::MIN_POSITIVE);
    of_means(squares / deviations, cells)
}

/// A matrix that takes `fine` numbers to `coarse` cells of the same mean. A number on the border of two cells counts for
/// each by the share that lies in it.
///
/// # Shapes
/// - output: `[1, 1, fine, coarse]`
fn coarser(fine: usize, coarse: usize, device: &Device) -> Tensor<4> {
    let mut matrix = vec![0.0; fine * coarse];
    for (number, row) in matrix.chunks_exact_mut(coarse).enumerate() {
        for (cell, weight) in row.iter_mut().enumerate() {
            // Both in units of which there are `fine` × `coarse` in all.
            let start = (number * coarse).max(cell * fine);
            let end = ((number + 1) * coarse).min((cell + 1) * fine);
            *weight = end.saturating_sub(start) as f32 / fine as f32;
        }
    }
    Tensor::from_data(TensorData::new(matrix, [1, 1, fine, coarse]), device)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Distribution, Tolerance};

    use super::*;
    use crate::model::channel_means;

    fn noise(shape: [usize; 4]) -> Tensor<4> {
        Tensor::random(shape, Distribution::Uniform(-2.0, 3.0), &Device::flex())
    }

    fn assert_close<const D: usize>(found: Tensor<D>, expected: Tensor<D>) {
        found
            .into_data()
            .assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-5));
    }

    #[test]
    fn a_cell_is_the_mean_of_its_pixels() {
        let planes = Tensor::<4>::from_floats(
            [[[
                [1.0, 3.0, 0.0, 0.0],
                [5.0, 7.0, 0.0, 4.0],
                [1.0, 1.0, 2.0, 2.0],
                [1.0, 1.0, 2.0, 2.0],
            ]]],
            &Device::flex(),
        );
        let expected = Tensor::<4>::from_floats([[[[4.0, 1.0], [1.0, 2.0]]]], &Device::flex());
        assert_close(of_means(planes, [2, 2]), expected);
    }

    #[test]
    fn cells_keep_the_means_and_the_deviations_for_every_size() {
        for [height, width] in [[14, 14], [7, 7], [9, 25], [1, 2], [3, 112]] {
            let planes = noise([2, 3, height, width]);
            let means = channel_means(planes.clone());
            let centred = planes.clone() - means.clone().reshape([2, 3, 1, 1]);
            let deviations = channel_means(centred.square()).sqrt();
            for cells in [[7, 7], [2, 3]] {
                let of_means = of_means(planes.clone(), cells);
                assert_eq!(of_means.dims()[2..], cells);
                assert_close(channel_means(of_means), means.clone());
                assert_close(channel_means(of_deviations(planes.clone(), cells)), deviations.clone());
            }
        }
    }

    #[test]
    fn a_channel_of_one_colour_deviates_nowhere() {
        let map = of_deviations(Tensor::ones([1, 1, 14, 14], &Device::flex()), [7, 7]);
        assert_close(map, Tensor::zeros([1, 1, 7, 7], &Device::flex()));
    }
}
