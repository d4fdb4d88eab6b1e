//! The stem: a 3 × 3 convolution with a stride of 2, from an image's levels to channels, with bias and relu6.
//!
//! Levels are integers, so their products with weights in 16 bits lose nothing: a row of pixels is widened to 16 bits, and two
//! colours of a pixel meet two weights of each output in one instruction, as in [`pointwise`](crate::model::int16::pointwise). What
//! preprocessing does to a level is in weights and bias, and what stands for zeros around the image is the level that becomes 0.
//! The outputs go straight into the planes with zeros around them that the first depthwise convolution reads.
//!
//! Of the time of the network (simd128, V8), this takes 4 %.
//!
//! Sums fit 32 bits: 27 weights of at most 2¹⁵ − 1, by levels of at most 255 in [`STEPS`] steps.

use std::hint::black_box;

use super::window::Window;
use crate::{
    model::int16::{
        lanes::{Kernel, Lanes},
        layout::Block,
    },
    preprocessing::{Preprocessing, Square},
};

/// Rows, and columns, of the kernel.
const KERNEL: usize = 3;

/// The three planes by the kernel's nine places.
const TAPS: usize = 3 * KERNEL * KERNEL;

/// Pairs of colours in a row of the kernel: red and green, blue and alpha, whose weight is 0.
const PAIRS: usize = 2 * KERNEL;

/// Pairs from one output to its neighbour.
const PAIRS_APART: usize = 4;

/// Steps in a level, so that the level that becomes 0 need not be whole.
const STEPS: i16 = 8;

/// The most that a weight is.
const MOST: f32 = 32767.0;

/// Outputs of a tile.
const TILE: usize = 4;

/// The window of the stem over an image.
pub(super) const fn window(side: usize) -> Window {
    Window {
        kernel: KERNEL,
        stride: 2,
        side,
    }
}

/// Red, green, blue and alpha in steps.
type Pixel = [i16; 4];

/// The first convolution.
#[derive(Debug)]
pub(super) struct Stem {
    /// `[channels / 8][rows of the kernel][pairs of colours][outputs][2]`
    weights: Vec<[[[i16; 16]; PAIRS]; KERNEL]>,
    /// What a 1 in an output's sum is worth.
    steps: Vec<Block<f32>>,
    bias: Vec<Block<f32>>,
    /// What becomes 0.
    zero: Pixel,
}

impl Stem {
    /// Packs weights `[channels][3][3][3]`: planes, rows, columns; `None` where numbers do not fit, or no level becomes 0.
    pub(super) fn new(weights: &[f32], bias: &[f32], preprocessing: &Preprocessing) -> Option<Self> {
        let (blocks, rest) = bias.as_chunks::<8>();
        if !rest.is_empty() || weights.len() != TAPS * bias.len() {
            return None;
        }
        let mut stem = Self {
            weights: vec![[[[0; 16]; PAIRS]; KERNEL]; blocks.len()],
            steps: vec![[0.0; 8]; blocks.len()],
            bias: blocks.to_vec(),
            zero: [0; 4],
        };
        let colours = preprocessing.channels.colours();
        let normalisation = [0, 1, 2].map(|plane| preprocessing.normalisation(plane));
        for ([factor, offset], colour) in normalisation.into_iter().zip(colours) {
            let level = offset / factor;
            if !(0.0..=255.0).contains(&level) {
                return None;
            }
            stem.zero[colour] = (level * f32::from(STEPS)).round() as i16;
        }
        for (channel, weights) in weights.as_chunks::<TAPS>().0.iter().enumerate() {
            let (block, output) = (channel / 8, channel % 8);
            let by_level = |tap: usize| weights[tap] * normalisation[tap / 9][0];
            let largest = (0..TAPS)
                .map(|tap| by_level(tap).abs())
                .fold(f32::MIN_POSITIVE, f32::max);
            stem.steps[block][output] = largest / (MOST * f32::from(STEPS));
            for (tap, weight) in weights.iter().enumerate() {
                let (plane, row, column) = (tap / 9, tap / 3 % 3, tap % 3);
                let place = 4 * column + colours[plane];
                stem.weights[block][row][place / 2][2 * output + place % 2] =
                    (by_level(tap) / largest * MOST).round() as i16;
                stem.bias[block][output] -= weight * normalisation[plane][1];
            }
        }
        let is_finite = |blocks: &[Block<f32>]| blocks.as_flattened().iter().all(|value| value.is_finite());
        (is_finite(&stem.steps) && is_finite(&stem.bias)).then_some(stem)
    }

    /// Blocks of channels.
    pub(super) fn blocks(&self) -> usize {
        self.bias.len()
    }
}

/// Runs the stem over an image.
pub(super) struct Run<'a> {
    pub(super) layer: &'a Stem,
    pub(super) image: &'a Square,
    /// Where each pixel of the output stands in a plane.
    pub(super) places: &'a [u32],
    /// `[channels / 8][…]`
    pub(super) padded: &'a mut [Block<f32>],
    pub(super) rows: &'a mut Rows,
}

/// Three rows of the image, with what becomes 0 around them.
pub(super) type Rows = [Vec<Pixel>; KERNEL];

impl Kernel for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self {
            layer,
            image,
            places,
            padded,
            rows,
        } = self;
        let side = image.side as usize;
        let window = window(side);
        let (before, output) = (window.before(), window.output());
        for row in rows.iter_mut() {
            row.clear();
            row.resize(window.columns(1), layer.zero);
        }
        let plane = padded.len() / layer.blocks();
        for (row, places) in places.chunks_exact(output).enumerate() {
            for (down, target) in rows.iter_mut().enumerate() {
                let target = &mut target[before..][..side];
                match (2 * row + down).checked_sub(before).filter(|source| *source < side) {
                    Some(source) => widen(&image.pixels[source * side..][..side], target),
                    None => target.fill(layer.zero),
                }
            }
            let first = places[0] as usize;
            for (block, padded) in padded.chunks_exact_mut(plane).enumerate() {
                layer.row(lanes, block, rows, &mut padded[first..][..output]);
            }
        }
    }
}

/// Levels in steps, in 16 bits.
#[inline(always)]
fn widen(levels: &[[u8; 4]], pixels: &mut [Pixel]) {
    for (level, pixel) in levels.as_flattened().iter().zip(pixels.as_flattened_mut()) {
        *pixel = i16::from(*level) * STEPS;
    }
}

impl Stem {
    /// A row of a block of channels.
    #[inline(always)]
    fn row<L: Lanes>(&self, lanes: L, block: usize, rows: &Rows, output: &mut [Block<f32>]) {
        let rows = rows.each_ref().map(|row| row.as_flattened().as_chunks::<2>().0);
        // See the other use: known at run time only.
        let pairs = black_box(PAIRS);
        let (tiles, rest) = output.as_chunks_mut::<TILE>();
        let whole = TILE * tiles.len();
        for (tile, outputs) in tiles.iter_mut().enumerate() {
            *outputs = self.tile(lanes, block, rows, pairs, TILE * tile);
        }
        for (index, output) in rest.iter_mut().enumerate() {
            [*output] = self.tile(lanes, block, rows, pairs, whole + index);
        }
    }

    /// Neighbouring outputs from `first` on.
    #[inline(always)]
    fn tile<L: Lanes, const PIXELS: usize>(
        &self,
        lanes: L,
        block: usize,
        rows: [&[[i16; 2]]; KERNEL],
        pairs: usize,
        first: usize,
    ) -> [Block<f32>; PIXELS] {
        let pairs = pairs.min(PAIRS);
        let mut sums = [[lanes.zeros(); 2]; PIXELS];
        for (row, weights) in rows.into_iter().zip(&self.weights[block]) {
            // Cut once, so that the reads below need no check each.
            let row = &row[PAIRS_APART * first..][..PAIRS_APART * (PIXELS - 1) + PAIRS];
            for (pair, weights) in weights.iter().enumerate().take(pairs) {
                for (index, sums) in sums.iter_mut().enumerate() {
                    let colours = row[PAIRS_APART * index + pair];
                    for (part, sum) in sums.iter_mut().enumerate().take(L::PARTS) {
                        *sum = lanes.dot(colours, weights, part, *sum);
                    }
                }
            }
        }
        let mut outputs = [[0.0; 8]; PIXELS];
        for (output, sums) in outputs.iter_mut().zip(sums) {
            let mut values = [lanes.splat(0.0); 2];
            for part in 0..L::PARTS {
                let steps = lanes.load(&self.steps[block], part);
                let bias = lanes.load(&self.bias[block], part);
                values[part] = lanes.add(lanes.mul(lanes.floats(sums[part]), steps), bias);
            }
            *output = lanes.store(lanes.relu6s(values));
        }
        outputs
    }
}

#[cfg(test)]
mod tests {
    use burn::{
        nn::{PaddingConfig2d, conv::Conv2dConfig},
        tensor::{Device, Tensor, TensorData},
    };

    use super::*;
    use crate::{
        model::int16::{lanes::tests::machines, layout::append_planes},
        preprocessing::test_card,
    };

    fn preprocessings(side: u32) -> [Preprocessing; 2] {
        [Preprocessing::efficientnet_lite(), Preprocessing::googlenet()].map(|preprocessing| Preprocessing {
            resize: side,
            crop: side,
            ..preprocessing
        })
    }

    #[test]
    fn outputs_are_those_of_burns_layer_for_every_size_and_preprocessing() {
        let device = Device::flex();
        let channels = 16;
        let convolution = Conv2dConfig::new([3, channels], [3, 3])
            .with_stride([2, 2])
            .with_padding(PaddingConfig2d::Same)
            .init(&device);
        let values = |data: TensorData| data.try_to_vec::<f32>().unwrap();
        let weights = values(convolution.weight.val().into_data());
        let bias = values(convolution.bias.as_ref().unwrap().val().into_data());
        let mut rows = Rows::default();
        for side in [1, 2, 3, 8, 33, 64, 97] {
            for preprocessing in preprocessings(side) {
                let layer = Stem::new(&weights, &bias, &preprocessing).unwrap();
                let image = preprocessing.square(&test_card(200));
                let side = side as usize;
                let planes = TensorData::new(preprocessing.planes_of(&image), [1, 3, side, side]);
                let largest = planes
                    .as_slice::<f32>()
                    .unwrap()
                    .iter()
                    .fold(1.0_f32, |most, value| most.max(value.abs()));
                let expected = convolution.forward(Tensor::<4>::from_data(planes, &device));
                let expected = values(expected.clamp(0.0, 6.0).into_data());
                let output = window(side).output();
                let places: Vec<u32> = (0..(output * output) as u32).collect();
                for machine in machines() {
                    let mut padded = vec![[0.0; 8]; channels / 8 * output * output];
                    machine.run(Run {
                        layer: &layer,
                        image: &image,
                        places: &places,
                        padded: &mut padded,
                        rows: &mut rows,
                    });
                    let mut found = Vec::new();
                    append_planes(&padded, output * output, &mut found);
                    assert_eq!(found.len(), expected.len());
                    for (found, expected) in found.iter().zip(&expected) {
                        let off = (found - expected).abs();
                        assert!(off < 2e-4 * largest, "{side}: {found}, expected {expected}");
                    }
                }
            }
        }
    }

    #[test]
    fn sums_fit_at_the_ends_of_the_range() {
        let preprocessing = Preprocessing {
            mean: [0.0; 3],
            ..Preprocessing::efficientnet_lite()
        };
        for weight in [1.0, -1.0] {
            let layer = Stem::new(&[weight; 8 * TAPS], &[0.0; 8], &preprocessing).unwrap();
            let image = Square {
                side: 5,
                pixels: vec![[255; 4]; 25],
            };
            for machine in machines() {
                let mut padded = vec![[0.0; 8]; 9];
                machine.run(Run {
                    layer: &layer,
                    image: &image,
                    places: &[0, 1, 2, 3, 4, 5, 6, 7, 8],
                    padded: &mut padded,
                    rows: &mut Rows::default(),
                });
                assert_eq!(padded[4], [if weight > 0.0 { 6.0 } else { 0.0 }; 8]);
            }
        }
    }

    #[test]
    fn weights_that_do_not_fit_are_refused() {
        let [preprocessing, _] = preprocessings(8);
        let stem = |weights: &[f32], bias: &[f32]| Stem::new(weights, bias, &preprocessing);
        assert!(stem(&[0.0; 8 * TAPS], &[0.0; 8]).is_some());
        assert!(stem(&[0.0; 8 * TAPS], &[0.0; 16]).is_none());
        assert!(stem(&[0.0; 12 * TAPS], &[0.0; 12]).is_none());
        assert!(stem(&[f32::NAN; 8 * TAPS], &[0.0; 8]).is_none());
        let dark = Preprocessing {
            mean: [-0.1; 3],
            ..preprocessing
        };
        assert!(Stem::new(&[0.0; 8 * TAPS], &[0.0; 8], &dark).is_none());
    }
}
