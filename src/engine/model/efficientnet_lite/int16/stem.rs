//! The stem in single precision: a 3 × 3 convolution with a stride of 2, from the image's planes to channels, with bias and relu6.
//!
//! A row of outputs at a time: the 27 numbers that an output is made of are put side by side, then multiplied as in a matrix
//! product. The outputs go straight into the planes with zeros around them that the first depthwise convolution reads.
//!
//! Of the time of the network (simd128, V8), this takes 5 %.

use std::hint::black_box;

use super::{
    lanes::{Kernel, Lanes},
    layout::{Block, Window},
};

/// The three planes by the kernel's nine places.
const TAPS: usize = 27;

/// Outputs of a tile.
const TILE: usize = 4;

/// The window of the stem over an image.
pub(super) const fn window(side: usize) -> Window {
    Window {
        kernel: 3,
        stride: 2,
        side,
    }
}

/// The first convolution.
#[derive(Debug)]
pub(super) struct Stem {
    /// `[channels / 8]`, in the order of the columns: rows, columns and colours of the kernel.
    weights: Vec<[Block<f32>; TAPS]>,
    bias: Vec<Block<f32>>,
}

impl Stem {
    /// Packs weights `[channels][3][3][3]`: colours, rows, columns; `None` where numbers do not fit.
    pub(super) fn new(weights: &[f32], bias: &[f32]) -> Option<Self> {
        let (blocks, rest) = bias.as_chunks();
        if !rest.is_empty() || weights.len() != TAPS * bias.len() {
            return None;
        }
        let mut packed = vec![[[0.0; 8]; TAPS]; blocks.len()];
        for (channel, weights) in weights.as_chunks::<TAPS>().0.iter().enumerate() {
            for (index, weight) in weights.iter().enumerate() {
                let (colour, place) = (index / 9, index % 9);
                packed[channel / 8][place * 3 + colour][channel % 8] = *weight;
            }
        }
        Some(Self {
            weights: packed,
            bias: blocks.to_vec(),
        })
    }

    /// Blocks of channels.
    pub(super) fn blocks(&self) -> usize {
        self.bias.len()
    }
}

/// Runs the stem over an image.
pub(super) struct Run<'a> {
    pub(super) layer: &'a Stem,
    /// `[3][side][side]`
    pub(super) planes: &'a [f32],
    pub(super) side: usize,
    /// Where each pixel of the output stands in a plane.
    pub(super) places: &'a [u32],
    /// `[channels / 8][…]`
    pub(super) padded: &'a mut [Block<f32>],
    pub(super) scratch: &'a mut Scratch,
}

/// Buffers of the stem.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Three rows of the image, colours side by side, with zeros around them.
    rows: [Vec<[f32; 3]>; 3],
    /// What each output of a row is made of.
    columns: Vec<[f32; TAPS]>,
}

impl Kernel for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self {
            layer,
            planes,
            side,
            places,
            padded,
            scratch: Scratch { rows, columns },
        } = self;
        let window = window(side);
        let (before, output) = (window.before(), window.output());
        for row in rows.iter_mut() {
            row.clear();
            row.resize(window.columns(1), [0.0; 3]);
        }
        columns.resize(output, [0.0; TAPS]);
        let plane = padded.len() / layer.blocks();
        for (row, places) in places.chunks_exact(output).enumerate() {
            for (down, target) in rows.iter_mut().enumerate() {
                let target = &mut target[before..][..side];
                // The last of a pair of rows is the first of the next.
                match (2 * row + down).checked_sub(before).filter(|source| *source < side) {
                    Some(source) => interleave(planes, side, source, target),
                    None => target.fill([0.0; 3]),
                }
            }
            for (x, column) in columns.iter_mut().enumerate() {
                for (taps, row) in column.as_chunks_mut::<9>().0.iter_mut().zip(rows.iter()) {
                    taps.copy_from_slice(row[2 * x..2 * x + 3].as_flattened());
                }
            }
            let first = places[0] as usize;
            for (block, padded) in padded.chunks_exact_mut(plane).enumerate() {
                let target = &mut padded[first..][..output];
                layer.row(lanes, block, columns, target);
            }
        }
    }
}

/// Puts the colours of a row side by side.
#[inline(always)]
fn interleave(planes: &[f32], side: usize, row: usize, target: &mut [[f32; 3]]) {
    let (red, others) = planes.split_at(side * side);
    let (green, blue) = others.split_at(side * side);
    let row = row * side..(row + 1) * side;
    let colours = red[row.clone()].iter().zip(&green[row.clone()]).zip(&blue[row]);
    for (target, ((red, green), blue)) in target.iter_mut().zip(colours) {
        *target = [*red, *green, *blue];
    }
}

impl Stem {
    /// A row of a block of channels.
    #[inline(always)]
    fn row<L: Lanes>(&self, lanes: L, block: usize, columns: &[[f32; TAPS]], output: &mut [Block<f32>]) {
        let (weights, bias) = (&self.weights[block], &self.bias[block]);
        // See the other use: known at run time only.
        let taps = black_box(TAPS);
        let (tiles, rest) = columns.as_chunks::<TILE>();
        let (outputs, last) = output.as_chunks_mut::<TILE>();
        for (columns, outputs) in tiles.iter().zip(outputs) {
            *outputs = tile(lanes, columns, weights, bias, taps);
        }
        for (column, output) in rest.iter().zip(last) {
            [*output] = tile(lanes, &[*column], weights, bias, taps);
        }
    }
}

#[inline(always)]
fn tile<L: Lanes, const PIXELS: usize>(
    lanes: L,
    columns: &[[f32; TAPS]; PIXELS],
    weights: &[Block<f32>; TAPS],
    bias: &Block<f32>,
    taps: usize,
) -> [Block<f32>; PIXELS] {
    let taps = taps.min(TAPS);
    let mut sums = [[lanes.splat(0.0); 2]; PIXELS];
    for sums in &mut sums {
        for (part, sum) in sums.iter_mut().enumerate().take(L::PARTS) {
            *sum = lanes.load(bias, part);
        }
    }
    for tap in 0..taps {
        for (column, sums) in columns.iter().zip(&mut sums) {
            let value = lanes.splat(column[tap]);
            for (part, sum) in sums.iter_mut().enumerate().take(L::PARTS) {
                *sum = lanes.add(*sum, lanes.mul(value, lanes.load(&weights[tap], part)));
            }
        }
    }
    let mut outputs = [[0.0; 8]; PIXELS];
    for (output, sums) in outputs.iter_mut().zip(sums) {
        *output = lanes.store(lanes.relu6s(sums));
    }
    outputs
}

#[cfg(test)]
mod tests {
    use burn::{
        nn::{PaddingConfig2d, conv::Conv2dConfig},
        tensor::{Device, Distribution, Tensor, TensorData},
    };

    use super::{
        super::{lanes::tests::machines, layout::append_planes},
        *,
    };

    #[test]
    fn outputs_are_those_of_burns_layer_for_every_size() {
        let device = Device::flex();
        let channels = 16;
        let convolution = Conv2dConfig::new([3, channels], [3, 3])
            .with_stride([2, 2])
            .with_padding(PaddingConfig2d::Same)
            .init(&device);
        let values = |data: TensorData| data.try_to_vec::<f32>().unwrap();
        let weights = values(convolution.weight.val().into_data());
        let bias = values(convolution.bias.as_ref().unwrap().val().into_data());
        let layer = Stem::new(&weights, &bias).unwrap();
        let mut scratch = Scratch::default();
        for side in [1, 2, 3, 8, 33, 64, 97] {
            let planes = Tensor::<4>::random([1, 3, side, side], Distribution::Uniform(-9.0, 9.0), &device);
            let expected = values(convolution.forward(planes.clone()).clamp(0.0, 6.0).into_data());
            let output = window(side).output();
            let places: Vec<u32> = (0..(output * output) as u32).collect();
            for machine in machines() {
                let mut padded = vec![[0.0; 8]; channels / 8 * output * output];
                machine.run(Run {
                    layer: &layer,
                    planes: &values(planes.clone().into_data()),
                    side,
                    places: &places,
                    padded: &mut padded,
                    scratch: &mut scratch,
                });
                let mut found = Vec::new();
                append_planes(&padded, output * output, &mut found);
                assert_eq!(found.len(), expected.len());
                for (found, expected) in found.iter().zip(&expected) {
                    assert!((found - expected).abs() < 1e-4, "{side}: {found}, expected {expected}");
                }
            }
        }
    }

    #[test]
    fn weights_that_do_not_fit_are_refused() {
        assert!(Stem::new(&[0.0; 8 * TAPS], &[0.0; 8]).is_some());
        assert!(Stem::new(&[0.0; 8 * TAPS], &[0.0; 16]).is_none());
        assert!(Stem::new(&[0.0; 12 * TAPS], &[0.0; 12]).is_none());
    }
}
