//! GoogLeNet; see [`GoogLeNet`](crate::model::googlenet::GoogLeNet).

use emofuse_core::error::Result;

use super::{
    convolution::{Activation, Convolution, Layer, Stem},
    images::Images,
    statistics::Statistics,
};
use crate::{
    bundle::Bundle,
    model::googlenet::{FEATURES, INCEPTIONS},
    preprocessing::Preprocessing,
    webgpu::{
        kernel::{Kernel, THREADS},
        plan::{Plan, Step},
        weights::Weights,
    },
};

/// Vectors of four features.
pub(super) const FEATURES4: u32 = FEATURES as u32 / 4;

/// Modules before which the map is halved.
const HALVED_BEFORE: [&str; 2] = ["inception_4a", "inception_5a"];

/// Where the weights of the network are.
#[derive(Debug)]
pub struct GoogLeNet {
    conv1: Stem,
    conv2_reduce: Convolution,
    conv2: Convolution,
    modules: Vec<(&'static str, Inception)>,
}

#[derive(Debug)]
struct Inception {
    conv_1x1: Convolution,
    conv_3x3_reduce: Convolution,
    conv_3x3: Convolution,
    conv_5x5_reduce: Convolution,
    conv_5x5: Convolution,
    pool_proj: Convolution,
}

/// Rows and columns of the last map of images of a side.
pub(super) fn cells(side: u32) -> u32 {
    (0..4).fold(side.div_ceil(2), |side, _| halved(side))
}

/// A side after pooling with stride 2.
fn halved(side: u32) -> u32 {
    (side - 1).div_ceil(2).max(1)
}

impl GoogLeNet {
    pub(super) fn load(
        bundle: &Bundle,
        prefix: &str,
        preprocessing: &Preprocessing,
        weights: &mut Weights,
    ) -> Result<Self> {
        let conv1 = format!("{prefix}.conv1");
        let conv1 = Stem::load(bundle, &conv1, [64, 7], preprocessing, Activation::Relu, weights)?;
        let mut convolution = |layer: String, shape| {
            Convolution::load(bundle, &format!("{prefix}.{layer}"), shape, Activation::Relu, weights)
        };
        Ok(Self {
            conv1,
            conv2_reduce: convolution("conv2_reduce".into(), [64, 64, 1])?,
            conv2: convolution("conv2".into(), [64, 192, 3])?,
            modules: INCEPTIONS
                .iter()
                .map(|(name, module)| {
                    let inputs = module.inputs;
                    let mut layer = |layer: &str, shape| convolution(format!("{name}.{layer}"), shape);
                    let [reduced_3x3, outputs_3x3] = module.conv_3x3;
                    let [reduced_5x5, outputs_5x5] = module.conv_5x5;
                    let module = Inception {
                        conv_1x1: layer("conv_1x1", [inputs, module.conv_1x1, 1])?,
                        conv_3x3_reduce: layer("conv_3x3_reduce", [inputs, reduced_3x3, 1])?,
                        conv_3x3: layer("conv_3x3", [reduced_3x3, outputs_3x3, 3])?,
                        conv_5x5_reduce: layer("conv_5x5_reduce", [inputs, reduced_5x5, 1])?,
                        conv_5x5: layer("conv_5x5", [reduced_5x5, outputs_5x5, 5])?,
                        pool_proj: layer("pool_proj", [inputs, module.pool_proj, 1])?,
                    };
                    Ok((*name, module))
                })
                .collect::<Result<_>>()?,
        })
    }

    pub(super) fn plan(&self, plan: &mut Plan, images: Images) {
        let mut layer = self.conv1.plan(plan, images, 3);
        layer = then_release(plan, layer, |plan, layer| halve(plan, images, layer));
        layer = then_release(plan, layer, |plan, layer| normalise(plan, images, layer));
        for convolution in [&self.conv2_reduce, &self.conv2] {
            layer = then_release(plan, layer, |plan, layer| convolution.plan(plan, images, layer, None));
        }
        layer = then_release(plan, layer, |plan, layer| normalise(plan, images, layer));
        layer = then_release(plan, layer, |plan, layer| halve(plan, images, layer));
        for (name, module) in &self.modules {
            if HALVED_BEFORE.contains(name) {
                layer = then_release(plan, layer, |plan, layer| halve(plan, images, layer));
            }
            layer = then_release(plan, layer, |plan, layer| module.plan(plan, images, layer));
        }
        let statistics = Statistics {
            features4: FEATURES4,
            mean_at: 0,
            deviation_at: None,
        };
        statistics.plan(plan, images, &layer, cells(images.side));
        plan.release(layer.map);
    }
}

impl Inception {
    fn plan(&self, plan: &mut Plan, images: Images, input: &Layer) -> Layer {
        let branches = [&self.conv_1x1, &self.conv_3x3, &self.conv_5x5, &self.pool_proj];
        let channels4 = branches.iter().map(|branch| branch.outputs4).sum();
        let out = Layer::new(plan, images, input.side, channels4);
        self.conv_1x1.plan_into(plan, images, input, None, &out, 0);
        let mut column = self.conv_1x1.outputs4;
        for (reduce, convolution) in [
            (Some(&self.conv_3x3_reduce), &self.conv_3x3),
            (Some(&self.conv_5x5_reduce), &self.conv_5x5),
            (None, &self.pool_proj),
        ] {
            let before = match reduce {
                Some(reduce) => reduce.plan(plan, images, input, None),
                None => max_pool(plan, images, input, [1, 1]),
            };
            convolution.plan_into(plan, images, &before, None, &out, column);
            plan.release(before.map);
            column += convolution.outputs4;
        }
        out
    }
}

fn then_release(plan: &mut Plan, input: Layer, step: impl FnOnce(&mut Plan, &Layer) -> Layer) -> Layer {
    let output = step(plan, &input);
    plan.release(input.map);
    output
}

fn halve(plan: &mut Plan, images: Images, input: &Layer) -> Layer {
    max_pool(plan, images, input, [2, 0])
}

fn max_pool(plan: &mut Plan, images: Images, input: &Layer, [stride, before]: [u32; 2]) -> Layer {
    let side = if stride == 2 { halved(input.side) } else { input.side };
    let out = Layer::new(plan, images, side, input.channels4);
    plan.step(Step {
        kernel: Kernel::MaxPool,
        storage: images.storage,
        reads: vec![input.map.buffer()],
        write: out.map.buffer(),
        info: vec![images.count, input.side, side, stride, before, input.channels4],
        groups: [(images.count * side * side * input.channels4).div_ceil(THREADS), 1, 1],
    });
    out
}

fn normalise(plan: &mut Plan, images: Images, input: &Layer) -> Layer {
    let out = Layer::new(plan, images, input.side, input.channels4);
    let vectors = images.count * input.side * input.side * input.channels4;
    plan.step(Step {
        kernel: Kernel::LocalResponseNorm,
        storage: images.storage,
        reads: vec![input.map.buffer()],
        write: out.map.buffer(),
        info: vec![vectors, input.channels4],
        groups: [vectors.div_ceil(THREADS), 1, 1],
    });
    out
}

#[cfg(test)]
mod tests {
    use burn::{
        nn::LocalResponseNormConfig,
        tensor::{Device, Tensor, TensorData, module::max_pool2d, ops::MaxPoolOptions},
    };
    use proptest::prelude::*;

    use super::*;
    use crate::webgpu::{
        kernel::Storage,
        testing::{difference, noise, run},
    };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn pooling_and_response_normalisation_are_those_of_burn(
            count in prop::sample::select(vec![1u32, 3, 8]),
            side in 2u32..20,
            channels4 in 1u32..12,
            seed in any::<u32>(),
        ) {
            let [images, length, channels] = [count, side, 4 * channels4].map(|length| length as usize);
            let x: Vec<f32> = noise(seed, images * length * length * channels).into_iter().map(|value| 60.0 * value).collect();
            let data = TensorData::new(x.clone(), [images, length, length, channels]);
            let planes = Tensor::<4>::from_data(data, &Device::flex()).permute([0, 3, 1, 2]);
            let values = |planes: Tensor<4>| -> Vec<f32> { planes.permute([0, 2, 3, 1]).into_data().try_to_vec().expect("floats") };
            let pooled = |stride: usize, padding: usize| {
                let options = MaxPoolOptions::new([3; 2]).with_stride([stride; 2]).with_padding([padding; 2]).with_ceil_mode(true);
                values(max_pool2d(planes.clone(), options))
            };
            let expected = [pooled(2, 0), pooled(1, 1), values(LocalResponseNormConfig::new(5).init().forward(planes.clone()))];
            for (step, expected) in expected.iter().enumerate() {
                let mut plan = Plan::default();
                let images = Images { count, side, in_cells: false, storage: Storage::Single };
                let input = Layer::new(&mut plan, images, side, channels4);
                let out = match step {
                    0 => halve(&mut plan, images, &input),
                    1 => max_pool(&mut plan, images, &input, [1, 1]),
                    _ => normalise(&mut plan, images, &input),
                };
                let found = run(&plan, &[(input.map.buffer(), x.clone())], out.map.buffer());
                prop_assert!(difference(&found, expected) < 1e-5, "{step}: {}", difference(&found, expected));
            }
        }
    }
}
