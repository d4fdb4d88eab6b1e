//! Common-space fusion: picture and caption are mapped into one space, in which either stands in for both.
//!
//! Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017, arXiv
//! 1708.02099), the common space model. An auxiliary task draws the two vectors of a post together and
//! pushes a picture's vector away from captions of other classes; it lives with the training.

use burn::{
    config::Config,
    module::{Initializer, Module, Param},
    nn::{Dropout, DropoutConfig, Linear, LinearConfig},
    tensor::{Device, Tensor},
};

use super::InputKind;
use crate::emotion::EMOTIONS;

/// Beyond this, tanh is 1 in single precision; on WebGPU it may be no number from 89 on.
const TANH_RANGE: f32 = 10.0;

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
        }
    }
}

/// A linear map of standardised features into the common space.
#[derive(Module, Debug)]
pub struct Projection {
    mean: Param<Tensor<1>>,
    deviation: Param<Tensor<1>>,
    dropout: Dropout,
    linear: Linear,
}

impl Projection {
    fn new(d_input: usize, d_common: usize, dropout: f64, device: &Device) -> Self {
        Self {
            mean: Initializer::Zeros.init([d_input], device),
            deviation: Initializer::Ones.init([d_input], device),
            dropout: DropoutConfig::new(dropout).init(),
            linear: LinearConfig::new(d_input, d_common).init(device),
        }
    }

    /// Sets the mean and the standard deviation of every feature, which training leaves alone.
    #[must_use]
    pub fn with_statistics(mut self, mean: Tensor<1>, deviation: Tensor<1>) -> Self {
        self.mean = Param::from_tensor(mean).set_require_grad(false);
        self.deviation = Param::from_tensor(deviation).set_require_grad(false);
        self
    }

    fn fold(members: Vec<Self>) -> Self {
        let weights = members.iter().map(|member| member.linear.weight.val()).collect();
        let biases = members
            .iter()
            .filter_map(|member| member.linear.bias.as_ref())
            .map(|bias| bias.val())
            .collect();
        let mut folded = members[0].clone();
        folded.linear.weight = Param::from_tensor(Tensor::cat(weights, 1));
        folded.linear.bias = Some(Param::from_tensor(Tensor::cat(biases, 0)));
        folded
    }

    /// Maps features into the common space.
    ///
    /// # Shapes
    /// - features: `[batch, d_input]`
    /// - output: `[batch, d_common]`, each in −1…1
    pub fn forward(&self, features: Tensor<2>) -> Tensor<2> {
        let centred = features - self.mean.val().unsqueeze(); // [batch, d_input]
        let standard = centred / self.deviation.val().unsqueeze();
        let mapped = self.linear.forward(self.dropout.forward(standard));
        mapped.clamp(-TANH_RANGE, TANH_RANGE).tanh() // [batch, d_common]
    }
}

/// The common-space classifier.
#[derive(Module, Debug)]
pub struct CommonSpace {
    image: Projection,
    caption: Projection,
    output: Linear,
    priors: Param<Tensor<2>>,
}

impl CommonSpace {
    /// The picture's way into the common space.
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
        }
    }

    /// Sets the means and deviations by which either side's features are standardised.
    #[must_use]
    pub fn with_statistics(mut self, image: [Tensor<1>; 2], caption: [Tensor<1>; 2]) -> Self {
        let [mean, deviation] = image;
        self.image = self.image.with_statistics(mean, deviation);
        let [mean, deviation] = caption;
        self.caption = self.caption.with_statistics(mean, deviation);
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
}
