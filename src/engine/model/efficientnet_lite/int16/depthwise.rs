//! Depthwise convolutions in single precision, a block of eight channels at a time, with bias and relu6.
//!
//! Seven neighbouring outputs stay in registers while the window passes over them: 7 divides 112, 56, 28, 14 and 7, so an
//! image of 224 pixels leaves no rest. Channels are in lanes, so a stride of 2 costs no shuffling. The output is in 16 bits, for
//! the projection: 0…6 becomes 0…8191.
//!
//! Of the time of the network, these take a sixth.

use super::{
    lanes::{Kernel, Lanes},
    layout::{Block, RELU6_STEPS, Window},
};

/// Outputs that are computed together.
pub(super) const TOGETHER: usize = 7;

/// A depthwise convolution.
#[derive(Debug)]
pub(super) struct Depthwise {
    pub(super) kernel: usize,
    pub(super) stride: usize,
    /// `[channels / 8][kernel · kernel]`
    weights: Vec<Block<f32>>,
    bias: Vec<Block<f32>>,
}

impl Depthwise {
    /// Packs weights `[channels][kernel][kernel]`; `None` where there is no kernel for them.
    pub(super) fn new(kernel: usize, stride: usize, weights: &[f32], bias: &[f32]) -> Option<Self> {
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
                target[channel % 8] = *weight;
            }
        }
        Some(Self {
            kernel,
            stride,
            weights: packed,
            bias: blocks.to_vec(),
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
        for (row, output) in self.output.chunks_exact_mut(side).enumerate() {
            for (group, output) in output.chunks_mut(TOGETHER).enumerate() {
                let first = row * STRIDE * columns + group * TOGETHER * STRIDE;
                let values = outputs::<L, KERNEL, STRIDE>(lanes, &self.padded[first..], columns, weights, bias);
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
) -> [Block<i16>; TOGETHER] {
    let steps = lanes.splat(RELU6_STEPS);
    let mut parts = [[steps; TOGETHER]; 2];
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
            *value = lanes.mul(lanes.relu6(sum), steps);
        }
    }
    let mut outputs = [[0; 8]; TOGETHER];
    for (index, output) in outputs.iter_mut().enumerate() {
        *output = lanes.round([parts[0][index], parts[1][index]]);
    }
    outputs
}
