//! Passes over a block's output: its means and deviations, and its numbers in 16 bits.
//!
//! Together they take less than a fiftieth of the network's time.

use super::{
    lanes::{Eight, Kernel, Lanes},
    layout::{Activations, Block, SIGNED_MOST},
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

/// Puts activations of either sign into 16 bits: the largest becomes 2¹⁵ − 1.
pub(super) struct Quantise<'a> {
    pub(super) values: &'a [Block<f32>],
    pub(super) pixels: usize,
    pub(super) buffer: &'a mut Vec<Block<i16>>,
}

impl<'a> Kernel for Quantise<'a> {
    type Output = Activations<'a>;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Activations<'a> {
        let Self { values, pixels, buffer } = self;
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
        let most = SIGNED_MOST as f32;
        let steps = lanes.splat(most / largest);
        buffer.clear();
        buffer.extend(values.iter().map(|value| {
            let mut parts = [steps; 2];
            for (part, steps) in parts.iter_mut().enumerate().take(L::PARTS) {
                *steps = lanes.mul(lanes.load(value, part), *steps);
            }
            lanes.round(parts)
        }));
        Activations {
            blocks: buffer,
            pixels,
            step: largest / most,
        }
    }
}
