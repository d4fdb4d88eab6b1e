//! GoogLeNet, the image tower of the paper that the fusion comes from: from planes to features.
//!
//! Szegedy, Liu, Jia, Sermanet, Reed, Anguelov, Erhan, Vanhoucke and Rabinovich, *Going Deeper with Convolutions* (2015,
//! arXiv 1409.4842), also called Inception v1, as Caffe's model zoo has it (`bvlc_googlenet`): local response
//! normalisation and no batch normalisation. The classifiers, the one at the end and the two on the way, are left out.

#[cfg(feature = "flex")]
mod cpu;
mod inception;
mod pooling;

use burn::{
    config::Config,
    module::Module,
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor, activation::relu},
};

pub use inception::{Inception, InceptionConfig};
use pooling::max_pool_halve;

use super::{channel_means, parameters::convolution};

/// Length of what [`GoogLeNet::forward`] gives for an image.
pub const FEATURES: usize = 1024;

/// The inception modules in their order, by the names of their weights.
pub(crate) const INCEPTIONS: [(&str, InceptionConfig); 9] = [
    ("inception_3a", inception(192, 64, [96, 128], [16, 32], 32)),
    ("inception_3b", inception(256, 128, [128, 192], [32, 96], 64)),
    ("inception_4a", inception(480, 192, [96, 208], [16, 48], 64)),
    ("inception_4b", inception(512, 160, [112, 224], [24, 64], 64)),
    ("inception_4c", inception(512, 128, [128, 256], [24, 64], 64)),
    ("inception_4d", inception(512, 112, [144, 288], [32, 64], 64)),
    ("inception_4e", inception(528, 256, [160, 320], [32, 128], 128)),
    ("inception_5a", inception(832, 256, [160, 320], [32, 128], 128)),
    ("inception_5b", inception(832, 384, [192, 384], [48, 128], 128)),
];

const fn inception(
    inputs: usize,
    conv_1x1: usize,
    conv_3x3: [usize; 2],
    conv_5x5: [usize; 2],
    pool_proj: usize,
) -> InceptionConfig {
    InceptionConfig {
        inputs,
        conv_1x1,
        conv_3x3,
        conv_5x5,
        pool_proj,
    }
}

/// Configuration of [`GoogLeNet`], which has nothing to choose.
#[derive(Config, Debug)]
pub struct GoogLeNetConfig {}

/// GoogLeNet without its classifiers; the fields have the names of their weights in Caffe's model zoo.
#[derive(Module, Debug)]
pub struct GoogLeNet {
    conv1: Conv2d,
    conv2_reduce: Conv2d,
    conv2: Conv2d,
    inception_3a: Inception,
    inception_3b: Inception,
    inception_4a: Inception,
    inception_4b: Inception,
    inception_4c: Inception,
    inception_4d: Inception,
    inception_4e: Inception,
    inception_5a: Inception,
    inception_5b: Inception,
}

impl GoogLeNetConfig {
    /// The network with random weights.
    #[must_use]
    pub fn init(&self, device: &Device) -> GoogLeNet {
        GoogLeNet {
            conv1: convolution(
                &Conv2dConfig::new([3, 64], [7, 7])
                    .with_stride([2, 2])
                    .with_padding(PaddingConfig2d::Explicit(3, 3, 3, 3)),
                device,
            ),
            conv2_reduce: convolution(&Conv2dConfig::new([64, 64], [1, 1]), device),
            conv2: convolution(
                &Conv2dConfig::new([64, 192], [3, 3]).with_padding(PaddingConfig2d::Same),
                device,
            ),
            inception_3a: INCEPTIONS[0].1.init(device),
            inception_3b: INCEPTIONS[1].1.init(device),
            inception_4a: INCEPTIONS[2].1.init(device),
            inception_4b: INCEPTIONS[3].1.init(device),
            inception_4c: INCEPTIONS[4].1.init(device),
            inception_4d: INCEPTIONS[5].1.init(device),
            inception_4e: INCEPTIONS[6].1.init(device),
            inception_5a: INCEPTIONS[7].1.init(device),
            inception_5b: INCEPTIONS[8].1.init(device),
        }
    }
}

impl GoogLeNet {
    /// Computes the features of a batch of images: the last inception module's output, averaged over the image.
    ///
    /// # Shapes
    /// - planes: `[batch, 3, 224, 224]`, blue, green and red as [`crate::image::Preprocessing::googlenet`] makes them
    /// - output: `[batch, 1024]`
    pub fn forward(&self, planes: Tensor<4>) -> Tensor<2> {
        channel_means(self.feature_map(planes))
    }

    /// The last inception module's output.
    ///
    /// # Shapes
    /// - planes: as for [`GoogLeNet::forward`]
    /// - output: `[batch, 1024, 7, 7]`
    pub fn feature_map(&self, planes: Tensor<4>) -> Tensor<4> {
        let hidden = relu(self.conv1.forward(planes)); // [batch, 64, 112, 112]
        let hidden = local_response_norm(max_pool_halve(hidden)); // [batch, 64, 56, 56]
        let hidden = relu(self.conv2_reduce.forward(hidden)); // [batch, 64, 56, 56]
        let hidden = relu(self.conv2.forward(hidden)); // [batch, 192, 56, 56]
        let hidden = max_pool_halve(local_response_norm(hidden)); // [batch, 192, 28, 28]
        let hidden = self.inception_3a.forward(hidden); // [batch, 256, 28, 28]
        let hidden = self.inception_3b.forward(hidden); // [batch, 480, 28, 28]
        let hidden = max_pool_halve(hidden); // [batch, 480, 14, 14]
        let hidden = self.inception_4a.forward(hidden); // [batch, 512, 14, 14]
        let hidden = self.inception_4b.forward(hidden);
        let hidden = self.inception_4c.forward(hidden);
        let hidden = self.inception_4d.forward(hidden); // [batch, 528, 14, 14]
        let hidden = self.inception_4e.forward(hidden); // [batch, 832, 14, 14]
        let hidden = max_pool_halve(hidden); // [batch, 832, 7, 7]
        let hidden = self.inception_5a.forward(hidden); // [batch, 832, 7, 7]
        self.inception_5b.forward(hidden) // [batch, 1024, 7, 7]
    }
}

/// Channels that are normalised together.
const NEIGHBOURS: usize = 5;

/// Divides each number by `(1 + 1e-4 / 5 · s)^0.75`, `s` being the sum of squares over five neighbouring channels.
///
/// Krizhevsky, Sutskever and Hinton, *ImageNet Classification with Deep Convolutional Neural Networks* (2012), with
/// the constants of GoogLeNet. Sums over neighbours are sums of whole planes moved by a channel, and the power is made
/// of square roots: on the CPU several times as fast as burn's `LocalResponseNorm`, which the tests compare it with.
///
/// # Shapes
/// - hidden and output: `[batch, channels, height, width]`
fn local_response_norm(hidden: Tensor<4>) -> Tensor<4> {
    let [batch, channels, height, width] = hidden.dims();
    let beyond = Tensor::zeros([batch, NEIGHBOURS / 2, height, width], &hidden.device());
    let squares = Tensor::cat(vec![beyond.clone(), hidden.clone().square(), beyond], 1);
    let sum = (1..NEIGHBOURS).fold(squares.clone().narrow(1, 0, channels), |sum, offset| {
        sum + squares.clone().narrow(1, offset, channels)
    });
    let root = (sum * (1e-4 / NEIGHBOURS as f64) + 1.0).sqrt();
    hidden / (root.clone() * root.sqrt())
}

#[cfg(test)]
mod tests {
    use burn::{nn::LocalResponseNormConfig, tensor::Distribution};

    use super::*;

    fn noise(shape: [usize; 4], bound: f64) -> Tensor<4> {
        Tensor::random(shape, Distribution::Uniform(-bound, bound), &Device::flex())
    }

    fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
        tensor.into_data().try_into_vec().unwrap()
    }

    fn difference(left: &[f32], right: &[f32]) -> f32 {
        assert_eq!(left.len(), right.len());
        let largest = right.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let differences = left.iter().zip(right).map(|(left, right)| (left - right).abs());
        differences.fold(0.0, f32::max) / largest
    }

    #[test]
    fn response_normalisation_agrees_with_burns() {
        let reference = LocalResponseNormConfig::new(5).init();
        for channels in [1, 3, 64] {
            let hidden = noise([2, channels, 5, 7], 400.0);
            let expected = values(reference.forward(hidden.clone()));
            assert!(difference(&values(local_response_norm(hidden)), &expected) < 1e-6);
        }
    }

    #[test]
    fn a_batch_of_one_equals_its_row_of_many() {
        let device = Device::flex();
        device.seed(5);
        let network = GoogLeNetConfig::new().init(&device);
        let planes = noise([3, 3, 64, 64], 120.0);
        let together = values(network.forward(planes.clone()));
        for (index, row) in together.chunks_exact(FEATURES).enumerate() {
            let alone = values(network.forward(planes.clone().narrow(0, index, 1)));
            assert!(difference(&alone, row) < 1e-5);
        }
    }
}
