//! The layers of the image towers.

use emofuse_core::error::Result;
use half::f16;

use super::images::Images;
use crate::{
    bundle::Bundle,
    preprocessing::Preprocessing,
    webgpu::{
        kernel::{COLUMNS, Kernel, Storage, THREADS, Tile},
        plan::{Buffer, Map, Plan, Step},
        weights::Weights,
    },
};

/// What cuts the outputs of a layer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Activation {
    None,
    Relu,
    Relu6,
}

impl Activation {
    /// The lowest and the highest output; either can be stored.
    fn bounds(self, storage: Storage) -> [f32; 2] {
        let largest = match storage {
            Storage::Single => f32::MAX,
            Storage::Half => f16::MAX.to_f32(),
        };
        match self {
            Self::None => [-largest, largest],
            Self::Relu => [0.0, largest],
            Self::Relu6 => [0.0, 6.0],
        }
    }
}

/// A map and its shape.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) map: Map,
    pub(super) side: u32,
    pub(super) channels4: u32,
}

impl Layer {
    pub(super) fn new(plan: &mut Plan, images: Images, side: u32, channels4: u32) -> Self {
        let map = plan.map(images.count * side * side * channels4, images.storage);
        Self { map, side, channels4 }
    }

    fn rows(&self, images: Images) -> u32 {
        images.count * self.side * self.side
    }
}

/// The first convolution, from pixels.
#[derive(Debug)]
pub(super) struct Stem {
    at: u32,
    kernel: u32,
    outputs4: u32,
    normalisation: [f32; 6],
    activation: Activation,
}

impl Stem {
    const STRIDE: u32 = 2;

    /// `[outputs, side]` of the layer.
    pub(super) fn load(
        bundle: &Bundle,
        layer: &str,
        [outputs, side]: [usize; 2],
        preprocessing: &Preprocessing,
        activation: Activation,
        weights: &mut Weights,
    ) -> Result<Self> {
        let colours = preprocessing.channels.colours();
        let at = weights.convolution_of_colours(bundle, layer, [outputs, side], colours)?;
        Ok(Self {
            at,
            kernel: side as u32,
            outputs4: outputs as u32 / 4,
            normalisation: normalisation(preprocessing),
            activation,
        })
    }

    /// Adds the step; the window's first pixel is `before` pixels before the place that it is for.
    pub(super) fn plan(&self, plan: &mut Plan, images: Images, before: u32) -> Layer {
        let side = images.side.div_ceil(Self::STRIDE);
        let out = Layer::new(plan, images, side, self.outputs4);
        let mut info = vec![images.count, images.side, side, before, self.outputs4, self.at];
        info.extend(self.normalisation.map(f32::to_bits));
        let [_, highest] = self.activation.bounds(images.storage);
        info.extend([highest.to_bits(), 0]);
        plan.step(Step {
            kernel: Kernel::Stem {
                kernel: self.kernel,
                stride: Self::STRIDE,
            },
            storage: images.storage,
            reads: vec![Buffer::Input, Buffer::TowerWeights],
            write: out.map.buffer(),
            info,
            groups: [(out.rows(images) * self.outputs4).div_ceil(THREADS), 1, 1],
        });
        out
    }
}

/// A convolution with stride 1.
#[derive(Debug)]
pub(super) struct Convolution {
    at: u32,
    kernel: u32,
    inputs4: u32,
    pub(super) outputs4: u32,
    activation: Activation,
}

impl Convolution {
    /// `[inputs, outputs, side]` of the layer.
    pub(super) fn load(
        bundle: &Bundle,
        layer: &str,
        [inputs, outputs, side]: [usize; 3],
        activation: Activation,
        weights: &mut Weights,
    ) -> Result<Self> {
        Ok(Self {
            at: weights.convolution(bundle, layer, [inputs, outputs, side])?,
            kernel: side as u32,
            inputs4: inputs as u32 / 4,
            outputs4: outputs as u32 / 4,
            activation,
        })
    }

    /// Adds the step and makes its output.
    pub(super) fn plan(&self, plan: &mut Plan, images: Images, input: &Layer, added: Option<&Layer>) -> Layer {
        let out = Layer::new(plan, images, input.side, self.outputs4);
        self.plan_into(plan, images, input, added, &out, 0);
        out
    }

    /// Adds the step, which writes the channels of `out` from `4 · column` on.
    pub(super) fn plan_into(
        &self,
        plan: &mut Plan,
        images: Images,
        input: &Layer,
        added: Option<&Layer>,
        out: &Layer,
        column: u32,
    ) {
        let rows = input.rows(images);
        let tile = Tile::of(rows, self.outputs4);
        let mut info = vec![
            rows,
            self.kernel * self.kernel * self.inputs4,
            self.outputs4,
            self.at,
            out.channels4,
            column,
            input.side,
            added.is_some().into(),
        ];
        info.extend(self.activation.bounds(images.storage).map(f32::to_bits));
        plan.step(Step {
            kernel: Kernel::Convolution {
                kernel: self.kernel,
                tile,
                is_gelu: false,
            },
            storage: images.storage,
            reads: vec![
                input.map.buffer(),
                Buffer::TowerWeights,
                // Read anyway where there is nothing to add.
                added.unwrap_or(input).map.buffer(),
            ],
            write: out.map.buffer(),
            info,
            groups: tile.groups(rows, self.outputs4),
        });
    }
}

/// A convolution of each channel by itself, with relu6.
#[derive(Debug)]
pub(super) struct Depthwise {
    at: u32,
    kernel: u32,
    stride: u32,
}

impl Depthwise {
    pub(super) fn load(
        bundle: &Bundle,
        layer: &str,
        channels: usize,
        [kernel, stride]: [usize; 2],
        weights: &mut Weights,
    ) -> Result<Self> {
        Ok(Self {
            at: weights.convolution(bundle, layer, [1, channels, kernel])?,
            kernel: kernel as u32,
            stride: stride as u32,
        })
    }

    /// Adds the step, with TensorFlow's "same" padding.
    pub(super) fn plan(&self, plan: &mut Plan, images: Images, input: &Layer) -> Layer {
        let side = input.side.div_ceil(self.stride);
        let out = Layer::new(plan, images, side, input.channels4);
        let before = same_padding(input.side, self.kernel, self.stride);
        let vectors = images.count * side * side.div_ceil(COLUMNS) * input.channels4;
        plan.step(Step {
            kernel: Kernel::Depthwise {
                kernel: self.kernel,
                stride: self.stride,
            },
            storage: images.storage,
            reads: vec![input.map.buffer(), Buffer::TowerWeights],
            write: out.map.buffer(),
            info: vec![images.count, input.side, side, before, input.channels4, self.at],
            groups: [vectors.div_ceil(THREADS), 1, 1],
        });
        out
    }
}

/// Preprocessing in the order of the colours in a pixel: what a level from 0 to 1 is multiplied by, and what is subtracted then.
fn normalisation(preprocessing: &Preprocessing) -> [f32; 6] {
    let mut words = [0.0; 6];
    for (plane, colour) in preprocessing.channels.colours().into_iter().enumerate() {
        words[colour] = 1.0 / preprocessing.standard_deviation[plane];
        words[3 + colour] = preprocessing.mean[plane] / preprocessing.standard_deviation[plane];
    }
    words
}

/// Pixels of "same" padding before the first: half of what is missing, rounded down.
pub(super) fn same_padding(side: u32, kernel: u32, stride: u32) -> u32 {
    ((side.div_ceil(stride) - 1) * stride + kernel).saturating_sub(side) / 2
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor, TensorData, module::conv2d, ops::ConvOptions};
    use proptest::prelude::*;

    use super::*;
    use crate::webgpu::testing::{difference, noise, run};

    const TOLERANCE: f32 = 1e-5;

    fn images(count: u32, side: u32) -> Images {
        Images {
            count,
            side,
            in_cells: false,
            storage: Storage::Single,
        }
    }

    fn tensor<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
        Tensor::from_data(TensorData::new(values.to_vec(), shape), &Device::flex())
    }

    /// `[image][row][column][channel]` as burn has it.
    fn planes(values: &[f32], [images, side, channels]: [u32; 3]) -> Tensor<4> {
        let [images, side, channels] = [images, side, channels].map(|length| length as usize);
        tensor(values, [images, side, side, channels]).permute([0, 3, 1, 2])
    }

    fn values(planes: Tensor<4>) -> Vec<f32> {
        planes.permute([0, 2, 3, 1]).into_data().try_to_vec().expect("floats")
    }

    /// `[outputs, inputs, side, side]` as a kernel reads it, with the bias.
    fn laid_out(weights: &[f32], bias: &[f32], [outputs, inputs, side]: [usize; 3]) -> Vec<f32> {
        let mut laid_out = Vec::new();
        for place in 0..side * side {
            for input in 0..inputs {
                laid_out.extend((0..outputs).map(|output| weights[(output * inputs + input) * side * side + place]));
            }
        }
        laid_out.extend(bias);
        laid_out
    }

    /// Numbers of the size that keeps sums of so many products small.
    fn small(seed: u32, count: usize, summed: usize) -> Vec<f32> {
        noise(seed, count)
            .into_iter()
            .map(|value| value / (summed as f32).sqrt())
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_convolution_is_that_of_burn_in_every_tile(
            count in prop::sample::select(vec![1u32, 3, 8]),
            side in 1u32..12,
            kernel in prop::sample::select(vec![1u32, 3, 5]),
            inputs4 in 1u32..30,
            outputs4 in 1u32..30,
            is_residual in any::<bool>(),
            activation in prop::sample::select(vec![Activation::None, Activation::Relu, Activation::Relu6]),
            seed in any::<u32>(),
        ) {
            let [inputs, outputs, window] = [4 * inputs4, 4 * outputs4, kernel].map(|length| length as usize);
            let pixels = (count * side * side) as usize;
            let x = noise(seed, pixels * inputs);
            let added = noise(seed ^ 1, pixels * outputs);
            let weights = small(seed ^ 2, outputs * inputs * window * window, inputs * window * window);
            let bias = noise(seed ^ 3, outputs);

            let options = ConvOptions::new([1, 1], [window / 2; 2], [1, 1], 1);
            let expected = conv2d(
                planes(&x, [count, side, 4 * inputs4]),
                tensor(&weights, [outputs, inputs, window, window]),
                Some(tensor(&bias, [outputs])),
                options,
            );
            let expected = match is_residual {
                true => expected + planes(&added, [count, side, 4 * outputs4]),
                false => expected,
            };
            let [lowest, highest] = activation.bounds(Storage::Single);
            let expected = values(expected.clamp(lowest, highest));

            let convolution = Convolution { at: 0, kernel, inputs4, outputs4, activation };
            for tile in [Tile::LARGE, Tile::SLICED, Tile::SMALL] {
                let mut plan = Plan::default();
                let images = images(count, side);
                let input = Layer::new(&mut plan, images, side, inputs4);
                let residual = Layer::new(&mut plan, images, side, outputs4);
                let out = convolution.plan(&mut plan, images, &input, is_residual.then_some(&residual));
                plan.steps[0].kernel = Kernel::Convolution { kernel, tile, is_gelu: false };
                plan.steps[0].groups = tile.groups(pixels as u32, outputs4);
                let filled = [
                    (input.map.buffer(), x.clone()),
                    (residual.map.buffer(), added.clone()),
                    (Buffer::TowerWeights, laid_out(&weights, &bias, [outputs, inputs, window])),
                ];
                let found = run(&plan, &filled, out.map.buffer());
                prop_assert!(difference(&found, &expected) < TOLERANCE, "{tile:?}: {}", difference(&found, &expected));
            }
        }

        #[test]
        fn a_depthwise_convolution_is_that_of_burn(
            count in prop::sample::select(vec![1u32, 3, 8]),
            side in 1u32..19,
            kernel in prop::sample::select(vec![3u32, 5]),
            stride in 1u32..3,
            channels4 in 1u32..30,
            seed in any::<u32>(),
        ) {
            let [channels, window] = [4 * channels4, kernel].map(|length| length as usize);
            let x = noise(seed, (count * side * side) as usize * channels);
            let weights = noise(seed ^ 2, channels * window * window);
            let bias = noise(seed ^ 3, channels);

            let out_side = side.div_ceil(stride);
            let before = same_padding(side, kernel, stride) as usize;
            let padded = (out_side - 1) * stride + kernel;
            let beyond = (padded as usize).saturating_sub(side as usize + before);
            let input = planes(&x, [count, side, 4 * channels4]).pad((before, beyond, before, beyond), 0.0);
            let options = ConvOptions::new([stride as usize; 2], [0, 0], [1, 1], channels);
            let weight = tensor(&weights, [channels, 1, window, window]);
            let expected = values(conv2d(input, weight, Some(tensor(&bias, [channels])), options).clamp(0.0, 6.0));

            let depthwise = Depthwise { at: 0, kernel, stride };
            let mut plan = Plan::default();
            let images = images(count, side);
            let input = Layer::new(&mut plan, images, side, channels4);
            let out = depthwise.plan(&mut plan, images, &input);
            let filled = [
                (input.map.buffer(), x),
                (Buffer::TowerWeights, laid_out(&weights, &bias, [channels, 1, window])),
            ];
            let found = run(&plan, &filled, out.map.buffer());
            prop_assert!(difference(&found, &expected) < TOLERANCE, "{}", difference(&found, &expected));
        }
    }
}
