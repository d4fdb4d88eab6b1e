//! Joint fusion: the image's vector is mapped to the size of the caption's, both are pooled, and one classifier
//! follows.
//!
//! Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017, arXiv 1708.02099); the
//! linear map is their γ.

use burn::{
    config::Config,
    module::Module,
    nn::Linear,
    tensor::{Device, Tensor},
};
use emofuse_core::emotion::EMOTIONS;

use super::ByModality;
use crate::model::{
    parameters::classifier,
    pooling::Pooling,
    projection::{Projection, Standardiser},
};

/// Sizes of a [`Joint`].
#[derive(Config, Debug)]
pub struct JointConfig {
    /// Length of an image's feature vector.
    pub d_image: usize,
    /// Length of a caption's feature vector.
    pub d_caption: usize,
    /// How the two vectors become one.
    pub pooling: Pooling,
}

impl JointConfig {
    /// A random γ and a classifier that does not prefer any label yet.
    #[must_use]
    pub fn init(&self, device: &Device) -> Joint {
        Joint {
            image: Projection::new(self.d_image, self.d_caption, device),
            caption: Standardiser::new(self.d_caption, device),
            output: classifier(self.pooling.d_output(self.d_caption), EMOTIONS, device),
            pooling: self.pooling,
        }
    }
}

/// The joint-fusion classifier.
#[derive(Module, Debug)]
pub struct Joint {
    /// γ.
    image: Projection,
    caption: Standardiser,
    output: Linear,
    #[module(skip)]
    pooling: Pooling,
}

impl Joint {
    /// Sets the means and deviations by which the features of either modality are standardised.
    #[must_use]
    pub fn with_statistics(mut self, image: [Tensor<1>; 2], caption: [Tensor<1>; 2]) -> Self {
        self.image = self.image.with_statistics(image);
        self.caption = self.caption.with_statistics(caption);
        self
    }

    /// The image's vector, as long as a caption's.
    ///
    /// # Shapes
    /// - features: `[batch, d_image]`
    /// - output: `[batch, d_caption]`
    pub fn image(&self, features: Tensor<2>) -> Tensor<2> {
        self.image.forward(features)
    }

    /// The caption's vector.
    ///
    /// # Shapes
    /// - features, output: `[batch, d_caption]`
    pub fn caption(&self, features: Tensor<2>) -> Tensor<2> {
        self.caption.forward(features)
    }

    /// Scores every emotion by the vectors that there are.
    ///
    /// Where a modality is absent, what there is is pooled alone (see [`Pooling`]). The classifier was trained on both
    /// together, so one modality alone is what it has never seen.
    ///
    /// # Shapes
    /// - vectors: `[batch, d_caption]` each
    /// - output: `[batch, emotions]`, logits
    pub fn logits(&self, vectors: ByModality<Tensor<2>>) -> Tensor<2> {
        self.output.forward(self.pooling.pool(vectors))
    }

    /// How much a deviation of each of the image's and of the caption's features counts for each emotion, where the
    /// pooling lets the modality through as it is.
    ///
    /// # Shapes
    /// - output: `[d_image, emotions]` and `[d_caption, emotions]`
    #[must_use]
    pub fn standardised_weights(&self) -> ByModality<Tensor<2>> {
        let weights = self.output.weight.val();
        let d_caption = self.image.weights().dims()[1];
        let (image, caption) = match self.pooling {
            Pooling::Concatenation => (
                weights.clone().narrow(0, 0, d_caption),
                weights.narrow(0, d_caption, d_caption),
            ),
            Pooling::Max | Pooling::Mean | Pooling::Sum | Pooling::Product => (weights.clone(), weights),
        };
        ByModality::Both {
            image: self.image.weights().matmul(image),
            caption,
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::{
        nn::LinearConfig,
        tensor::{Distribution, Tolerance},
    };

    use super::*;

    fn model(pooling: Pooling) -> Joint {
        let device = Device::flex();
        let mut model = JointConfig::new(7, 5, pooling).init(&device);
        model.output = LinearConfig::new(pooling.d_output(5), EMOTIONS).init(&device);
        model
    }

    fn noise(shape: [usize; 2]) -> Tensor<2> {
        Tensor::random(shape, Distribution::Normal(0.0, 1.0), &Device::flex())
    }

    fn assert_close(left: Tensor<2>, right: Tensor<2>) {
        left.into_data()
            .assert_approx_eq::<f32>(&right.into_data(), Tolerance::absolute(1e-5));
    }

    #[test]
    fn a_batch_of_one_equals_its_row_of_many_by_every_pooling() {
        for pooling in Pooling::ALL {
            let model = model(pooling);
            let (images, captions) = (noise([6, 7]), noise([6, 5]));
            let logits = |images, captions| {
                model.logits(ByModality::Both {
                    image: model.image(images),
                    caption: model.caption(captions),
                })
            };
            let many = logits(images.clone(), captions.clone());
            assert_eq!(many.dims(), [6, EMOTIONS]);
            let one = logits(images.narrow(0, 2, 1), captions.narrow(0, 2, 1));
            assert_close(one, many.narrow(0, 2, 1));
        }
    }

    #[test]
    fn a_side_alone_is_classified_as_it_is() {
        for pooling in [Pooling::Max, Pooling::Mean, Pooling::Sum, Pooling::Product] {
            let model = model(pooling);
            let image = model.image(noise([3, 7]));
            assert_close(
                model.logits(ByModality::Image(image.clone())),
                model.output.forward(image),
            );
        }
    }

    #[test]
    fn side_by_side_an_absent_vector_takes_no_part() {
        let model = model(Pooling::Concatenation);
        let (image, caption) = (model.image(noise([3, 7])), model.caption(noise([3, 5])));
        let bias = model.output.bias.as_ref().unwrap().val().unsqueeze();
        let both = model.logits(ByModality::Both {
            image: image.clone(),
            caption: caption.clone(),
        });
        let apart = model.logits(ByModality::Image(image)) + model.logits(ByModality::Caption(caption)) - bias;
        assert_close(both, apart);
    }
}
