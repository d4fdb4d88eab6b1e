//! A linear classifier on the features of the caption tower: what the fusions read of a caption, without a picture.

use burn::{
    config::Config,
    module::Module,
    tensor::{Device, Tensor},
};

use crate::{emotion::EMOTIONS, model::projection::Projection};

/// Sizes of a [`CaptionBaseline`].
#[derive(Config, Debug)]
pub struct CaptionBaselineConfig {
    /// Length of a caption's feature vector.
    pub d_caption: usize,
}

impl CaptionBaselineConfig {
    /// A classifier that does not prefer any label yet.
    #[must_use]
    pub fn init(&self, device: &Device) -> CaptionBaseline {
        CaptionBaseline {
            output: Projection::classifier(self.d_caption, EMOTIONS, device),
        }
    }
}

/// The classifier of captions alone. A post without one has no answer.
#[derive(Module, Debug)]
pub struct CaptionBaseline {
    output: Projection,
}

impl CaptionBaseline {
    /// Sets the means and deviations by which the features are standardised.
    #[must_use]
    pub fn with_statistics(mut self, statistics: [Tensor<1>; 2]) -> Self {
        self.output = self.output.with_statistics(statistics);
        self
    }

    /// Scores every emotion.
    ///
    /// # Shapes
    /// - features: `[batch, d_caption]`
    /// - output: `[batch, emotions]`, logits
    pub fn forward(&self, features: Tensor<2>) -> Tensor<2> {
        self.output.forward(features)
    }

    /// How much a deviation of each feature counts for each emotion.
    ///
    /// # Shapes
    /// - output: `[d_caption, emotions]`
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
        let model = CaptionBaseline {
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
