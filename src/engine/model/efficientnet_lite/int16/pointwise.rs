//! 1 × 1 convolutions: 16-bit activations by the model file's 8-bit weights, in tiles of 4 pixels × 8 outputs.
//!
//! A tile's 32 sums stay in registers while all inputs pass: two inputs of a pixel meet two weights of each output in one
//! instruction (`i32x4.dot_i16x8_s`, `pmaddwd`, `smull` and `addp`). No product is rounded and integer sums know no order, so
//! these layers give the same bits on every machine.
//!
//! Sums fit 32 bits: [`Pointwise::new`] takes no weights with which they might not. With those of EfficientNet-Lite0, the
//! largest are 1152 · 128 · 8191 = 1.21 · 10⁹ where relu6 came before, 320 · 128 · 32767 = 1.34 · 10⁹ elsewhere; there is
//! room for 2.15 · 10⁹.
//!
//! Of the time of the network, expansions take a third and projections another.

use std::{hint::black_box, ops::Range};

use super::{
    lanes::{Eight, Kernel, Lanes},
    layout::{Activations, BLOCK, Block},
};

/// Weights of eight inputs and eight outputs: `[pairs of inputs][outputs][2]`.
type Square = [[i16; 16]; PAIRS];

/// Pairs of inputs in a block.
const PAIRS: usize = BLOCK / 2;

/// Pixels of a tile.
const TILE: usize = 4;

/// Pixels whose inputs stay in the first cache while all outputs are made of them.
const STRIP: usize = 28;

/// A 1 × 1 convolution.
#[derive(Debug)]
pub(super) struct Pointwise {
    /// Blocks of inputs.
    inputs: usize,
    /// `[outputs / 8][inputs / 8]`
    weights: Vec<Square>,
    /// What a step of each output's weights is worth.
    steps: Vec<Block<f32>>,
    bias: Vec<Block<f32>>,
}

/// Weights in whole steps, and what a step of each output is worth.
#[derive(Debug)]
pub(super) struct Weights {
    /// `[outputs][inputs]`
    pub(super) quanta: Vec<i16>,
    /// `[outputs]`
    pub(super) steps: Vec<f32>,
}

/// The largest weight with which sums over so many inputs of up to `largest_input` fit 32 bits.
pub(super) fn largest_weight(inputs: usize, largest_input: i32) -> i32 {
    let most = i64::from(i32::MAX) / (inputs.max(1) as i64 * i64::from(largest_input));
    most.min(i64::from(i16::MAX)) as i32
}

impl Pointwise {
    /// Packs the weights of a layer whose inputs are `largest_input` at most; `None` where numbers of channels are no
    /// multiples of 8, there are other numbers of weights than that, or sums might not fit.
    pub(super) fn new(weights: &Weights, bias: &[f32], largest_input: i32) -> Option<Self> {
        let Weights { quanta, steps } = weights;
        let outputs = bias.len();
        let inputs = quanta.len() / outputs.max(1);
        let largest = quanta.iter().map(|quantum| i32::from(*quantum).abs()).max()?;
        let is_whole = inputs.is_multiple_of(BLOCK) && outputs.is_multiple_of(BLOCK);
        let fits = quanta.len() == inputs * outputs && steps.len() == outputs;
        if !is_whole || !fits || largest > largest_weight(inputs, largest_input) {
            return None;
        }
        let blocks = inputs / BLOCK;
        let mut packed: Vec<Square> = vec![[[0; 16]; PAIRS]; outputs / BLOCK * blocks];
        for (panel, rows) in quanta.chunks_exact(BLOCK * inputs).enumerate() {
            let panel = &mut packed[panel * blocks..][..blocks];
            for (output, row) in rows.chunks_exact(inputs).enumerate() {
                for (square, values) in panel.iter_mut().zip(row.as_chunks::<BLOCK>().0) {
                    for (pair, values) in square.iter_mut().zip(values.as_chunks::<2>().0) {
                        pair[2 * output..2 * output + 2].copy_from_slice(values);
                    }
                }
            }
        }
        Some(Self {
            inputs: blocks,
            weights: packed,
            steps: steps.as_chunks().0.to_vec(),
            bias: bias.as_chunks().0.to_vec(),
        })
    }

    /// Blocks of outputs.
    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Makes a block of outputs for some pixels and hands them to `sink`.
    #[inline(always)]
    fn panel<L: Lanes>(
        &self,
        lanes: L,
        input: Activations,
        pixels: Range<usize>,
        panel: usize,
        sink: &mut impl Sink<L>,
    ) {
        let weights = &self.weights[panel * self.inputs..][..self.inputs];
        let finish = Finish::new(lanes, &self.steps[panel], input.step, &self.bias[panel]);
        // Known at run time only: a loop that the compiler unrolls, it also reorders into more values than registers.
        let pairs = black_box(PAIRS);
        let mut pixel = pixels.start;
        while pixel + TILE <= pixels.end {
            let tile = tile::<L, TILE>(lanes, input, pixel, weights, pairs);
            for (index, sums) in tile.into_iter().enumerate() {
                sink.write(lanes, pixel + index, finish.values(lanes, sums));
            }
            pixel += TILE;
        }
        while pixel < pixels.end {
            let [sums] = tile::<L, 1>(lanes, input, pixel, weights, pairs);
            sink.write(lanes, pixel, finish.values(lanes, sums));
            pixel += 1;
        }
    }
}

/// What makes outputs of sums.
#[derive(Clone, Copy)]
struct Finish<L: Lanes> {
    /// What a 1 in the sums is worth.
    steps: Eight<L::Floats>,
    bias: Eight<L::Floats>,
}

impl<L: Lanes> Finish<L> {
    #[inline(always)]
    fn new(lanes: L, of_weights: &Block<f32>, of_inputs: f32, bias: &Block<f32>) -> Self {
        let of_inputs = lanes.splat(of_inputs);
        let mut finish = Self {
            steps: [of_inputs; 2],
            bias: [of_inputs; 2],
        };
        for part in 0..L::PARTS {
            finish.steps[part] = lanes.mul(lanes.load(of_weights, part), of_inputs);
            finish.bias[part] = lanes.load(bias, part);
        }
        finish
    }

    #[inline(always)]
    fn values(self, lanes: L, sums: Eight<L::Ints>) -> Eight<L::Floats> {
        let mut values = self.bias;
        for part in 0..L::PARTS {
            values[part] = lanes.add(lanes.mul(lanes.floats(sums[part]), self.steps[part]), self.bias[part]);
        }
        values
    }
}

/// The sums of some neighbouring pixels for a block of outputs.
#[inline(always)]
fn tile<L: Lanes, const PIXELS: usize>(
    lanes: L,
    input: Activations,
    first: usize,
    weights: &[Square],
    pairs: usize,
) -> [Eight<L::Ints>; PIXELS] {
    let pairs = pairs.min(PAIRS);
    let mut sums = [[lanes.zeros(); 2]; PIXELS];
    for (block, square) in weights.iter().enumerate() {
        let rows: &[Block<i16>; PIXELS] = input.blocks[block * input.pixels + first..]
            .first_chunk()
            .expect("a tile ends with the image");
        for pair in 0..pairs {
            for (row, sums) in rows.iter().zip(&mut sums) {
                let inputs = row.as_chunks::<2>().0[pair];
                for part in 0..L::PARTS {
                    sums[part] = lanes.dot(inputs, &square[pair], part, sums[part]);
                }
            }
        }
    }
    sums
}

/// What becomes of a pixel's eight outputs.
trait Sink<L: Lanes> {
    fn write(&mut self, lanes: L, pixel: usize, values: Eight<L::Floats>);
}

/// They are cut to 0…6 and stored in a plane with zeros around it.
struct IntoPadded<'a> {
    /// Where each pixel stands.
    places: &'a [u32],
    padded: &'a mut [Block<f32>],
}

impl<L: Lanes> Sink<L> for IntoPadded<'_> {
    #[inline(always)]
    fn write(&mut self, lanes: L, pixel: usize, values: Eight<L::Floats>) {
        self.padded[self.places[pixel] as usize] = lanes.store(lanes.relu6s(values));
    }
}

/// They are stored.
struct Store<'a>(&'a mut [Block<f32>]);

impl<L: Lanes> Sink<L> for Store<'_> {
    #[inline(always)]
    fn write(&mut self, lanes: L, pixel: usize, values: Eight<L::Floats>) {
        self.0[pixel] = lanes.store(values);
    }
}

/// They are added to the block's input and stored.
struct Residual<'a> {
    input: &'a [Block<f32>],
    output: &'a mut [Block<f32>],
}

impl<L: Lanes> Sink<L> for Residual<'_> {
    #[inline(always)]
    fn write(&mut self, lanes: L, pixel: usize, mut values: Eight<L::Floats>) {
        for (part, value) in values.iter_mut().enumerate().take(L::PARTS) {
            *value = lanes.add(*value, lanes.load(&self.input[pixel], part));
        }
        self.output[pixel] = lanes.store(values);
    }
}

/// They are cut to 0…6 and summed; `map`, where it is as long as the image, keeps them too.
struct Sum<'a, Floats> {
    sums: Eight<Floats>,
    map: &'a mut [Block<f32>],
}

impl<L: Lanes> Sink<L> for Sum<'_, L::Floats> {
    #[inline(always)]
    fn write(&mut self, lanes: L, pixel: usize, values: Eight<L::Floats>) {
        let values = lanes.relu6s(values);
        for part in 0..L::PARTS {
            self.sums[part] = lanes.add(self.sums[part], values[part]);
        }
        if let Some(kept) = self.map.get_mut(pixel) {
            *kept = lanes.store(values);
        }
    }
}

/// A block of channels of an expansion, with relu6, into a plane with zeros around it.
pub(super) struct Expand<'a> {
    pub(super) layer: &'a Pointwise,
    pub(super) input: Activations<'a>,
    pub(super) panel: usize,
    /// Where each pixel stands in `padded`.
    pub(super) places: &'a [u32],
    pub(super) padded: &'a mut [Block<f32>],
}

impl Kernel for Expand<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self {
            layer,
            input,
            panel,
            places,
            padded,
        } = self;
        let places = &places[..input.pixels];
        layer.panel(lanes, input, 0..input.pixels, panel, &mut IntoPadded { places, padded });
    }
}

/// A projection, without relu6, with the residual if there is one.
pub(super) struct Project<'a> {
    pub(super) layer: &'a Pointwise,
    pub(super) input: Activations<'a>,
    pub(super) residual: Option<&'a [Block<f32>]>,
    pub(super) output: &'a mut [Block<f32>],
}

impl Kernel for Project<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self {
            layer,
            input,
            residual,
            output,
        } = self;
        let pixels = input.pixels;
        // The smaller of the two stays in the cache: the inputs of some pixels, or the weights of a panel.
        let strip = if pixels <= 196 { pixels } else { STRIP };
        for first in (0..pixels).step_by(strip) {
            let strip = first..pixels.min(first + strip);
            for (panel, output) in output.chunks_exact_mut(pixels).enumerate() {
                match residual {
                    Some(residual) => {
                        let input_block = &residual[panel * pixels..][..pixels];
                        let mut sink = Residual {
                            input: input_block,
                            output,
                        };
                        layer.panel(lanes, input, strip.clone(), panel, &mut sink);
                    }
                    None => layer.panel(lanes, input, strip.clone(), panel, &mut Store(output)),
                }
            }
        }
    }
}

/// The head, with relu6: its means over the image.
pub(super) struct Head<'a> {
    pub(super) layer: &'a Pointwise,
    pub(super) input: Activations<'a>,
    /// Takes the means: one block for each of the layer's.
    pub(super) means: &'a mut [Block<f32>],
    /// Takes the outputs themselves, where it is not empty.
    pub(super) map: &'a mut [Block<f32>],
}

impl Kernel for Head<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self {
            layer,
            input,
            means,
            map,
        } = self;
        let pixels = input.pixels;
        let share = lanes.splat(1.0 / pixels as f32);
        let mut maps = map.chunks_exact_mut(pixels);
        for (panel, mean) in means.iter_mut().enumerate() {
            let mut sink = Sum {
                sums: [lanes.splat(0.0); 2],
                map: maps.next().unwrap_or_default(),
            };
            layer.panel(lanes, input, 0..pixels, panel, &mut sink);
            *mean = lanes.store([lanes.mul(sink.sums[0], share), lanes.mul(sink.sums[1], share)]);
        }
    }
}
