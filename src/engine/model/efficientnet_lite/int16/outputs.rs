//! 1 × 1 convolutions with what follows them, done to a tile's outputs while they are in registers: relu6, the residual, the
//! mean over the image.

use crate::model::int16::{
    lanes::{Eight, Kernel, Lanes},
    layout::{Activations, Block},
    pointwise::{Pointwise, Sink},
};

/// Pixels whose inputs stay in the first cache while all outputs are made of them.
const STRIP: usize = 28;

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
        for (sum, value) in self.sums.iter_mut().zip(values).take(L::PARTS) {
            *sum = lanes.add(*sum, value);
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

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor, TensorData, module::conv2d, ops::ConvOptions};
    use proptest::prelude::*;

    use super::*;
    use crate::model::int16::{
        lanes::{Machine, tests::machines},
        layout::{BLOCK, append_planes},
        weights::Weights,
    };

    /// A layer and its input, both also as tensors have them.
    #[derive(Debug)]
    struct Case {
        layer: Pointwise,
        weights: Weights,
        bias: Vec<f32>,
        blocks: Vec<Block<i16>>,
        pixels: usize,
        step: f32,
    }

    impl Case {
        /// `weight` and `input` give the numbers one after another.
        fn new(
            [inputs, outputs, pixels]: [usize; 3],
            mut weight: impl FnMut() -> i16,
            mut input: impl FnMut(i16) -> i16,
        ) -> Self {
            let weights = Weights {
                quanta: (0..inputs * outputs).map(|_| weight()).collect(),
                steps: (0..outputs).map(|output| 1e-3 * (1 + output % 5) as f32).collect(),
            };
            let bias: Vec<f32> = (0..outputs).map(|output| output as f32 / 7.0 - 1.0).collect();
            let layer = Pointwise::new(&weights, &bias).expect("whole blocks");
            let largest = layer.largest_input as i16;
            Self {
                layer,
                weights,
                bias,
                blocks: (0..inputs / BLOCK * pixels)
                    .map(|_| [(); BLOCK].map(|()| input(largest)))
                    .collect(),
                pixels,
                step: 0.01,
            }
        }

        fn input(&self) -> Activations<'_> {
            Activations {
                blocks: &self.blocks,
                pixels: self.pixels,
                step: self.step,
            }
        }

        fn project(&self, machine: Machine, residual: Option<&[Block<f32>]>) -> Vec<Block<f32>> {
            let mut output = vec![[0.0; BLOCK]; self.layer.outputs() * self.pixels];
            machine.run(Project {
                layer: &self.layer,
                input: self.input(),
                residual,
                output: &mut output,
            });
            output
        }

        /// With sums in integers of 64 bits: `[outputs][pixels]`.
        fn exact(&self) -> Vec<f32> {
            let inputs = self.weights.quanta.len() / self.bias.len();
            let rows = self.weights.quanta.chunks_exact(inputs).enumerate();
            rows.flat_map(|(output, row)| {
                (0..self.pixels).map(move |pixel| {
                    let products = row.iter().enumerate().map(|(input, weight)| {
                        let value = self.blocks[input / BLOCK * self.pixels + pixel][input % BLOCK];
                        i64::from(*weight) * i64::from(value)
                    });
                    let sum = i32::try_from(products.sum::<i64>()).expect("a sum that fits 32 bits");
                    sum as f32 * (self.weights.steps[output] * self.step) + self.bias[output]
                })
            })
            .collect()
        }

        /// By burn's layer: `[outputs][pixels]`.
        fn burn(&self) -> Vec<f32> {
            let device = Device::flex();
            let outputs = self.bias.len();
            let inputs = self.weights.quanta.len() / outputs;
            let weights = self.weights.quanta.chunks_exact(inputs).zip(&self.weights.steps);
            let weights = weights.flat_map(|(row, step)| row.iter().map(move |quantum| f32::from(*quantum) * step));
            let weights = TensorData::new(weights.collect(), [outputs, inputs, 1, 1]);
            let values: Vec<Block<f32>> = self
                .blocks
                .iter()
                .map(|block| block.map(|value| f32::from(value) * self.step))
                .collect();
            let values = TensorData::new(planes(&values, self.pixels), [1, inputs, 1, self.pixels]);
            let bias = Tensor::<1>::from_floats(self.bias.as_slice(), &device);
            let options = ConvOptions::new([1, 1], [0, 0], [1, 1], 1);
            let output = conv2d(
                Tensor::<4>::from_data(values, &device),
                Tensor::from_data(weights, &device),
                Some(bias),
                options,
            );
            output.into_data().try_to_vec().unwrap()
        }
    }

    fn planes(blocks: &[Block<f32>], pixels: usize) -> Vec<f32> {
        let mut planes = Vec::new();
        append_planes(blocks, pixels, &mut planes);
        planes
    }

    /// A number from `-most` to `most`.
    fn within(most: i16, chance: u32) -> i16 {
        (i64::from(chance) % (2 * i64::from(most) + 1) - i64::from(most)) as i16
    }

    /// A few numbers that look like chance.
    fn noise(seed: u32) -> impl FnMut() -> u32 {
        let mut state = seed | 1;
        move || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn outputs_are_those_of_burns_layer(
            inputs in 1_usize..8, outputs in 1_usize..5, pixels in 1_usize..260, seed in any::<u32>(), extreme: bool,
        ) {
            let (mut weights, mut values) = (noise(seed), noise(!seed));
            let case = Case::new(
                [BLOCK * inputs, BLOCK * outputs, pixels],
                || if extreme { [-128, 127][weights() as usize % 2] } else { (weights() % 256) as i16 - 128 },
                |most| if extreme { [-most, most][values() as usize % 2] } else { within(most, values()) },
            );
            let burn = case.burn();
            let largest = burn.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
            let expected = case.exact();
            for machine in machines() {
                let found = planes(&case.project(machine, None), pixels);
                prop_assert_eq!(&found, &expected);
                prop_assert!(found.iter().zip(&burn).all(|(found, burn)| (found - burn).abs() <= 1e-4 * largest));
            }
        }

        #[test]
        fn an_expansion_a_head_and_a_residual_finish_the_same_outputs(
            inputs in 1_usize..4, outputs in 1_usize..4, pixels in 1_usize..70, seed in any::<u32>(),
        ) {
            let (mut weights, mut values) = (noise(seed), noise(!seed));
            let case = Case::new(
                [BLOCK * inputs, BLOCK * outputs, pixels],
                || (weights() % 256) as i16 - 128,
                |largest| (values() % largest as u32) as i16,
            );
            let expected = case.project(Machine::Portable, None);
            let cut: Vec<Block<f32>> = expected.iter().map(|block| block.map(|value| value.clamp(0.0, 6.0))).collect();
            let places: Vec<u32> = (0..pixels as u32).map(|pixel| 2 * pixel + 1).collect();
            for machine in machines() {
                let residual = case.project(machine, Some(&expected));
                for (found, expected) in residual.as_flattened().iter().zip(expected.as_flattened()) {
                    prop_assert_eq!(*found, expected + expected);
                }

                for panel in 0..outputs {
                    let mut padded = vec![[-1.0; BLOCK]; 2 * pixels + 1];
                    machine.run(Expand {
                        layer: &case.layer,
                        input: case.input(),
                        panel,
                        places: &places,
                        padded: &mut padded,
                    });
                    for (pixel, expected) in cut[panel * pixels..][..pixels].iter().enumerate() {
                        prop_assert_eq!(&padded[2 * pixel + 1], expected);
                        prop_assert_eq!(padded[2 * pixel], [-1.0; BLOCK]);
                    }
                }

                let mut means = vec![[0.0; BLOCK]; outputs];
                let mut map = vec![[0.0; BLOCK]; outputs * pixels];
                machine.run(Head {
                    layer: &case.layer,
                    input: case.input(),
                    means: &mut means,
                    map: &mut map,
                });
                prop_assert_eq!(&map, &cut);
                for (mean, plane) in means.iter().zip(cut.chunks_exact(pixels)) {
                    for (channel, mean) in mean.iter().enumerate() {
                        let expected = plane.iter().map(|block| f64::from(block[channel])).sum::<f64>() / pixels as f64;
                        prop_assert!((f64::from(*mean) - expected).abs() < 1e-4);
                    }
                }
            }
        }
    }

    #[test]
    fn sums_fit_at_the_ends_of_the_range() {
        for inputs in [8, 320, 512, 672, 1152, 4096] {
            for (weight, sign) in [(-128, 1), (127, 1), (-128, -1), (1, 1)] {
                let case = Case::new([inputs, 8, 9], || weight, |most| sign * most);
                for machine in machines() {
                    assert_eq!(planes(&case.project(machine, None), 9), case.exact());
                }
            }
        }
    }
}
