//! Common-space fusion: image and caption are mapped into one space, in which either stands in for both.
//!
//! Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017, arXiv
//! 1708.02099), the common space model. An auxiliary task draws the two vectors of a post together and
//! pushes an image's vector away from captions of other classes; it lives with the training.

use burn::{
    config::Config,
    module::{Module, Param},
    nn::{Linear, LinearConfig},
    tensor::{Device, Tensor},
};

use super::{ByModality, Modality};
use crate::model::{
    parameters::{constant, linear},
    projection::Projection,
};

/// Sizes of a [`CommonSpace`].
#[derive(Config, Debug)]
pub struct CommonSpaceConfig {
    /// Length of an image's feature vector.
    pub d_image: usize,
    /// Length of a caption's feature vector.
    pub d_caption: usize,
    /// How many labels there are.
    pub labels: usize,
    /// Length of a vector in the common space.
    #[config(default = 32)]
    pub d_common: usize,
    /// How much the image counts beside a caption, for which it counts 1.
    #[config(default = 1.0)]
    pub image_share: f32,
}

impl CommonSpaceConfig {
    /// A classifier with random weights.
    #[must_use]
    pub fn init(&self, device: &Device) -> CommonSpace {
        CommonSpace {
            image: Projection::new(self.d_image, self.d_common, device),
            caption: Projection::new(self.d_caption, self.d_common, device),
            output: linear(&LinearConfig::new(self.d_common, self.labels).with_bias(false), device),
            priors: constant(0.0, [Modality::ALL.len(), self.labels], device),
            image_share: self.image_share,
        }
    }
}

/// The common-space classifier.
#[derive(Module, Debug)]
pub struct CommonSpace {
    image: Projection,
    caption: Projection,
    output: Linear,
    priors: Param<Tensor<2>>,
    image_share: f32,
}

impl CommonSpace {
    /// The image's way into the common space.
    ///
    /// # Shapes
    /// - features: `[batch, d_image]`
    /// - output: `[batch, d_common]`
    pub fn image(&self, features: Tensor<2>) -> Tensor<2> {
        self.image.forward(features)
    }

    /// The caption's way into the common space.
    ///
    /// # Shapes
    /// - features: `[batch, d_caption]`
    /// - output: `[batch, d_common]`
    pub fn caption(&self, features: Tensor<2>) -> Tensor<2> {
        self.caption.forward(features)
    }

    /// A post's vector: the caption's and the image's, which counts less than it does alone.
    ///
    /// # Shapes
    /// - image, caption, output: `[batch, d_common]`
    pub fn both(&self, image: Tensor<2>, caption: Tensor<2>) -> Tensor<2> {
        image * self.image_share + caption
    }

    /// Scores every label for vectors of the common space: of an image, of a caption, or of
    /// [`CommonSpace::both`].
    ///
    /// # Shapes
    /// - vectors: `[batch, d_common]`
    /// - output: `[batch, labels]`, logits
    pub fn logits(&self, vectors: Tensor<2>, kind: Modality) -> Tensor<2> {
        let prior = self.priors.val().narrow(0, kind.index(), 1); // [1, labels]
        self.output.forward(vectors) + prior // [batch, labels]
    }

    /// How much a deviation of each of the image's and of the caption's features counts for each label.
    ///
    /// # Shapes
    /// - output: `[d_image, labels]` and `[d_caption, labels]`
    #[must_use]
    pub fn standardised_weights(&self) -> ByModality<Tensor<2>> {
        let of = |modality: &Projection| modality.weights().matmul(self.output.weight.val());
        ByModality::Both {
            image: of(&self.image),
            caption: of(&self.caption),
        }
    }

    /// Sets the means and deviations by which the features of either modality are standardised.
    #[must_use]
    pub fn with_statistics(mut self, image: [Tensor<1>; 2], caption: [Tensor<1>; 2]) -> Self {
        self.image = self.image.with_statistics(image);
        self.caption = self.caption.with_statistics(caption);
        self
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Distribution, Tolerance};

    use super::*;

    const LABELS: usize = 3;

    fn model(device: &Device) -> CommonSpace {
        device.seed(1);
        CommonSpaceConfig::new(7, 5, LABELS).with_d_common(4).init(device)
    }

    #[test]
    fn a_batch_of_one_equals_its_row_of_many() {
        let device = Device::flex();
        let model = model(&device);
        let features = Tensor::<2>::random([6, 7], Distribution::Default, &device);
        let many = model.logits(model.image(features.clone()), Modality::Image);
        let one = model.logits(model.image(features.slice([2..3, 0..7])), Modality::Image);
        one.into_data()
            .assert_approx_eq::<f32>(&many.narrow(0, 2, 1).into_data(), Tolerance::absolute(1e-5));
    }

    #[test]
    fn standardised_weights_times_deviations_is_what_an_image_adds_to_the_logits() {
        let device = Device::flex();
        let model = model(&device);
        let features = Tensor::<2>::random([2, 7], Distribution::Default, &device);
        let logits = model.logits(model.image(features.clone()), Modality::Image);
        let image = model.standardised_weights().image().expect("both modalities");
        logits
            .into_data()
            .assert_approx_eq::<f32>(&features.matmul(image).into_data(), Tolerance::absolute(1e-5));
    }

    #[test]
    fn beside_a_caption_the_image_counts_by_its_share() {
        let device = Device::flex();
        let model = CommonSpaceConfig::new(7, 5, LABELS).with_image_share(0.5).init(&device);
        let both = model.both(Tensor::ones([1, 2], &device), Tensor::ones([1, 2], &device));
        assert_eq!(both.into_data().try_to_vec::<f32>().expect("floats"), [1.5, 1.5]);
    }

    #[test]
    fn without_priors_the_standardised_weights_of_image_and_caption_adds_up() {
        let device = Device::flex();
        let model = model(&device);
        let image = model.image(Tensor::random([2, 7], Distribution::Default, &device));
        let caption = model.caption(Tensor::random([2, 5], Distribution::Default, &device));
        let both = model.logits(model.both(image.clone(), caption.clone()), Modality::Both);
        let sum = model.logits(image, Modality::Image) + model.logits(caption, Modality::Caption);
        both.into_data()
            .assert_approx_eq::<f32>(&sum.into_data(), Tolerance::absolute(1e-5));
    }
}
