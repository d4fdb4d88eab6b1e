//! Activations of word pieces in 16 bits, each word piece by a step of its own.

use crate::model::int16::{
    lanes::{Kernel, Lanes},
    layout::{Activations, Block, grow},
};

/// The smallest number that counts as the largest, where all are 0 or next to it.
const SMALLEST: f32 = 1e-30;

/// A linear layer's input.
#[derive(Debug, Default)]
pub(super) struct Quantised {
    /// `[channels / 8][word pieces]`
    blocks: Vec<Block<i16>>,
    /// What a step of each word piece is worth.
    steps: Vec<f32>,
    /// The largest of each word piece, lane by lane.
    largest: Vec<Block<f32>>,
}

/// Puts activations into 16 bits.
pub(super) struct Quantise<'a> {
    pub(super) values: &'a [Block<f32>],
    pub(super) tokens: usize,
    /// What the largest of each word piece becomes.
    pub(super) most: f32,
    pub(super) target: &'a mut Quantised,
}

impl<'a> Kernel for Quantise<'a> {
    /// The activations, whose own step is 1, and what a step of each word piece is worth.
    type Output = (Activations<'a>, &'a [f32]);

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Self::Output {
        let Self {
            values,
            tokens,
            most,
            target: Quantised { blocks, steps, largest },
        } = self;
        largest.clear();
        largest.resize(tokens, Block::default());
        for plane in values.chunks_exact(tokens) {
            for (value, largest) in plane.iter().zip(&mut *largest) {
                let mut parts = [lanes.splat(0.0); 2];
                for (part, size) in parts.iter_mut().enumerate().take(L::PARTS) {
                    let value = lanes.load(value, part);
                    let positive = lanes.max(value, lanes.sub(*size, value));
                    *size = lanes.max(positive, lanes.load(largest, part));
                }
                *largest = lanes.store(parts);
            }
        }
        steps.clear();
        steps.extend(largest.iter().map(|lanes| {
            let largest = lanes.iter().copied().fold(SMALLEST, f32::max).min(f32::MAX);
            largest / most
        }));
        grow(blocks, values.len());
        let blocks = &mut blocks[..values.len()];
        for (plane, target) in values.chunks_exact(tokens).zip(blocks.chunks_exact_mut(tokens)) {
            for ((value, target), step) in plane.iter().zip(target).zip(&*steps) {
                let factor = lanes.splat(1.0 / step);
                let mut parts = [factor; 2];
                for (part, value_part) in parts.iter_mut().enumerate().take(L::PARTS) {
                    *value_part = lanes.mul(lanes.load(value, part), factor);
                }
                *target = lanes.round(parts);
            }
        }
        let activations = Activations {
            blocks,
            pixels: tokens,
            step: 1.0,
        };
        (activations, steps)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::int16::lanes::tests::machines;

    proptest! {
        #[test]
        fn every_word_piece_is_off_by_half_a_step_of_its_own(
            values in prop::collection::vec(prop::array::uniform8(-1e3_f32..1e3), 6..7),
            sizes in prop::array::uniform3(1e-3_f32..1e3),
        ) {
            let tokens = sizes.len();
            let values: Vec<Block<f32>> = values
                .iter()
                .enumerate()
                .map(|(index, block)| block.map(|value| value * sizes[index % tokens]))
                .collect();
            for machine in machines() {
                let mut target = Quantised::default();
                let (found, steps) = machine.run(Quantise { values: &values, tokens, most: 11_008.0, target: &mut target });
                for (index, (found, value)) in found.blocks.iter().zip(&values).enumerate() {
                    let step = steps[index % tokens];
                    for (found, value) in found.iter().zip(value) {
                        prop_assert!((f32::from(*found) * step - value).abs() <= 0.51 * step);
                        prop_assert!(found.abs() <= 11_008);
                    }
                }
            }
        }
    }

    #[test]
    fn numbers_that_cannot_be_activations_do_no_harm() {
        for value in [0.0, -0.0, 1e-45, f32::MAX, f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
            for machine in machines() {
                let values = [[value; 8], [1.0; 8]];
                let mut target = Quantised::default();
                let (found, steps) = machine.run(Quantise {
                    values: &values,
                    tokens: 2,
                    most: 32_767.0,
                    target: &mut target,
                });
                assert!(steps.iter().all(|step| step.is_finite() && *step > 0.0), "{value}");
                assert_eq!(found.blocks[1], [32_767; 8], "{value}");
            }
        }
    }
}
