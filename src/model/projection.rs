//! How every system meets the features of a frozen tower: standardised, thinned out in training, mapped linearly.

use burn::{
    module::{Initializer, Module, Param},
    nn::{Dropout, DropoutConfig, Linear, LinearConfig},
    tensor::{Device, Tensor},
};

/// Features less their mean, over their standard deviation.
///
/// # Shapes
/// - features: `[batch, d_input]`
/// - mean, deviation: `[d_input]`
/// - output: `[batch, d_input]`
fn standardise(features: Tensor<2>, mean: &Param<Tensor<1>>, deviation: &Param<Tensor<1>>) -> Tensor<2> {
    let centred = features - mean.val().unsqueeze(); // [batch, d_input]
    centred / deviation.val().unsqueeze()
}

/// Statistics that change nothing, until a training set's are known.
fn no_statistics(d_input: usize, device: &Device) -> [Param<Tensor<1>>; 2] {
    [
        Initializer::Zeros.init([d_input], device),
        Initializer::Ones.init([d_input], device),
    ]
}

/// A statistic as a parameter that training leaves alone.
fn fixed(statistic: Tensor<1>) -> Param<Tensor<1>> {
    Param::from_tensor(statistic).set_require_grad(false)
}

/// A linear classifier that does not prefer any label yet. Random weights over thousands of features would be noise that
/// a short training does not get rid of.
pub(super) fn classifier(d_input: usize, d_output: usize, device: &Device) -> Linear {
    LinearConfig::new(d_input, d_output)
        .with_initializer(Initializer::Zeros)
        .init(device)
}

/// Standardised features, of which training drops a share.
#[derive(Module, Debug)]
pub struct Standardiser {
    mean: Param<Tensor<1>>,
    deviation: Param<Tensor<1>>,
    dropout: Dropout,
}

impl Standardiser {
    pub(super) fn new(d_input: usize, dropout: f64, device: &Device) -> Self {
        let [mean, deviation] = no_statistics(d_input, device);
        Self {
            mean,
            deviation,
            dropout: DropoutConfig::new(dropout).init(),
        }
    }

    /// Sets the mean and the standard deviation of every feature, which training leaves alone.
    #[must_use]
    pub fn with_statistics(mut self, [mean, deviation]: [Tensor<1>; 2]) -> Self {
        self.mean = fixed(mean);
        self.deviation = fixed(deviation);
        self
    }

    /// Standardises features.
    ///
    /// # Shapes
    /// - features, output: `[batch, d_input]`
    pub fn forward(&self, features: Tensor<2>) -> Tensor<2> {
        self.dropout.forward(standardise(features, &self.mean, &self.deviation))
    }
}

/// A linear map of standardised features, of which training drops a share.
#[derive(Module, Debug)]
pub struct Projection {
    mean: Param<Tensor<1>>,
    deviation: Param<Tensor<1>>,
    dropout: Dropout,
    linear: Linear,
}

impl Projection {
    pub(super) fn new(d_input: usize, d_output: usize, dropout: f64, device: &Device) -> Self {
        let [mean, deviation] = no_statistics(d_input, device);
        Self {
            mean,
            deviation,
            dropout: DropoutConfig::new(dropout).init(),
            linear: LinearConfig::new(d_input, d_output).init(device),
        }
    }

    /// A projection whose outputs are a classifier's own.
    pub(super) fn classifier(d_input: usize, d_output: usize, dropout: f64, device: &Device) -> Self {
        Self {
            linear: classifier(d_input, d_output, device),
            ..Self::new(d_input, d_output, dropout, device)
        }
    }

    /// Sets the mean and the standard deviation of every feature, which training leaves alone.
    #[must_use]
    pub fn with_statistics(mut self, [mean, deviation]: [Tensor<1>; 2]) -> Self {
        self.mean = fixed(mean);
        self.deviation = fixed(deviation);
        self
    }

    /// Puts the outputs of projections of the same features side by side.
    pub(super) fn fold(members: Vec<Self>) -> Self {
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

    /// Standardises features and maps them.
    ///
    /// # Shapes
    /// - features: `[batch, d_input]`
    /// - output: `[batch, d_output]`
    pub fn forward(&self, features: Tensor<2>) -> Tensor<2> {
        let standard = standardise(features, &self.mean, &self.deviation); // [batch, d_input]
        self.linear.forward(self.dropout.forward(standard)) // [batch, d_output]
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
        let standardiser = Standardiser::new(2, 0.5, &device).with_statistics(statistics());
        let standard = standardiser.forward(Tensor::from_floats([[5.0, 2.0], [-1.0, 6.0]], &device));
        let expected = Tensor::<2>::from_floats([[2.0, 0.0], [-1.0, 1.0]], &device);
        let tolerance = Tolerance::absolute(1e-6);
        standard
            .to_data()
            .assert_approx_eq::<f32>(&expected.to_data(), tolerance);

        let projection = Projection::new(2, 3, 0.0, &device).with_statistics(statistics());
        let found = projection.forward(Tensor::from_floats([[5.0, 2.0], [-1.0, 6.0]], &device));
        let expected = projection.linear.forward(expected);
        found
            .into_data()
            .assert_approx_eq::<f32>(&expected.into_data(), tolerance);
    }
}
