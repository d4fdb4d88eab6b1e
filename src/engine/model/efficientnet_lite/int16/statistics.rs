//! Passes over a block's output: its means and deviations, and its numbers in 16 bits.
//!
//! Together they take less than a fiftieth of the network's time.

use crate::model::int16::{
    lanes::{Eight, Kernel, Lanes},
    layout::{Activations, Block, grow},
};

/// Sums that are kept apart, so that an addition need not wait for the one before it.
const APART: usize = 4;

/// Mean and standard deviation of every channel over the image.
pub(super) struct MeansAndDeviations<'a> {
    /// `[channels / 8][pixels]`
    pub(super) blocks: &'a [Block<f32>],
    pub(super) pixels: usize,
    pub(super) means: &'a mut Vec<f32>,
    pub(super) deviations: &'a mut Vec<f32>,
}

impl Kernel for MeansAndDeviations<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let share = lanes.splat(1.0 / self.pixels as f32);
        for plane in self.blocks.chunks_exact(self.pixels) {
            let [first, second] = sum(lanes, plane, [lanes.splat(0.0); 2], false);
            let mean = [lanes.mul(first, share), lanes.mul(second, share)];
            let [first, second] = sum(lanes, plane, mean, true);
            let variance = [lanes.mul(first, share), lanes.mul(second, share)];
            self.means.extend(lanes.store(mean));
            self.deviations.extend(lanes.store(variance).map(f32::sqrt));
        }
    }
}

/// The sum of all pixels less `less`, or of the squares of that.
#[inline(always)]
fn sum<L: Lanes>(lanes: L, plane: &[Block<f32>], less: Eight<L::Floats>, squared: bool) -> Eight<L::Floats> {
    let mut sums = [[lanes.splat(0.0); 2]; APART];
    for pixels in plane.chunks(APART) {
        for (pixel, sums) in pixels.iter().zip(&mut sums) {
            for part in 0..L::PARTS {
                let value = lanes.sub(lanes.load(pixel, part), less[part]);
                let value = if squared { lanes.mul(value, value) } else { value };
                sums[part] = lanes.add(sums[part], value);
            }
        }
    }
    let mut all = [lanes.splat(0.0); 2];
    for part in 0..L::PARTS {
        let [first, second, third, fourth] = &sums;
        all[part] = lanes.add(
            lanes.add(first[part], second[part]),
            lanes.add(third[part], fourth[part]),
        );
    }
    all
}

/// The smallest number that counts as the largest, where all are 0 or next to it.
const SMALLEST: f32 = 1e-30;

/// Puts activations of either sign into 16 bits.
pub(super) struct Quantise<'a> {
    pub(super) values: &'a [Block<f32>],
    pub(super) pixels: usize,
    /// What the largest becomes.
    pub(super) most: f32,
    pub(super) buffer: &'a mut Vec<Block<i16>>,
}

impl<'a> Kernel for Quantise<'a> {
    type Output = Activations<'a>;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Activations<'a> {
        let Self {
            values,
            pixels,
            most,
            buffer,
        } = self;
        let mut largest = [lanes.splat(0.0); 2];
        for value in values {
            for (part, largest) in largest.iter_mut().enumerate().take(L::PARTS) {
                let value = lanes.load(value, part);
                let size = lanes.max(value, lanes.sub(lanes.splat(0.0), value));
                *largest = lanes.max(size, *largest);
            }
        }
        let largest = lanes.store(largest);
        let largest = largest.into_iter().fold(SMALLEST, f32::max).min(f32::MAX);
        let steps = lanes.splat(most / largest);
        grow(buffer, values.len());
        let buffer = &mut buffer[..values.len()];
        for (value, target) in values.iter().zip(buffer.iter_mut()) {
            let mut parts = [steps; 2];
            for (part, steps) in parts.iter_mut().enumerate().take(L::PARTS) {
                *steps = lanes.mul(lanes.load(value, part), *steps);
            }
            *target = lanes.round(parts);
        }
        Activations {
            blocks: buffer,
            pixels,
            step: largest / most,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::int16::lanes::{Machine, tests::machines};

    fn quantise(machine: Machine, values: &[Block<f32>]) -> (Vec<Block<i16>>, f32) {
        let mut buffer = Vec::new();
        let Activations { blocks, step, .. } = machine.run(Quantise {
            values,
            pixels: values.len(),
            most: 32767.0,
            buffer: &mut buffer,
        });
        (blocks.to_vec(), step)
    }

    proptest! {
        #[test]
        fn activations_are_off_by_half_a_step_and_the_largest_is_the_end_of_the_range(
            values in prop::collection::vec(prop::array::uniform8(-1e4_f32..1e4), 1..40),
        ) {
            for machine in machines() {
                let (found, step) = quantise(machine, &values);
                for (found, value) in found.as_flattened().iter().zip(values.as_flattened()) {
                    prop_assert!((f32::from(*found) * step - value).abs() <= 0.51 * step);
                }
                let most = found.as_flattened().iter().map(|value| value.unsigned_abs()).max();
                prop_assert_eq!(most, Some(32767));
            }
        }

        #[test]
        fn means_and_deviations_are_those_of_every_channel(
            values in prop::collection::vec(prop::array::uniform8(-9_f32..9.0), 1..60),
        ) {
            for machine in machines() {
                let (mut means, mut deviations) = (vec![], vec![]);
                machine.run(MeansAndDeviations {
                    blocks: &values,
                    pixels: values.len(),
                    means: &mut means,
                    deviations: &mut deviations,
                });
                for channel in 0..8 {
                    let channel_values = || values.iter().map(|block| f64::from(block[channel]));
                    let mean = channel_values().sum::<f64>() / values.len() as f64;
                    let squares = channel_values().map(|value| (value - mean).powi(2)).sum::<f64>();
                    prop_assert!((f64::from(means[channel]) - mean).abs() < 1e-4);
                    let deviation = (squares / values.len() as f64).sqrt();
                    prop_assert!((f64::from(deviations[channel]) - deviation).abs() < 1e-4);
                }
            }
        }
    }

    #[test]
    fn numbers_that_cannot_be_activations_do_no_harm() {
        for value in [0.0, -0.0, 1e-45, f32::MAX, f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
            for machine in machines() {
                let (found, step) = quantise(machine, &[[value; 8], [0.0; 8]]);
                assert!(step.is_finite() && step > 0.0, "{value}");
                assert_eq!(found[1], [0; 8], "{value}");
            }
        }
    }
}
