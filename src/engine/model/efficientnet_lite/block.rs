//! The inverted residual block: expand, filter each channel by itself, project.

use burn::{
    config::Config,
    module::Module,
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor},
};

use super::relu6;
use crate::model::parameters::convolution;

/// Configuration of an [`InvertedResidual`].
#[derive(Config, Debug)]
pub struct InvertedResidualConfig {
    /// Channels in and out.
    pub channels: [usize; 2],
    /// How many times as many channels there are inside; with 1 the expansion is left out.
    pub expansion: usize,
    /// Side of the depthwise kernel.
    pub kernel: usize,
    /// Stride of the depthwise convolution.
    #[config(default = "1")]
    pub stride: usize,
}

/// Sandler et al., *MobileNetV2: Inverted Residuals and Linear Bottlenecks* (2018, arXiv 1801.04381).
#[derive(Module, Debug)]
pub struct InvertedResidual {
    /// Widens the channels; absent where the expansion is 1.
    pub expand: Option<Conv2d>,
    /// Convolves each channel by itself.
    pub depthwise: Conv2d,
    /// Narrows the channels.
    pub project: Conv2d,
}

impl InvertedResidualConfig {
    /// The block with random weights.
    #[must_use]
    pub fn init(&self, device: &Device) -> InvertedResidual {
        let [inputs, outputs] = self.channels;
        let inside = inputs * self.expansion;
        let expand = (self.expansion > 1).then(|| convolution(&Conv2dConfig::new([inputs, inside], [1, 1]), device));
        InvertedResidual {
            expand,
            depthwise: convolution(
                &Conv2dConfig::new([inside, inside], [self.kernel; 2])
                    .with_stride([self.stride; 2])
                    .with_groups(inside)
                    .with_padding(PaddingConfig2d::Same),
                device,
            ),
            project: convolution(&Conv2dConfig::new([inside, outputs], [1, 1]), device),
        }
    }
}

impl InvertedResidual {
    /// Whether the input is added to the output.
    pub(super) fn is_residual(&self) -> bool {
        let [outputs, ..] = self.project.weight.dims();
        let inputs = match &self.expand {
            Some(expand) => expand.weight.dims()[1],
            None => self.depthwise.weight.dims()[0],
        };
        self.depthwise.stride == [1, 1] && inputs == outputs
    }

    /// Runs the block.
    ///
    /// # Shapes
    /// - input: `[batch, inputs, height, width]`
    /// - output: `[batch, outputs, ⌈height / stride⌉, ⌈width / stride⌉]`
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let residual = self.is_residual().then(|| input.clone());
        let hidden = match &self.expand {
            Some(expand) => relu6(expand.forward(input)), // [batch, inside, height, width]
            None => input,
        };
        let hidden = relu6(self.depthwise.forward(hidden)); // [batch, inside, height / stride, width / stride]
        let output = self.project.forward(hidden); // [batch, outputs, height / stride, width / stride]
        match residual {
            Some(residual) => output + residual,
            None => output,
        }
    }
}
