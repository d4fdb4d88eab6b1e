//! EfficientNet-Lite0, the default image tower: from normalised planes to features.
//!
//! Tan and Le, *EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks* (2019, arXiv 1905.11946), in
//! its Lite variant (TensorFlow's `efficientnet_lite_builder.py`): no squeeze-and-excitation, relu6 for swish. The
//! classifier is left out; batch normalisation is folded into the convolutions.

mod block;
#[cfg(feature = "flex")]
mod cpu;
#[cfg(feature = "flex")]
mod depthwise;
pub mod features;
#[cfg(feature = "flex")]
mod int16;

use burn::{
    config::Config,
    module::Module,
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor},
};

#[cfg(feature = "flex")]
pub use int16::PackedEfficientNetLite0;

pub use block::{InvertedResidual, InvertedResidualConfig};

use super::{channel_means, parameters::convolution};

/// Length of [`Stages::pooled`].
pub const POOLED: usize = 1280;

/// Length of [`Stages::statistics`].
pub const STATISTICS: usize = 2 * (16 + 24 + 40 + 80 + 112 + 192 + 320);

/// Repeats, kernel, stride, expansion and output channels of each stage.
pub(crate) const STAGES: [[usize; 5]; 7] = [
    [1, 3, 1, 1, 16],
    [2, 3, 2, 6, 24],
    [2, 5, 2, 6, 40],
    [3, 3, 2, 6, 80],
    [3, 5, 1, 6, 112],
    [4, 5, 2, 6, 192],
    [1, 3, 1, 6, 320],
];

/// Channels of the stem's output.
pub(crate) const STEM_CHANNELS: usize = 32;

/// Configuration of [`EfficientNetLite0`], which has nothing to choose.
#[derive(Config, Debug)]
pub struct EfficientNetLite0Config {}

/// EfficientNet-Lite0 without its classifier.
#[derive(Module, Debug)]
pub struct EfficientNetLite0 {
    /// Halves the sides, from the colours to the first channels.
    pub stem: Conv2d,
    /// The blocks of all stages, in order.
    pub blocks: Vec<InvertedResidual>,
    /// Widens the last channels to the features.
    pub head: Conv2d,
}

/// What the network computes on its way: the output of every stage and of the head.
#[derive(Clone, Debug)]
pub struct Stages {
    /// The outputs of the seven stages: 16, 24, 40, 80, 112, 192 and 320 channels on 112, 56, 28, 14, 14, 7 and 7
    /// pixels a side.
    pub stages: Vec<Tensor<4>>,
    /// The head's output: `[batch, 1280, 7, 7]`.
    pub head: Tensor<4>,
}

impl EfficientNetLite0Config {
    /// The network with random weights.
    #[must_use]
    pub fn init(&self, device: &Device) -> EfficientNetLite0 {
        let mut channels = STEM_CHANNELS;
        let mut blocks = Vec::new();
        for [repeats, kernel, stride, expansion, outputs] in STAGES {
            for repeat in 0..repeats {
                let config = InvertedResidualConfig::new([channels, outputs], expansion, kernel)
                    .with_stride(if repeat == 0 { stride } else { 1 });
                blocks.push(config.init(device));
                channels = outputs;
            }
        }
        EfficientNetLite0 {
            stem: convolution(
                &Conv2dConfig::new([3, STEM_CHANNELS], [3, 3])
                    .with_stride([2, 2])
                    .with_padding(PaddingConfig2d::Same),
                device,
            ),
            blocks,
            head: convolution(&Conv2dConfig::new([channels, POOLED], [1, 1]), device),
        }
    }
}

impl EfficientNetLite0 {
    /// Computes the features of a batch of images.
    ///
    /// # Shapes
    /// - planes: `[batch, 3, 224, 224]`, as [`crate::image::Preprocessing::planes`] makes them
    pub fn forward(&self, planes: Tensor<4>) -> Stages {
        #[cfg(feature = "flex")]
        if super::is_plain_cpu(&planes.device()) {
            return cpu::forward(self, planes);
        }
        self.forward_by_layers(planes)
    }

    fn forward_by_layers(&self, planes: Tensor<4>) -> Stages {
        let mut hidden = relu6(self.stem.forward(planes)); // [batch, 32, 112, 112]
        let mut stages = Vec::with_capacity(STAGES.len());
        let mut blocks = self.blocks.iter();
        for [repeats, ..] in STAGES {
            for block in blocks.by_ref().take(repeats) {
                hidden = block.forward(hidden);
            }
            stages.push(hidden.clone());
        }
        let head = relu6(self.head.forward(hidden)); // [batch, 1280, 7, 7]
        Stages { stages, head }
    }
}

impl Stages {
    /// The head's output, averaged over the image.
    ///
    /// # Shapes
    /// - output: `[batch, 1280]`
    #[must_use]
    pub fn pooled(&self) -> Tensor<2> {
        channel_means(self.head.clone())
    }

    /// Means of every channel of every stage over the image, then their standard deviations: what the image's
    /// colours and textures are like, beside what it shows.
    ///
    /// # Shapes
    /// - output: `[batch, 1568]`
    #[must_use]
    pub fn statistics(&self) -> Tensor<2> {
        #[cfg(feature = "flex")]
        if super::is_plain_cpu(&self.head.device()) {
            return cpu::statistics(&self.stages);
        }
        self.statistics_by_layers()
    }

    fn statistics_by_layers(&self) -> Tensor<2> {
        let mut means = Vec::with_capacity(2 * self.stages.len());
        let mut deviations = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            let [batch, channels, height, width] = stage.dims();
            let values = stage.clone().reshape([batch, channels, height * width]);
            let mean = values.clone().mean_dim(2); // [batch, channels, 1]
            let variance = (values - mean.clone()).square().mean_dim(2); // [batch, channels, 1]
            means.push(mean.reshape([batch, channels]));
            deviations.push(variance.sqrt().reshape([batch, channels]));
        }
        means.append(&mut deviations);
        Tensor::cat(means, 1)
    }
}

/// Cuts to 0…6: one kernel on a graphics card, where a lower and an upper bound by themselves are two each.
fn relu6<const D: usize>(hidden: Tensor<D>) -> Tensor<D> {
    hidden.clamp(0.0, 6.0)
}
