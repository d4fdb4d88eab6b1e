//! Max pooling of windows of 3 × 3 as Caffe does it.

use burn::tensor::{Tensor, module::max_pool2d, ops::MaxPoolOptions};

#[cfg(feature = "flex")]
use super::cpu;

/// Side of every window.
const WINDOW: usize = 3;

/// Halves both sides: stride 2, no padding, and a last window that reaches over the edge where the sides are even.
///
/// # Shapes
/// - input: `[batch, channels, height, width]`
/// - output: `[batch, channels, ⌈(height − 1) / 2⌉, ⌈(width − 1) / 2⌉]`
pub(super) fn max_pool_halve(input: Tensor<4>) -> Tensor<4> {
    max_pool(input, 2, 0)
}

/// Keeps both sides: stride 1, with a padding of one pixel that is never the largest.
///
/// # Shapes
/// - input and output: `[batch, channels, height, width]`
pub(super) fn max_pool_same(input: Tensor<4>) -> Tensor<4> {
    max_pool(input, 1, 1)
}

fn max_pool(input: Tensor<4>, stride: usize, padding: usize) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if crate::model::is_plain_cpu(&input.device()) {
        return cpu::max_pool(input, stride, padding);
    }
    max_pool_by_burn(input, stride, padding)
}

fn max_pool_by_burn(input: Tensor<4>, stride: usize, padding: usize) -> Tensor<4> {
    let options = MaxPoolOptions::new([WINDOW; 2])
        .with_stride([stride; 2])
        .with_padding([padding; 2])
        .with_ceil_mode(true);
    max_pool2d(input, options)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Distribution, TensorData};

    use super::*;

    fn numbers(height: usize, width: usize) -> Tensor<4> {
        let numbers: Vec<f32> = (0..height * width).map(|index| index as f32 - 30.0).collect();
        Tensor::from_data(TensorData::new(numbers, [1, 1, height, width]), &Device::flex())
    }

    fn values(tensor: Tensor<4>) -> Vec<f32> {
        tensor.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn an_even_side_is_halved_by_windows_that_reach_over_the_edge() {
        let pooled = max_pool_halve(numbers(4, 6));
        assert_eq!(pooled.dims(), [1, 1, 2, 3]);
        // Rows 0–2 and 2–3; columns 0–2, 2–4 and 4–5.
        assert_eq!(
            values(pooled),
            [14.0, 16.0, 17.0, 20.0, 22.0, 23.0].map(|value| value - 30.0)
        );
    }

    #[cfg(feature = "flex")]
    #[test]
    fn the_kernel_and_burns_agree_for_every_stride_padding_and_size() {
        for (stride, padding) in [(2, 0), (1, 1)] {
            for (height, width) in [(1, 1), (2, 1), (2, 3), (3, 3), (7, 8), (14, 5), (33, 40)] {
                let shape = [2, 3, height, width];
                let input = Tensor::<4>::random(shape, Distribution::Uniform(-9.0, 9.0), &Device::flex());
                let expected = max_pool_by_burn(input.clone(), stride, padding);
                let found = cpu::max_pool(input, stride, padding);
                assert_eq!(found.into_data(), expected.into_data(), "{stride}: {height} × {width}");
            }
        }
    }

    #[test]
    fn padding_is_never_the_largest() {
        let pooled = max_pool_same(numbers(2, 2));
        assert_eq!(values(pooled), [-27.0; 4]);
        let pooled = max_pool_same(numbers(3, 4));
        let expected = [5, 6, 7, 7, 9, 10, 11, 11, 9, 10, 11, 11].map(|value| value as f32 - 30.0);
        assert_eq!(values(pooled), expected);
    }
}
