//! How every system meets the features of a frozen tower: standardised, and mapped linearly.

use burn::{
    module::{Module, Param},
    nn::{Linear, LinearConfig},
    tensor::{Device, Tensor},
};

use super::parameters::{classifier, constant, linear};

/// How many deviations from its mean a feature may be. Beyond that it says no more: a feature that hardly varies in the
/// data learnt from would otherwise drown all others in an image of another kind.
pub(crate) const FARTHEST: f32 = 6.0;

/// Features less their mean, over their standard deviation.
#[derive(Module, Debug)]
pub struct Standardiser {
    mean: Param<Tensor<1>>,
    deviation: Param<Tensor<1>>,
}

impl Standardiser {
    /// One that changes nothing, until the statistics of a training set are known.
    pub(super) fn new(d_input: usize, device: &Device) -> Self {
        Self {
            mean: constant(0.0, [d_input], device),
            deviation: constant(1.0, [d_input], device),
        }
    }

    /// Sets the mean and the standard deviation of every feature, which training leaves alone.
    #[must_use]
    pub fn with_statistics(self, statistics: [Tensor<1>; 2]) -> Self {
        let [mean, deviation] = statistics.map(|statistic| Param::from_tensor(statistic).set_require_grad(false));
        Self { mean, deviation }
    }

    /// Standardises features; none is more than six deviations from its mean.
    ///
    /// # Shapes
    /// - features, output: `[batch, d_input]`
    pub fn forward(&self, features: Tensor<2>) -> Tensor<2> {
        let centred = features - self.mean.val().unsqueeze(); // [batch, d_input]
        (centred / self.deviation.val().unsqueeze()).clamp(-FARTHEST, FARTHEST)
    }
}

/// A linear map of standardised features.
#[derive(Module, Debug)]
pub struct Projection {
    standard: Standardiser,
    pub(super) linear: Linear,
}

impl Projection {
    /// A random map without a bias.
    pub(super) fn new(d_input: usize, d_output: usize, device: &Device) -> Self {
        Self {
            standard: Standardiser::new(d_input, device),
            linear: linear(&LinearConfig::new(d_input, d_output).with_bias(false), device),
        }
    }

    /// A map onto the logits of a classifier.
    pub(super) fn classifier(d_input: usize, d_output: usize, device: &Device) -> Self {
        Self {
            standard: Standardiser::new(d_input, device),
            linear: classifier(d_input, d_output, device),
        }
    }

    /// Sets the mean and the standard deviation of every feature, which training leaves alone.
    #[must_use]
    pub fn with_statistics(mut self, statistics: [Tensor<1>; 2]) -> Self {
        self.standard = self.standard.with_statistics(statistics);
        self
    }

    /// Standardises features alone.
    ///
    /// # Shapes
    /// - features, output: `[batch, d_input]`
    pub(super) fn standardise(&self, features: Tensor<2>) -> Tensor<2> {
        self.standard.forward(features)
    }

    /// Standardises features and maps them.
    ///
    /// # Shapes
    /// - features: `[batch, d_input]`
    /// - output: `[batch, d_output]`
    pub fn forward(&self, features: Tensor<2>) -> Tensor<2> {
        self.linear.forward(self.standard.forward(features))
    }

    /// What a deviation of each feature adds to each output.
    ///
    /// # Shapes
    /// - output: `[d_input, d_output]`
    #[must_use]
    pub fn weights(&self) -> Tensor<2> {
        self.linear.weight.val()
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Tolerance;

    use super::*;

    #[test]
    fn features_are_standardised_by_the_statistics_that_were_set() {
        let device = Device::flex();
        let statistics = || [[1.0, 2.0], [2.0, 4.0]].map(|values| Tensor::<1>::from_floats(values, &device));
        let standardiser = Standardiser::new(2, &device).with_statistics(statistics());
        let standard = standardiser.forward(Tensor::from_floats([[5.0, 2.0], [-1.0, 6.0]], &device));
        let expected = Tensor::<2>::from_floats([[2.0, 0.0], [-1.0, 1.0]], &device);
        let tolerance = Tolerance::absolute(1e-6);
        standard
            .to_data()
            .assert_approx_eq::<f32>(&expected.to_data(), tolerance);

        let projection = Projection::new(2, 3, &device).with_statistics(statistics());
        let found = projection.forward(Tensor::from_floats([[5.0, 2.0], [-1.0, 6.0]], &device));
        found
            .into_data()
            .assert_approx_eq::<f32>(&expected.matmul(projection.weights()).into_data(), tolerance);
    }

    #[test]
    fn a_feature_far_from_all_that_was_learnt_counts_as_one_that_is_far() {
        let device = Device::flex();
        let standardiser = Standardiser::new(2, &device);
        let standard = |first: f32| standardiser.forward(Tensor::from_floats([[first, 0.0]], &device));
        standard(1e6)
            .into_data()
            .assert_approx_eq::<f32>(&standard(FARTHEST).into_data(), Tolerance::absolute(1e-6));
    }
}
