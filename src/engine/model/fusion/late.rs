//! Late fusion: a classifier for images, one for captions, and a combination of what they decide.
//!
//! Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017, arXiv 1708.02099).

use burn::{
    config::Config,
    module::{Module, Param},
    tensor::{Device, Tensor, activation::log_softmax},
};
use serde::{Deserialize, Serialize};

use super::ByModality;
use crate::model::{parameters::constant, projection::Projection};

/// How two decisions become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Combination {
    /// The mean of the probabilities.
    Mean,
    /// The product of the probabilities.
    Product,
    /// A product in which each side's probabilities have an exponent, learnt from decisions of the two classifiers that
    /// it does not change.
    Learnt,
}

impl Combination {
    /// All combinations.
    pub const ALL: [Self; 3] = [Self::Mean, Self::Product, Self::Learnt];

    /// The name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Product => "product",
            Self::Learnt => "learnt weighting",
        }
    }
}

/// Sizes of a [`Late`].
#[derive(Config, Debug)]
pub struct LateConfig {
    /// Length of an image's feature vector.
    pub d_image: usize,
    /// Length of a caption's feature vector.
    pub d_caption: usize,
    /// How many labels there are.
    pub labels: usize,
    /// How the two decisions become one.
    pub combination: Combination,
}

impl LateConfig {
    /// Two classifiers that do not prefer any label yet, of which neither counts for more than the other.
    #[must_use]
    pub fn init(&self, device: &Device) -> Late {
        let even = || constant(0.5, [1], device);
        Late {
            image: Projection::classifier(self.d_image, self.labels, device),
            caption: Projection::classifier(self.d_caption, self.labels, device),
            image_weight: even(),
            caption_weight: even(),
            combination: self.combination,
        }
    }
}

/// The late-fusion classifier.
#[derive(Module, Debug)]
pub struct Late {
    image: Projection,
    caption: Projection,
    image_weight: Param<Tensor<1>>,
    caption_weight: Param<Tensor<1>>,
    #[module(skip)]
    combination: Combination,
}

impl Late {
    /// Sets the means and deviations by which the features of either modality are standardised.
    #[must_use]
    pub fn with_statistics(mut self, image: [Tensor<1>; 2], caption: [Tensor<1>; 2]) -> Self {
        self.image = self.image.with_statistics(image);
        self.caption = self.caption.with_statistics(caption);
        self
    }

    /// How the two decisions become one.
    #[must_use]
    pub fn combination(&self) -> Combination {
        self.combination
    }

    /// What the classifier of images decides.
    ///
    /// # Shapes
    /// - features: `[batch, d_image]`
    /// - output: `[batch, labels]`, logits
    pub fn image(&self, features: Tensor<2>) -> Tensor<2> {
        self.image.forward(features)
    }

    /// What the classifier of captions decides.
    ///
    /// # Shapes
    /// - features: `[batch, d_caption]`
    /// - output: `[batch, labels]`, logits
    pub fn caption(&self, features: Tensor<2>) -> Tensor<2> {
        self.caption.forward(features)
    }

    /// How much a deviation of each of the image's and of the caption's features counts for each label.
    ///
    /// # Shapes
    /// - output: `[d_image, labels]` and `[d_caption, labels]`
    #[must_use]
    pub fn standardised_weights(&self) -> ByModality<Tensor<2>> {
        ByModality::Both {
            image: self.image.weights(),
            caption: self.caption.weights(),
        }
    }

    /// Combines the decisions that there are; a decision alone stands as it is.
    ///
    /// # Shapes
    /// - decisions: `[batch, labels]` each, logits
    /// - output: `[batch, labels]`, logits
    pub fn logits(&self, decisions: ByModality<Tensor<2>>) -> Tensor<2> {
        let (image, caption) = match decisions {
            ByModality::Both { image, caption } => (log_softmax(image, 1), log_softmax(caption, 1)),
            ByModality::Image(decision) | ByModality::Caption(decision) => return decision,
        };
        match self.combination {
            // The logarithm of a mean, without a probability that could become zero; the half is the same for all.
            Combination::Mean => {
                let larger = image.clone().max_pair(caption.clone()); // [batch, labels]
                ((image - larger.clone()).exp() + (caption - larger.clone()).exp()).log() + larger
            }
            Combination::Product => image + caption,
            Combination::Learnt => {
                image.detach() * self.image_weight.val().unsqueeze()
                    + caption.detach() * self.caption_weight.val().unsqueeze()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Distribution, Tolerance, activation::softmax};

    use super::*;

    const LABELS: usize = 3;

    fn model(combination: Combination, device: &Device) -> Late {
        Late {
            image: Projection::new(7, LABELS, device),
            caption: Projection::new(5, LABELS, device),
            ..LateConfig::new(7, 5, LABELS, combination).init(device)
        }
    }

    fn noise(shape: [usize; 2], device: &Device) -> Tensor<2> {
        Tensor::random(shape, Distribution::Normal(0.0, 1.0), device)
    }

    fn assert_close(left: Tensor<2>, right: Tensor<2>) {
        left.into_data()
            .assert_approx_eq::<f32>(&right.into_data(), Tolerance::absolute(1e-5));
    }

    #[test]
    fn a_batch_of_one_equals_its_row_of_many() {
        let device = Device::flex();
        for combination in Combination::ALL {
            let model = model(combination, &device);
            let (images, captions) = (noise([6, 7], &device), noise([6, 5], &device));
            let logits = |images, captions| {
                model.logits(ByModality::Both {
                    image: model.image(images),
                    caption: model.caption(captions),
                })
            };
            let many = logits(images.clone(), captions.clone());
            let one = logits(images.narrow(0, 2, 1), captions.narrow(0, 2, 1));
            assert_close(one, many.narrow(0, 2, 1));
        }
    }

    #[test]
    fn a_decision_alone_stands_as_it_is() {
        let device = Device::flex();
        for combination in Combination::ALL {
            let model = model(combination, &device);
            let decision = model.image(noise([3, 7], &device));
            assert_close(model.logits(ByModality::Image(decision.clone())), decision.clone());
            assert_close(model.logits(ByModality::Caption(decision.clone())), decision);
        }
    }

    #[test]
    fn mean_and_product_are_those_of_the_probabilities() {
        let device = Device::flex();
        let (image, caption) = (noise([3, LABELS], &device), noise([3, LABELS], &device));
        let combined = |combination| {
            softmax(
                model(combination, &device).logits(ByModality::Both {
                    image: image.clone(),
                    caption: caption.clone(),
                }),
                1,
            )
        };
        let (left, right) = (softmax(image.clone(), 1), softmax(caption.clone(), 1));
        assert_close(combined(Combination::Mean), (left.clone() + right.clone()) / 2.0);
        let product = left * right;
        assert_close(combined(Combination::Product), product.clone() / product.sum_dim(1));
    }

    #[test]
    fn the_learnt_weighting_learns_and_leaves_the_classifiers_alone() {
        let device = Device::flex().autodiff();
        let model = model(Combination::Learnt, &device);
        let image = model.image(noise([3, 7], &device));
        let caption = model.caption(noise([3, 5], &device));
        let gradients = model
            .logits(ByModality::Both { image, caption })
            .powi_scalar(2)
            .sum()
            .backward();
        for weight in [&model.image_weight, &model.caption_weight] {
            let gradient = weight.val().grad(&gradients).unwrap();
            assert!(gradient.abs().sum().into_scalar::<f32>() > 0.0);
        }
        let features = Tensor::<2>::ones([1, 7], &device).require_grad();
        let decision = model.image(features.clone());
        let gradients = model
            .logits(ByModality::Both {
                image: decision.clone(),
                caption: decision,
            })
            .sum()
            .backward();
        assert!(
            features
                .grad(&gradients)
                .is_none_or(|gradient| gradient.abs().sum().into_scalar::<f32>() == 0.0)
        );
    }
}
