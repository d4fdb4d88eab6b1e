//! The baseline for images and for captions: a linear classifier on the features of a frozen tower.
//!
//! For images that is the system of Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media*
//! (2017, arXiv 1708.02099), on the features of GoogLeNet without its last layer; for captions it is what the fusions
//! read of a caption, without an image.

use burn::{
    config::Config,
    module::Module,
    nn::Linear,
    tensor::{Device, Tensor},
};

use crate::model::projection::Projection;

/// Sizes of a [`LinearBaseline`].
#[derive(Config, Debug)]
pub struct LinearBaselineConfig {
    /// Length of a feature vector.
    pub d_features: usize,
    /// How many labels there are.
    pub labels: usize,
}

impl LinearBaselineConfig {
    /// A classifier that does not prefer any label yet.
    #[must_use]
    pub fn init(&self, device: &Device) -> LinearBaseline {
        LinearBaseline {
            output: Projection::classifier(self.d_features, self.labels, device),
        }
    }
}

/// The classifier of images alone, or of captions alone. A post without that side has no prediction.
#[derive(Module, Debug)]
pub struct LinearBaseline {
    output: Projection,
}

impl LinearBaseline {
    /// Sets the means and deviations by which the features are standardised.
    #[must_use]
    pub fn with_statistics(mut self, statistics: [Tensor<1>; 2]) -> Self {
        self.output = self.output.with_statistics(statistics);
        self
    }

    /// Standardises features, as [`LinearBaseline::forward`] does before its linear layer.
    ///
    /// # Shapes
    /// - features, output: `[batch, d_features]`
    pub fn standardise(&self, features: Tensor<2>) -> Tensor<2> {
        self.output.standardise(features)
    }

    /// The linear layer behind the standardised features.
    #[must_use]
    pub fn linear(&self) -> &Linear {
        &self.output.linear
    }

    /// Sets the linear layer.
    #[must_use]
    pub fn with_linear(mut self, linear: Linear) -> Self {
        self.output.linear = linear;
        self
    }

    /// Scores every label.
    ///
    /// # Shapes
    /// - features: `[batch, d_features]`
    /// - output: `[batch, labels]`, logits
    pub fn forward(&self, features: Tensor<2>) -> Tensor<2> {
        self.output.forward(features)
    }

    /// How much a deviation of each feature counts for each label.
    ///
    /// # Shapes
    /// - output: `[d_features, labels]`
    #[must_use]
    pub fn standardised_weights(&self) -> Tensor<2> {
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
        let model = LinearBaseline {
            output: Projection::new(7, 3, &device),
        };
        let features = Tensor::<2>::random([6, 7], Distribution::Default, &device);
        let many = model.forward(features.clone());
        assert_eq!(many.dims(), [6, 3]);
        let one = model.forward(features.narrow(0, 2, 1));
        one.into_data()
            .assert_approx_eq::<f32>(&many.narrow(0, 2, 1).into_data(), Tolerance::absolute(1e-5));
    }
}
