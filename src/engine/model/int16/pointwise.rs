//! 1 × 1 convolutions, and linear layers, where word pieces stand for pixels: 16-bit activations by the model file's 8-bit
//! weights, in tiles of 4 pixels × 8 outputs.
//!
//! A tile's 32 sums stay in registers while all inputs pass: two inputs of a pixel meet two weights of each output in one
//! instruction (`i32x4.dot_i16x8_s`, `pmaddwd`, `smull` and `addp`). No product is rounded and integer sums know no order, so
//! these layers give the same bits on every machine.
//!
//! Sums fit 32 bits, since the inputs get only as many steps as leave room for that: with 8-bit weights 2¹⁵ − 1 where there
//! are up to 512 inputs, 24966 of 672, 14563 of 1152, the most that EfficientNet-Lite0 has, and 11008 of 1536, the most that
//! the transformer has.
//!
//! Of the time of EfficientNet-Lite0 (simd128, V8), expansions take 37 %, projections 29 %, the head 4 %.

use std::{hint::black_box, ops::Range};

use super::{
    lanes::{Eight, Lanes},
    layout::{Activations, BLOCK, Block},
    weights::Weights,
};

/// Weights of eight inputs and eight outputs: `[pairs of inputs][outputs][2]`.
type Square = [[i16; 16]; PAIRS];

/// Pairs of inputs in a block.
const PAIRS: usize = BLOCK / 2;

/// Pixels of a tile; twice as many where eight outputs take one vector.
const TILE: usize = 4;

/// A 1 × 1 convolution.
#[derive(Debug)]
pub(in crate::model) struct Pointwise {
    /// Steps from 0 to the largest input.
    pub(in crate::model) largest_input: f32,
    /// Blocks of inputs.
    inputs: usize,
    /// `[outputs / 8][inputs / 8]`
    weights: Vec<Square>,
    /// What a step of each output's weights is worth.
    steps: Vec<Block<f32>>,
    bias: Vec<Block<f32>>,
}

impl Pointwise {
    /// Packs the weights of a layer; `None` where numbers of channels are no multiples of 8, or there are other numbers of
    /// weights than that.
    pub(in crate::model) fn new(weights: &Weights, bias: &[f32]) -> Option<Self> {
        let Weights { quanta, steps } = weights;
        let outputs = bias.len();
        let inputs = quanta.len() / outputs.max(1);
        let is_whole = inputs > 0 && inputs.is_multiple_of(BLOCK) && outputs.is_multiple_of(BLOCK);
        let fits = quanta.len() == inputs * outputs && steps.len() == outputs;
        if !is_whole || !fits {
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
            largest_input: weights.steps_of_inputs(inputs),
            inputs: blocks,
            weights: packed,
            steps: steps.as_chunks().0.to_vec(),
            bias: bias.as_chunks().0.to_vec(),
        })
    }

    /// Blocks of inputs.
    pub(in crate::model) fn inputs(&self) -> usize {
        self.inputs
    }

    /// Blocks of outputs.
    pub(in crate::model) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Makes a block of outputs for some pixels and hands them to `sink`.
    #[inline(always)]
    pub(in crate::model) fn panel<L: Lanes>(
        &self,
        lanes: L,
        input: Activations,
        pixels: Range<usize>,
        panel: usize,
        sink: &mut impl Sink<L>,
    ) {
        let weights = &self.weights[panel * self.inputs..][..self.inputs];
        let finish = Finish::new(lanes, &self.steps[panel], input.step, &self.bias[panel]);
        let layer = Panel {
            input,
            weights,
            finish,
            pairs: black_box(PAIRS),
        };
        let mut pixels = pixels;
        if L::PARTS == 1 {
            layer.tiles::<{ 2 * TILE }>(lanes, &mut pixels, sink);
        }
        layer.tiles::<TILE>(lanes, &mut pixels, sink);
        layer.tiles::<1>(lanes, &mut pixels, sink);
    }
}

/// A block of outputs in the making.
struct Panel<'a, L: Lanes> {
    input: Activations<'a>,
    /// `[inputs / 8]`
    weights: &'a [Square],
    finish: Finish<L>,
    /// [`PAIRS`], known at run time only: a loop that the compiler unrolls, it also reorders into more values than there are
    /// registers.
    pairs: usize,
}

impl<L: Lanes> Panel<'_, L> {
    /// Takes whole tiles off the front of `pixels`.
    #[inline(always)]
    fn tiles<const PIXELS: usize>(&self, lanes: L, pixels: &mut Range<usize>, sink: &mut impl Sink<L>) {
        while pixels.len() >= PIXELS {
            let tile = tile::<L, PIXELS>(lanes, self.input, pixels.start, self.weights, self.pairs);
            for (index, sums) in tile.into_iter().enumerate() {
                sink.write(lanes, pixels.start + index, self.finish.values(lanes, sums));
            }
            pixels.start += PIXELS;
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
        for (pair, weights) in square.iter().enumerate().take(pairs) {
            for (row, sums) in rows.iter().zip(&mut sums) {
                let inputs = row.as_chunks::<2>().0[pair];
                for (part, sum) in sums.iter_mut().enumerate().take(L::PARTS) {
                    *sum = lanes.dot(inputs, weights, part, *sum);
                }
            }
        }
    }
    sums
}

/// What becomes of a pixel's eight outputs.
pub(in crate::model) trait Sink<L: Lanes> {
    fn write(&mut self, lanes: L, pixel: usize, values: Eight<L::Floats>);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_that_do_not_fit_are_refused() {
        let layer = |inputs: usize, outputs: usize| {
            let weights = Weights {
                quanta: vec![1; inputs * outputs],
                steps: vec![1.0; outputs],
            };
            Pointwise::new(&weights, &vec![0.0; outputs])
        };
        assert!(layer(8, 8).is_some());
        assert!(layer(12, 8).is_none());
        assert!(layer(8, 12).is_none());
        assert!(layer(0, 0).is_none());
    }
}
