//! The baseline for pictures: a linear classifier on the features of a convolutional network trained on ImageNet.
//!
//! In Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017, arXiv 1708.02099), the
//! network is GoogLeNet without its last layer.

use burn::{
    config::Config,
    module::Module,
    tensor::{Device, Tensor},
};

use crate::{emotion::EMOTIONS, model::projection::Projection};

/// Sizes of a [`PictureBaseline`].
#[derive(Config, Debug)]
pub struct PictureBaselineConfig {
    /// Length of a picture's feature vector.
    pub d_picture: usize,
}

impl PictureBaselineConfig {
    /// A classifier that does not prefer any label yet.
    #[must_use]
    pub fn init(&self, device: &Device) -> PictureBaseline {
        PictureBaseline {
            output: Projection::classifier(self.d_picture, EMOTIONS, device),
        }
    }
}

/// The classifier of pictures alone. A post without one has no answer.
#[derive(Module, Debug)]
pub struct PictureBaseline {
    output: Projection,
}

impl PictureBaseline {
    /// Sets the means and deviations by which the features are standardised.
    #[must_use]
    pub fn with_statistics(mut self, statistics: [Tensor<1>; 2]) -> Self {
        self.output = self.output.with_statistics(statistics);
        self
    }

    /// Scores every emotion.
    ///
    /// # Shapes
    /// - features: `[batch, d_picture]`
    /// - output: `[batch, emotions]`, logits
    pub fn forward(&self, features: Tensor<2>) -> Tensor<2> {
        self.output.forward(features)
    }

    /// How much a deviation of each feature counts for each emotion.
    ///
    /// # Shapes
    /// - output: `[d_picture, emotions]`
    #[must_use]
    pub fn evidence(&self) -> Tensor<2> {
        self.output.weights()
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Distribution, Tolerance};

    use super::*;

    #[test]
    fn a_batch_of_one_equals_its_row_of_many() {
        let device = Device::flex();
        let model = PictureBaseline {
            output: Projection::new(7, EMOTIONS, &device),
        };
        let features = Tensor::<2>::random([6, 7], Distribution::Default, &device);
        let many = model.forward(features.clone());
        assert_eq!(many.dims(), [6, EMOTIONS]);
        let one = model.forward(features.narrow(0, 2, 1));
        one.into_data()
            .assert_approx_eq::<f32>(&many.narrow(0, 2, 1).into_data(), Tolerance::absolute(1e-5));
    }
}
