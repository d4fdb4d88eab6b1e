//! Linear layers over word pieces.

use emofuse_core::error::Result;

use super::quantised::{Quantise, Quantised};
use crate::model::int16::{
    TensorSource,
    lanes::{Eight, Kernel, Lanes, Machine},
    layout::{Activations, BLOCK, Block},
    pointwise::{Pointwise, Sink},
    weights::Weights,
};

/// A linear layer.
#[derive(Debug)]
pub(super) struct Linear {
    /// Without the bias: what a sum is worth differs from word piece to word piece.
    product: Pointwise,
    /// `[outputs / 8]`
    bias: Vec<Block<f32>>,
}

impl Linear {
    /// Packs a layer of a model file; `None` where its weights are not in 8 bits with a scale for each output, or numbers of
    /// channels are no multiples of 8.
    pub(super) fn load(source: &impl TensorSource, name: &str, [inputs, outputs]: [usize; 2]) -> Result<Option<Self>> {
        let bias = source.floats(&format!("{name}.bias"), &[outputs])?;
        let weights = source.int8_by_last(&format!("{name}.weight"), &[inputs, outputs])?;
        let product = weights.and_then(|(steps, quanta)| {
            let weights = Weights {
                quanta: by_output(quanta, [inputs, outputs]),
                steps: steps.to_vec(),
            };
            Pointwise::new(&weights, &vec![0.0; outputs])
        });
        Ok(product.map(|product| Self {
            product,
            bias: bias.as_chunks().0.to_vec(),
        }))
    }

    /// Blocks of outputs.
    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Stores the outputs.
    ///
    /// # Shapes
    /// - input: `[inputs / 8][word pieces]`
    /// - output: `[outputs / 8][word pieces]`
    pub(super) fn store(
        &self,
        machine: Machine,
        quantised: &mut Quantised,
        input: &[Block<f32>],
        tokens: usize,
        output: &mut [Block<f32>],
    ) {
        self.run::<false>(machine, quantised, input, tokens, output);
    }

    /// Adds the outputs to what stands there: the residual.
    ///
    /// # Shapes
    /// As [`Linear::store`].
    pub(super) fn add(
        &self,
        machine: Machine,
        quantised: &mut Quantised,
        input: &[Block<f32>],
        tokens: usize,
        output: &mut [Block<f32>],
    ) {
        self.run::<true>(machine, quantised, input, tokens, output);
    }

    fn run<const ADDS: bool>(
        &self,
        machine: Machine,
        quantised: &mut Quantised,
        input: &[Block<f32>],
        tokens: usize,
        output: &mut [Block<f32>],
    ) {
        let (input, steps) = machine.run(Quantise {
            values: input,
            tokens,
            most: self.product.largest_input,
            target: quantised,
        });
        machine.run(Product::<ADDS> {
            layer: self,
            input,
            steps,
            output,
        });
    }
}

/// Turns weights from `[inputs][outputs]` into `[outputs][inputs]`, some outputs at a time, so that the rows that are read stay
/// in the cache.
fn by_output(quanta: &[i8], [inputs, outputs]: [usize; 2]) -> Vec<i16> {
    let mut turned = vec![0; quanta.len()];
    for (panel, targets) in turned.chunks_mut(BLOCK * inputs).enumerate() {
        for (input, row) in quanta.chunks_exact(outputs).enumerate() {
            for (target, quantum) in targets.chunks_exact_mut(inputs).zip(&row[BLOCK * panel..]) {
                target[input] = i16::from(*quantum);
            }
        }
    }
    turned
}

/// The matrix product, with what follows it.
struct Product<'a, const ADDS: bool> {
    layer: &'a Linear,
    input: Activations<'a>,
    steps: &'a [f32],
    output: &'a mut [Block<f32>],
}

impl<const ADDS: bool> Kernel for Product<'_, ADDS> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let tokens = self.input.pixels;
        let panels = self.output.chunks_exact_mut(tokens).zip(&self.layer.bias);
        for (panel, (output, bias)) in panels.enumerate() {
            let mut parts = [lanes.splat(0.0); 2];
            for (part, value) in parts.iter_mut().enumerate().take(L::PARTS) {
                *value = lanes.load(bias, part);
            }
            let mut sink = Finish::<L, ADDS> {
                steps: self.steps,
                bias: parts,
                output,
            };
            self.layer.product.panel(lanes, self.input, 0..tokens, panel, &mut sink);
        }
    }
}

/// What makes outputs of products: each word piece's step, the bias, the residual.
struct Finish<'a, L: Lanes, const ADDS: bool> {
    steps: &'a [f32],
    bias: Eight<L::Floats>,
    output: &'a mut [Block<f32>],
}

impl<L: Lanes, const ADDS: bool> Sink<L> for Finish<'_, L, ADDS> {
    #[inline(always)]
    fn write(&mut self, lanes: L, token: usize, mut values: Eight<L::Floats>) {
        let step = lanes.splat(self.steps[token]);
        let output = &mut self.output[token];
        for (part, value) in values.iter_mut().enumerate().take(L::PARTS) {
            *value = lanes.add(lanes.mul(*value, step), self.bias[part]);
            if ADDS {
                *value = lanes.add(*value, lanes.load(output, part));
            }
        }
        *output = lanes.store(values);
    }
}

#[cfg(test)]
mod tests {
    use burn::{
        nn::{Linear as Reference, LinearConfig},
        tensor::{Device, Distribution, Tensor, TensorData},
    };
    use proptest::prelude::*;

    use super::*;
    use crate::model::int16::lanes::tests::machines;

    /// A layer with weights in 8 bits.
    struct Layer {
        inputs: usize,
        steps: Vec<f32>,
        quanta: Vec<i8>,
        bias: Vec<f32>,
    }

    impl TensorSource for Layer {
        fn floats(&self, _: &str, _: &[usize]) -> Result<Vec<f32>> {
            Ok(self.bias.clone())
        }

        fn int8(&self, _: &str, _: &[usize]) -> Result<Option<(&[f32], &[i8])>> {
            Ok(None)
        }

        fn int8_by_last(&self, _: &str, _: &[usize]) -> Result<Option<(&[f32], &[i8])>> {
            Ok(Some((&self.steps, &self.quanta)))
        }
    }

    impl Layer {
        /// Weights of the largest size where they are to be `extreme`.
        fn new([inputs, outputs]: [usize; 2], seed: usize, extreme: bool) -> Self {
            let noise = |index: usize| ((index + seed) as f32 * 12.9898).sin() * 43758.547 % 1.0;
            let quantum = |index| match extreme {
                true => 127 * noise(index).signum() as i8,
                false => (127.0 * noise(index)) as i8,
            };
            Self {
                inputs,
                steps: (0..outputs).map(|output| 1e-3 * (1 + output % 5) as f32).collect(),
                quanta: (0..inputs * outputs).map(quantum).collect(),
                bias: (0..outputs).map(noise).collect(),
            }
        }

        fn reference(&self, device: &Device) -> Reference {
            let outputs = self.bias.len();
            let scaled = self.quanta.chunks_exact(outputs);
            let scaled = scaled.flat_map(|row| {
                row.iter()
                    .zip(&self.steps)
                    .map(|(quantum, step)| f32::from(*quantum) * step)
            });
            let weight = TensorData::new(scaled.collect::<Vec<f32>>(), [self.inputs, outputs]);
            let mut linear = LinearConfig::new(self.inputs, outputs).init(device);
            linear.weight = burn::module::Param::from_tensor(Tensor::from_data(weight, device));
            linear.bias = Some(burn::module::Param::from_tensor(Tensor::from_floats(
                self.bias.as_slice(),
                device,
            )));
            linear
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn outputs_are_those_of_burns_layer(
            inputs in 1_usize..8, outputs in 1_usize..5, tokens in 1_usize..40, seed in 0_usize..1000, extreme: bool,
        ) {
            let (inputs, outputs) = (BLOCK * inputs, BLOCK * outputs);
            let device = Device::flex();
            let layer = Layer::new([inputs, outputs], seed, extreme);
            let most = if extreme { 1e6 } else { 4.0 };
            let states = Tensor::<2>::random([tokens, inputs], Distribution::Uniform(-most, most), &device);
            let expected = layer.reference(&device).forward(states.clone()).into_data().try_into_vec::<f32>().unwrap();
            let states = states.into_data().try_into_vec::<f32>().unwrap();
            let mut blocks = vec![[0.0; BLOCK]; inputs / BLOCK * tokens];
            for (index, value) in states.iter().enumerate() {
                let (token, channel) = (index / inputs, index % inputs);
                blocks[channel / BLOCK * tokens + token][channel % BLOCK] = *value;
            }
            let layer = Linear::load(&layer, "layer", [inputs, outputs]).unwrap().expect("whole blocks");
            let largest = expected.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
            for machine in machines() {
                let mut quantised = Quantised::default();
                let mut output = vec![[1.0; BLOCK]; outputs / BLOCK * tokens];
                layer.store(machine, &mut quantised, &blocks, tokens, &mut output);
                let mut added = output.clone();
                layer.add(machine, &mut quantised, &blocks, tokens, &mut added);
                for (index, expected) in expected.iter().enumerate() {
                    let (token, channel) = (index / outputs, index % outputs);
                    let place = channel / BLOCK * tokens + token;
                    let found = output[place][channel % BLOCK];
                    prop_assert!((found - expected).abs() <= 1e-3 * largest, "{found}, expected {expected}");
                    prop_assert_eq!(added[place][channel % BLOCK], found + found);
                }
            }
        }
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused() {
        let load = |inputs, outputs| {
            Linear::load(&Layer::new([inputs, outputs], 0, false), "layer", [inputs, outputs])
                .unwrap()
                .is_some()
        };
        assert!(load(8, 16));
        assert!(!load(12, 8));
        assert!(!load(8, 12));
    }
}
