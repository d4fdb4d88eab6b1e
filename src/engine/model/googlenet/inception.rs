//! The inception module: the same input seen through windows of several sizes, side by side.

use burn::{
    config::Config,
    module::Module,
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor, activation::relu},
};

use super::pooling::max_pool_same;
use crate::model::parameters::convolution;

/// Configuration of an [`Inception`] module; the numbers are columns of the paper's table 1.
#[derive(Config, Debug)]
pub struct InceptionConfig {
    /// Channels in.
    pub inputs: usize,
    /// Channels of the 1 × 1 branch.
    pub conv_1x1: usize,
    /// Channels before and after the 3 × 3 convolution.
    pub conv_3x3: [usize; 2],
    /// Channels before and after the 5 × 5 convolution.
    pub conv_5x5: [usize; 2],
    /// Channels of the branch that pools.
    pub pool_proj: usize,
}

/// Four branches over the same input; the fields have the names of their weights in Caffe's model zoo.
#[derive(Module, Debug)]
pub struct Inception {
    conv_1x1: Conv2d,
    conv_3x3_reduce: Conv2d,
    conv_3x3: Conv2d,
    conv_5x5_reduce: Conv2d,
    conv_5x5: Conv2d,
    pool_proj: Conv2d,
}

impl InceptionConfig {
    /// The module with random weights.
    #[must_use]
    pub fn init(&self, device: &Device) -> Inception {
        let pointwise = |outputs| convolution(&Conv2dConfig::new([self.inputs, outputs], [1, 1]), device);
        let window = |channels: [usize; 2], side| {
            let config = Conv2dConfig::new(channels, [side; 2]).with_padding(PaddingConfig2d::Same);
            convolution(&config, device)
        };
        Inception {
            conv_1x1: pointwise(self.conv_1x1),
            conv_3x3_reduce: pointwise(self.conv_3x3[0]),
            conv_3x3: window(self.conv_3x3, 3),
            conv_5x5_reduce: pointwise(self.conv_5x5[0]),
            conv_5x5: window(self.conv_5x5, 5),
            pool_proj: pointwise(self.pool_proj),
        }
    }
}

impl Inception {
    /// Runs the branches: 1 × 1, 3 × 3, 5 × 5, pooled, in this order in the output.
    ///
    /// # Shapes
    /// - input: `[batch, inputs, height, width]`
    /// - output: `[batch, outputs, height, width]`
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let reduced_3x3 = relu(self.conv_3x3_reduce.forward(input.clone()));
        let reduced_5x5 = relu(self.conv_5x5_reduce.forward(input.clone()));
        let branches = vec![
            self.conv_1x1.forward(input.clone()),
            self.conv_3x3.forward(reduced_3x3),
            self.conv_5x5.forward(reduced_5x5),
            self.pool_proj.forward(max_pool_same(input)),
        ];
        relu(Tensor::cat(branches, 1)) // [batch, outputs, height, width]
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Distribution;

    use super::*;

    #[test]
    fn the_branches_stand_side_by_side_in_the_papers_order() {
        let device = Device::flex();
        let module = InceptionConfig::new(5, 2, [3, 4], [2, 3], 1).init(&device);
        let input = Tensor::<4>::random([2, 5, 6, 7], Distribution::Uniform(0.0, 1.0), &device);
        let output = module.forward(input.clone());
        assert_eq!(output.dims(), [2, 2 + 4 + 3 + 1, 6, 7]);
        let first = relu(module.conv_1x1.forward(input.clone()));
        let last = relu(module.pool_proj.forward(max_pool_same(input)));
        assert_eq!(output.clone().narrow(1, 0, 2).into_data(), first.into_data());
        assert_eq!(output.narrow(1, 9, 1).into_data(), last.into_data());
    }
}
