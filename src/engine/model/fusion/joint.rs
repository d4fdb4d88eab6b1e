//! Joint fusion: the image's vector is mapped to the size of the caption's, both are pooled, and one classifier
//! follows.
//!
//! Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017, arXiv 1708.02099); the
//! linear map is their γ.

use burn::{
    config::Config,
    module::{Module, Param},
    nn::Linear,
    tensor::{Device, Tensor},
};

use super::{ByModality, Modality};
use crate::model::{
    parameters::{classifier, constant},
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
    /// How many labels there are.
    pub labels: usize,
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
            output: classifier(self.pooling.d_output(self.d_caption), self.labels, device),
            priors: constant(0.0, [Modality::ALONE.len(), self.labels], device),
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
    /// What is added to the logits of an image alone and of a caption alone: `[2, labels]`
    priors: Param<Tensor<2>>,
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

    /// Scores every label by the vectors that there are.
    ///
    /// Where a modality is absent, the other is pooled alone (see [`Pooling`]), never with zeros, and has a prior of its
    /// own beside the bias.
    ///
    /// # Shapes
    /// - vectors: `[batch, d_caption]` each
    /// - output: `[batch, labels]`, logits
    pub fn logits(&self, vectors: ByModality<Tensor<2>>) -> Tensor<2> {
        let kind = vectors.kind();
        let logits = self.output.forward(self.pooling.pool(vectors)); // [batch, labels]
        match kind {
            Modality::Both => logits,
            Modality::Image | Modality::Caption => logits + self.priors.val().narrow(0, kind.row_alone(), 1),
        }
    }

    /// How much a deviation of each of the image's and of the caption's features counts for each label, where the
    /// pooling lets the modality through as it is.
    ///
    /// # Shapes
    /// - output: `[d_image, labels]` and `[d_caption, labels]`
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

    const LABELS: usize = 3;

    fn model(pooling: Pooling) -> Joint {
        let device = Device::flex();
        let mut model = JointConfig::new(7, 5, LABELS, pooling).init(&device);
        model.output = LinearConfig::new(pooling.d_output(5), LABELS).init(&device);
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
            assert_eq!(many.dims(), [6, LABELS]);
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
    #[test]
    fn either_side_alone_has_its_own_prior_and_both_together_have_none() {
        let device = Device::flex();
        for pooling in Pooling::ALL {
            let mut model = model(pooling);
            let logits = |model: &Joint| {
                let vector = || Tensor::<2>::ones([1, 5], &device);
                [
                    ByModality::Image(vector()),
                    ByModality::Caption(vector()),
                    ByModality::Both {
                        image: vector(),
                        caption: vector(),
                    },
                ]
                .map(|vectors| model.logits(vectors))
            };
            let before = logits(&model);
            model.priors = Param::from_tensor(Tensor::from_floats([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], &device));
            let added = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [0.0; 3]];
            for ((after, before), added) in logits(&model).into_iter().zip(before).zip(added) {
                assert_close(after, before + Tensor::from_floats([added], &device));
            }
        }
    }
}
