//! Depthwise convolutions in single precision, a block of eight channels at a time, with bias and relu6.
//!
//! Seven neighbouring outputs stay in registers while the window passes over them: 7 divides 112, 56, 28, 14 and 7, so an
//! image of 224 pixels leaves no rest. Channels are in lanes, so a stride of 2 costs no shuffling. The output is in 16 bits, for
//! the projection: 6 becomes as many steps as the projection has room for.
//!
//! Of the time of the network (simd128, V8), these take 25 %.

use super::window::Window;
use crate::model::int16::{
    lanes::{Kernel, Lanes},
    layout::Block,
};

/// Outputs that are computed together.
pub(super) const TOGETHER: usize = 7;

/// A depthwise convolution.
#[derive(Debug)]
pub(super) struct Depthwise {
    pub(super) kernel: usize,
    pub(super) stride: usize,
    /// What 6 becomes in 16 bits.
    most: f32,
    /// `[channels / 8][kernel · kernel]`, times `most / 6`.
    weights: Vec<Block<f32>>,
    /// Times `most / 6`.
    bias: Vec<Block<f32>>,
}

impl Depthwise {
    /// Packs weights `[channels][kernel][kernel]` for an output of which 6 becomes `most`; `None` where there is no kernel for
    /// them.
    pub(super) fn new([kernel, stride]: [usize; 2], weights: &[f32], bias: &[f32], most: f32) -> Option<Self> {
        let steps = most / 6.0;
        let taps = kernel * kernel;
        let (blocks, rest) = bias.as_chunks();
        let is_known = matches!((kernel, stride), (3 | 5, 1 | 2));
        if !is_known || !rest.is_empty() || weights.len() != taps * bias.len() {
            return None;
        }
        let mut packed = vec![[0.0; 8]; taps * blocks.len()];
        for (channel, weights) in weights.chunks_exact(taps).enumerate() {
            let block = &mut packed[channel / 8 * taps..][..taps];
            for (target, weight) in block.iter_mut().zip(weights) {
                target[channel % 8] = *weight * steps;
            }
        }
        Some(Self {
            kernel,
            stride,
            most,
            weights: packed,
            bias: blocks.iter().map(|block| block.map(|value| value * steps)).collect(),
        })
    }

    /// Blocks of channels.
    pub(super) fn blocks(&self) -> usize {
        self.bias.len()
    }

    /// The window over an image.
    pub(super) const fn window(&self, side: usize) -> Window {
        Window {
            kernel: self.kernel,
            stride: self.stride,
            side,
        }
    }
}

/// Filters a block of channels.
pub(super) struct Filter<'a> {
    pub(super) layer: &'a Depthwise,
    pub(super) block: usize,
    pub(super) window: Window,
    /// `[rows][columns]` of the window, for [`TOGETHER`] outputs.
    pub(super) padded: &'a [Block<f32>],
    /// `[pixels]`
    pub(super) output: &'a mut [Block<i16>],
}

impl Kernel for Filter<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        match (self.layer.kernel, self.layer.stride) {
            (3, 1) => self.filter::<L, 3, 1>(lanes),
            (3, _) => self.filter::<L, 3, 2>(lanes),
            (_, 1) => self.filter::<L, 5, 1>(lanes),
            (_, _) => self.filter::<L, 5, 2>(lanes),
        }
    }
}

impl Filter<'_> {
    #[inline(always)]
    fn filter<L: Lanes, const KERNEL: usize, const STRIDE: usize>(self, lanes: L) {
        let taps = KERNEL * KERNEL;
        let weights = self.layer.weights[self.block * taps..][..taps].as_chunks::<KERNEL>().0;
        let bias = &self.layer.bias[self.block];
        let side = self.window.output();
        let columns = self.window.columns(TOGETHER);
        let most = lanes.splat(self.layer.most);
        for (row, output) in self.output.chunks_exact_mut(side).enumerate() {
            for (group, output) in output.chunks_mut(TOGETHER).enumerate() {
                let first = row * STRIDE * columns + group * TOGETHER * STRIDE;
                let values = outputs::<L, KERNEL, STRIDE>(lanes, &self.padded[first..], columns, weights, bias, most);
                match output.first_chunk_mut::<TOGETHER>() {
                    Some(output) => *output = values,
                    None => output.copy_from_slice(&values[..output.len()]),
                }
            }
        }
    }
}

/// Seven neighbouring outputs, part by part.
#[inline(always)]
fn outputs<L: Lanes, const KERNEL: usize, const STRIDE: usize>(
    lanes: L,
    padded: &[Block<f32>],
    columns: usize,
    weights: &[[Block<f32>; KERNEL]],
    bias: &Block<f32>,
    most: L::Floats,
) -> [Block<i16>; TOGETHER] {
    let mut parts = [[most; TOGETHER]; 2];
    for (part, values) in parts.iter_mut().enumerate().take(L::PARTS) {
        let mut sums = [lanes.load(bias, part); TOGETHER];
        for (down, weights) in weights.iter().enumerate() {
            // Cut once, so that the reads below need no check each.
            let row = &padded[down * columns..][..(TOGETHER - 1) * STRIDE + KERNEL];
            for (across, weight) in weights.iter().enumerate() {
                let weight = lanes.load(weight, part);
                for (index, sum) in sums.iter_mut().enumerate() {
                    let value = lanes.load(&row[index * STRIDE + across], part);
                    *sum = lanes.add(*sum, lanes.mul(value, weight));
                }
            }
        }
        for (value, sum) in values.iter_mut().zip(sums) {
            *value = lanes.min(lanes.max(sum, lanes.splat(0.0)), most);
        }
    }
    let mut outputs = [[0; 8]; TOGETHER];
    for (index, output) in outputs.iter_mut().enumerate() {
        *output = lanes.round([parts[0][index], parts[1][index]]);
    }
    outputs
}

#[cfg(test)]
mod tests {
    use burn::{
        nn::{PaddingConfig2d, conv::Conv2dConfig},
        tensor::{Device, Distribution, Tensor, TensorData},
    };

    use super::*;
    use crate::model::int16::{lanes::tests::machines, layout::append_planes};

    fn values(data: TensorData) -> Vec<f32> {
        data.try_to_vec().unwrap()
    }

    #[test]
    fn outputs_are_those_of_burns_layer_for_every_window_and_size() {
        let device = Device::flex();
        let (channels, most) = (16, 14563.0);
        for (kernel, stride) in [(3, 1), (3, 2), (5, 1), (5, 2)] {
            let convolution = Conv2dConfig::new([channels; 2], [kernel; 2])
                .with_stride([stride; 2])
                .with_groups(channels)
                .with_padding(PaddingConfig2d::Same)
                .init(&device);
            let weights = values(convolution.weight.val().into_data());
            let bias = values(convolution.bias.as_ref().unwrap().val().into_data());
            for side in [1, 2, 3, 7, 8, 13, 14, 15, 28, 33] {
                let layer = Depthwise::new([kernel, stride], &weights, &bias, most).unwrap();
                let window = layer.window(side);
                let (rows, columns) = (window.rows(), window.columns(TOGETHER));
                let pixels = window.output() * window.output();
                let planes = Tensor::<4>::random([1, channels, side, side], Distribution::Uniform(0.0, 6.0), &device);
                let expected = values(convolution.forward(planes.clone()).clamp(0.0, 6.0).into_data());
                let planes = values(planes.into_data());
                for machine in machines() {
                    let mut found = Vec::new();
                    for block in 0..channels / 8 {
                        let mut padded = vec![[0.0; 8]; rows * columns];
                        for channel in 0..8 {
                            for (pixel, value) in planes[(8 * block + channel) * side * side..][..side * side]
                                .iter()
                                .enumerate()
                            {
                                let place = (pixel / side + window.before()) * columns + pixel % side + window.before();
                                padded[place][channel] = *value;
                            }
                        }
                        let mut output = vec![[0; 8]; pixels];
                        machine.run(Filter {
                            layer: &layer,
                            block,
                            window,
                            padded: &padded,
                            output: &mut output,
                        });
                        let output: Vec<Block<f32>> = output
                            .iter()
                            .map(|block| block.map(|value| f32::from(value) * 6.0 / most))
                            .collect();
                        append_planes(&output, pixels, &mut found);
                    }
                    assert_eq!(found.len(), expected.len());
                    for (found, expected) in found.iter().zip(&expected) {
                        let off = (found - expected).abs();
                        assert!(
                            off < 3.0 / most + 1e-4,
                            "{machine:?}, {window:?}: {found}, expected {expected}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn layers_that_have_no_kernel_are_refused() {
        let layer = |kernel: usize, stride, channels: usize| {
            Depthwise::new(
                [kernel, stride],
                &vec![0.0; channels * kernel * kernel],
                &vec![0.0; channels],
                32767.0,
            )
        };
        assert!(layer(3, 1, 8).is_some());
        assert!(layer(7, 1, 8).is_none());
        assert!(layer(3, 3, 8).is_none());
        assert!(layer(3, 1, 12).is_none());
    }
}
