//! Common-space fusion: picture and caption are mapped into one space, in which either stands in for both.
//!
//! Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017, arXiv
//! 1708.02099), the common space model. An auxiliary task draws the two vectors of a post together and
//! pushes a picture's vector away from captions of other classes; it lives with the training.

use burn::{
    config::Config,
    module::{Initializer, Module, Param},
    nn::{Linear, LinearConfig},
    tensor::{Device, Tensor},
};
use serde::{Deserialize, Serialize};

use super::InputKind;
use crate::{emotion::EMOTIONS, model::projection::Projection};

/// What bounds the vectors of the common space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// The hyperbolic tangent: no side can outvote the other without limit.
    #[default]
    Tanh,
    /// Nothing: with a linear classifier behind it, the whole is a linear classifier of low rank.
    Linear,
}

impl Activation {
    fn apply(self, vectors: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Tanh => vectors.tanh(),
            Self::Linear => vectors,
        }
    }

    /// Whether it is what a model file without a word about it means.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Sizes of a [`CommonSpace`].
#[derive(Config, Debug)]
pub struct CommonSpaceConfig {
    /// Length of a picture's feature vector.
    pub d_image: usize,
    /// Length of a caption's feature vector.
    pub d_caption: usize,
    /// Length of a vector in the common space.
    #[config(default = 128)]
    pub d_common: usize,
    /// Share of the features that training drops.
    #[config(default = 0.5)]
    pub dropout: f64,
    /// What bounds the vectors.
    #[config(default = "Activation::Tanh")]
    pub activation: Activation,
}

impl CommonSpaceConfig {
    /// A classifier with random weights.
    #[must_use]
    pub fn init(&self, device: &Device) -> CommonSpace {
        CommonSpace {
            image: Projection::new(self.d_image, self.d_common, self.dropout, device),
            caption: Projection::new(self.d_caption, self.d_common, self.dropout, device),
            output: LinearConfig::new(self.d_common, EMOTIONS).with_bias(false).init(device),
            priors: Initializer::Zeros.init([InputKind::ALL.len(), EMOTIONS], device),
            activation: self.activation,
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
    #[module(skip)]
    activation: Activation,
}

impl CommonSpace {
    /// The picture's way into the common space.
    ///
    /// # Shapes
    /// - features: `[batch, d_image]`
    /// - output: `[batch, d_common]`, each in −1…1 by [`Activation::Tanh`]
    pub fn image(&self, features: Tensor<2>) -> Tensor<2> {
        self.activation.apply(self.image.forward(features))
    }

    /// The caption's way into the common space.
    ///
    /// # Shapes
    /// - features: `[batch, d_caption]`
    /// - output: `[batch, d_common]`, each in −1…1 by [`Activation::Tanh`]
    pub fn caption(&self, features: Tensor<2>) -> Tensor<2> {
        self.activation.apply(self.caption.forward(features))
    }

    /// Scores every emotion for vectors of the common space: of a picture, of a caption, or the
    /// sum of both.
    ///
    /// # Shapes
    /// - vectors: `[batch, d_common]`
    /// - output: `[batch, emotions]`, logits
    pub fn logits(&self, vectors: Tensor<2>, kind: InputKind) -> Tensor<2> {
        let row = kind.index();
        let prior = self.priors.val().slice([row..row + 1, 0..EMOTIONS]); // [1, emotions]
        self.output.forward(vectors) + prior // [batch, emotions]
    }

    /// Folds classifiers that were trained apart into one whose logits are the mean of theirs: their
    /// common spaces lie side by side.
    ///
    /// # Panics
    /// Without members, or where their features differ in length.
    #[must_use]
    pub fn fold(members: Vec<Self>) -> Self {
        let share = 1.0 / members.len() as f32;
        let image = members.iter().map(|member| member.image.clone()).collect();
        let caption = members.iter().map(|member| member.caption.clone()).collect();
        let outputs = members
            .iter()
            .map(|member| member.output.weight.val() * share)
            .collect();
        let priors = members
            .iter()
            .map(|member| member.priors.val() * share)
            .collect::<Vec<_>>();
        let mut output = members[0].output.clone();
        output.weight = Param::from_tensor(Tensor::cat(outputs, 0));
        Self {
            image: Projection::fold(image),
            caption: Projection::fold(caption),
            output,
            priors: Param::from_tensor(Tensor::stack::<3>(priors, 0).sum_dim(0).squeeze_dim(0)),
            activation: members[0].activation,
        }
    }

    /// Sets the means and deviations by which either side's features are standardised.
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

    fn model(device: &Device) -> CommonSpace {
        device.seed(1);
        CommonSpaceConfig::new(7, 5).with_d_common(4).init(device)
    }

    #[test]
    fn a_batch_of_one_equals_its_row_of_many() {
        let device = Device::flex();
        let model = model(&device);
        let features = Tensor::<2>::random([6, 7], Distribution::Default, &device);
        let many = model.logits(model.image(features.clone()), InputKind::Image);
        let one = model.logits(model.image(features.slice([2..3, 0..7])), InputKind::Image);
        one.into_data()
            .assert_approx_eq::<f32>(&many.slice([2..3, 0..EMOTIONS]).into_data(), Tolerance::absolute(1e-5));
    }

    #[test]
    fn folded_members_answer_with_the_mean_of_their_logits() {
        let device = Device::flex();
        let members: Vec<CommonSpace> = (0..3)
            .map(|seed| {
                device.seed(seed);
                CommonSpaceConfig::new(7, 5).with_d_common(4).init(&device)
            })
            .collect();
        let features = Tensor::<2>::random([2, 7], Distribution::Default, &device);
        let logits = |model: &CommonSpace| model.logits(model.image(features.clone()), InputKind::Both);
        let mean = (logits(&members[0]) + logits(&members[1]) + logits(&members[2])) / 3.0;
        let folded = logits(&CommonSpace::fold(members));
        folded
            .into_data()
            .assert_approx_eq::<f32>(&mean.into_data(), Tolerance::absolute(1e-5));
    }

    #[test]
    fn without_priors_the_evidence_of_picture_and_caption_adds_up() {
        let device = Device::flex();
        let model = model(&device);
        let image = model.image(Tensor::random([2, 7], Distribution::Default, &device));
        let caption = model.caption(Tensor::random([2, 5], Distribution::Default, &device));
        let both = model.logits(image.clone() + caption.clone(), InputKind::Both);
        let sum = model.logits(image, InputKind::Image) + model.logits(caption, InputKind::Caption);
        both.into_data()
            .assert_approx_eq::<f32>(&sum.into_data(), Tolerance::absolute(1e-5));
    }

    #[test]
    fn without_an_activation_the_common_space_is_linear() {
        let device = Device::flex();
        let model = CommonSpaceConfig::new(7, 5)
            .with_activation(Activation::Linear)
            .init(&device);
        let zero = model.image(Tensor::zeros([1, 7], &device));
        let features = Tensor::<2>::random([1, 7], Distribution::Default, &device);
        let once = model.image(features.clone()) - zero.clone();
        let twice = model.image(features * 2.0) - zero;
        twice
            .into_data()
            .assert_approx_eq::<f32>(&(once * 2.0).into_data(), Tolerance::absolute(1e-5));
    }
}
