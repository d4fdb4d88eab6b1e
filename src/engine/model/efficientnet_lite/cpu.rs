//! The forward pass on burn's CPU back end: the same numbers as burn's own layers, in fewer passes over memory.
//!
//! The 1 × 1 convolutions are burn's matrix products. Biases, relu6 and residuals are done together with the depthwise
//! convolutions or where the data is in the cache anyway; the stem becomes a matrix product too.

use burn::{
    module::Param,
    nn::conv::Conv2d,
    tensor::{Tensor, TensorData, module::conv2d, ops::ConvOptions},
};

use super::{
    EfficientNetLite0, InvertedResidual, STAGES, Stages,
    depthwise::{Before, Geometry, depthwise, relu6},
    features::mean_and_deviation,
};

/// See [`EfficientNetLite0::forward`].
pub(super) fn forward(network: &EfficientNetLite0, planes: Tensor<4>) -> Stages {
    let mut hidden = stem(&network.stem, planes); // [batch, 32, 112, 112]
    let mut stem_bias = Some(bias(&network.stem));
    let mut blocks = network.blocks.iter();
    let mut stages = Vec::with_capacity(STAGES.len());
    for [repeats, ..] in STAGES {
        for block in blocks.by_ref().take(repeats) {
            hidden = inverted_residual(block, hidden, stem_bias.take());
        }
        stages.push(hidden.clone());
    }
    let head = pointwise(&network.head, hidden);
    let head_bias = bias(&network.head);
    let head = change(head, |_, channel, plane| {
        plane
            .iter_mut()
            .for_each(|value| *value = relu6(*value + head_bias[channel]));
    });
    Stages { stages, head }
}

/// The stem without its bias and relu6, as a matrix product over the 27 numbers that each output is made of.
///
/// # Shapes
/// - planes: `[batch, 3, height, width]`
/// - output: `[batch, 32, ⌈height / 2⌉, ⌈width / 2⌉]`
fn stem(stem: &Conv2d, planes: Tensor<4>) -> Tensor<4> {
    let device = planes.device();
    let [batch, channels, height, width] = planes.dims();
    let [outputs, _, kernel, _] = stem.weight.dims();
    let geometry = Geometry {
        kernel,
        stride: stem.stride[0],
        height,
        width,
    };
    let [output_height, output_width] = geometry.output();
    let taps = channels * kernel * kernel;
    let columns = with_values(planes, |values| geometry.columns(values));
    let columns = Tensor::from_data(
        TensorData::new(columns, [batch, taps, output_height, output_width]),
        &device,
    );
    let weight = stem.weight.val().reshape([outputs, taps, 1, 1]);
    conv2d(columns, weight, None, ConvOptions::new([1, 1], [0, 0], [1, 1], 1))
}

/// Runs a block. `pending` is the bias that the input still needs, with a relu6 after it, where there is no expansion.
///
/// # Shapes
/// - input: `[batch, inputs, height, width]`
/// - output: `[batch, outputs, ⌈height / stride⌉, ⌈width / stride⌉]`
fn inverted_residual(block: &InvertedResidual, input: Tensor<4>, pending: Option<Vec<f32>>) -> Tensor<4> {
    let device = input.device();
    let residual = block.is_residual().then(|| values(input.clone()));
    let (inside, pending) = match &block.expand {
        Some(expand) => (pointwise(expand, input), Some(bias(expand))),
        None => (input, pending),
    };

    let [batch, channels, height, width] = inside.dims();
    let geometry = Geometry {
        kernel: block.depthwise.kernel_size[0],
        stride: block.depthwise.stride[0],
        height,
        width,
    };
    let before = pending.as_deref().map_or(Before::Nothing, Before::BiasRelu6);
    let weight = values(block.depthwise.weight.val());
    let depthwise_bias = bias(&block.depthwise);
    let inside = with_values(inside, |inside| {
        depthwise(inside, before, &weight, &depthwise_bias, geometry)
    });
    let [height, width] = geometry.output();
    let inside = Tensor::from_data(TensorData::new(inside, [batch, channels, height, width]), &device);

    let output = pointwise(&block.project, inside);
    let project_bias = bias(&block.project);
    change(output, |start, channel, plane| {
        let bias = project_bias[channel];
        match &residual {
            Some(residual) => {
                for (value, residual) in plane.iter_mut().zip(&residual[start..]) {
                    *value += bias + residual;
                }
            }
            None => plane.iter_mut().for_each(|value| *value += bias),
        }
    })
}

/// A 1 × 1 convolution without its bias: a matrix product, into a buffer that is not copied again.
fn pointwise(convolution: &Conv2d, input: Tensor<4>) -> Tensor<4> {
    let options = ConvOptions::new([1, 1], [0, 0], [1, 1], 1);
    conv2d(input, convolution.weight.val(), None, options)
}

/// See [`Stages::statistics`].
pub(super) fn statistics(stages: &[Tensor<4>]) -> Tensor<2> {
    let (mut all, mut deviations) = (Vec::with_capacity(2 * stages.len()), Vec::with_capacity(stages.len()));
    for stage in stages {
        let [batch, channels, height, width] = stage.dims();
        let per_channel = |values| Tensor::from_data(TensorData::new(values, [batch, channels]), &stage.device());
        let (mean, deviation) = with_values(stage.clone(), |values| {
            values.chunks_exact(height * width).map(mean_and_deviation).unzip()
        });
        all.push(per_channel(mean));
        deviations.push(per_channel(deviation));
    }
    all.append(&mut deviations);
    Tensor::cat(all, 1)
}

/// Changes a tensor in place, channel by channel: where the channel's plane starts, which channel it is, its plane.
fn change(tensor: Tensor<4>, mut change: impl FnMut(usize, usize, &mut [f32])) -> Tensor<4> {
    let device = tensor.device();
    let [_, channels, height, width] = tensor.dims();
    let area = height * width;
    let mut data = tensor.into_data();
    let values = data.as_mut_slice::<f32>().expect(SINGLE_PRECISION);
    for (index, plane) in values.chunks_exact_mut(area).enumerate() {
        change(index * area, index % channels, plane);
    }
    Tensor::from_data(data, &device)
}

/// Reads a tensor's numbers, without a copy when nothing else holds them.
fn with_values<Output>(tensor: Tensor<4>, read: impl FnOnce(&[f32]) -> Output) -> Output {
    let data = tensor.into_data();
    read(data.as_slice::<f32>().expect(SINGLE_PRECISION))
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect(SINGLE_PRECISION)
}

fn bias(convolution: &Conv2d) -> Vec<f32> {
    let bias = convolution.bias.as_ref().map(Param::val);
    values(bias.expect("every convolution of the network has a bias"))
}

const SINGLE_PRECISION: &str = "the CPU back end computes in single precision";

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Distribution};

    use super::*;
    use crate::model::efficientnet_lite::EfficientNetLite0Config;

    fn difference<const D: usize>(left: Tensor<D>, right: Tensor<D>) -> f32 {
        assert_eq!(left.dims(), right.dims());
        let (left, right) = (values(left), values(right));
        let largest = right.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let difference = left.iter().zip(&right).map(|(left, right)| (left - right).abs());
        difference.fold(0.0, f32::max) / largest
    }

    #[test]
    fn these_kernels_and_burns_own_layers_agree() {
        let device = Device::flex();
        device.seed(3);
        let network = EfficientNetLite0Config::new().init(&device);
        for (batch, side) in [(2, 224), (1, 97)] {
            let planes = Tensor::random([batch, 3, side, side], Distribution::Uniform(-1.0, 1.0), &device);
            let expected = network.forward_by_layers(planes.clone());
            let found = forward(&network, planes);
            assert_eq!(found.stages.len(), expected.stages.len());
            assert!(difference(found.statistics(), expected.statistics_by_layers()) < 1e-5);
            assert!(difference(found.pooled(), expected.pooled()) < 1e-5);
            assert!(difference(found.head, expected.head) < 1e-5);
            for (found, expected) in found.stages.into_iter().zip(expected.stages) {
                assert!(difference(found, expected) < 1e-5);
            }
        }
    }

    #[test]
    fn depthwise_convolution_agrees_with_burns_for_every_kernel_stride_and_size() {
        let device = Device::flex();
        for (kernel, stride) in [(3, 1), (3, 2), (5, 1), (5, 2)] {
            for (height, width) in [(1, 1), (2, 3), (7, 7), (9, 16), (14, 33), (28, 20)] {
                let config = super::super::InvertedResidualConfig::new([3, 5], 2, kernel).with_stride(stride);
                let block = config.init(&device);
                let input = Tensor::random([2, 3, height, width], Distribution::Uniform(-3.0, 3.0), &device);
                let found = inverted_residual(&block, input.clone(), None);
                let expected = block.forward(input);
                assert!(
                    difference(found, expected) < 1e-5,
                    "{kernel}, {stride}: {height} × {width}"
                );
            }
        }
    }
}
