//! How every system meets the features of a side: standardised, and mapped linearly.

use burn::{
    module::{Module, Param},
    nn::{Linear, LinearConfig},
    tensor::{Device, Tensor},
};
use emofuse_core::error::Result;
use emofuse_engine::bundle::{Bundle, Precision};

use super::{Side, Sides};

/// How many deviations from its mean a feature may be. Beyond that it says no more: a feature that hardly varies in the
/// data learnt from would otherwise drown all others in an image of another kind.
const FARTHEST: f32 = 6.0;

/// A parameter that begins with zeros.
pub fn zeros<const D: usize>(shape: [usize; D], device: &Device) -> Param<Tensor<D>> {
    Param::from_tensor(Tensor::zeros(shape, device))
}

/// A linear map that begins with zeros. Random weights over thousands of features would be noise that a short training
/// does not get rid of.
pub fn zero_linear([inputs, outputs]: [usize; 2], has_bias: bool, device: &Device) -> Linear {
    Linear {
        weight: zeros([inputs, outputs], device),
        bias: has_bias.then(|| zeros([outputs], device)),
    }
}

/// Features less their mean, over their standard deviation.
#[derive(Module, Debug)]
pub struct Standardiser {
    mean: Param<Tensor<1>>,
    deviation: Param<Tensor<1>>,
}

impl Standardiser {
    /// By the mean and the standard deviation of every feature, which training leaves alone.
    pub fn new(statistics: [Tensor<1>; 2]) -> Self {
        let [mean, deviation] = statistics.map(|statistic| Param::from_tensor(statistic).set_require_grad(false));
        Self { mean, deviation }
    }

    /// Standardises features; none is more than six deviations from its mean.
    ///
    /// # Shapes
    /// - features, output: `[batch, features]`
    pub fn forward(&self, features: Tensor<2>) -> Tensor<2> {
        let centred = features - self.mean.val().unsqueeze(); // [batch, features]
        (centred / self.deviation.val().unsqueeze()).clamp(-FARTHEST, FARTHEST)
    }
}

/// A linear map of standardised features.
#[derive(Module, Debug)]
pub struct Projection {
    pub(super) standard: Standardiser,
    pub(super) linear: Linear,
}

impl Projection {
    /// A random map without a bias.
    pub fn random(statistics: [Tensor<1>; 2], outputs: usize, device: &Device) -> Self {
        let inputs = statistics[0].dims()[0];
        Self {
            standard: Standardiser::new(statistics),
            linear: LinearConfig::new(inputs, outputs).with_bias(false).init(device),
        }
    }

    /// A map onto the logits of a classifier that does not prefer any label yet.
    pub fn classifier(statistics: [Tensor<1>; 2], labels: usize, has_bias: bool, device: &Device) -> Self {
        let inputs = statistics[0].dims()[0];
        Self {
            standard: Standardiser::new(statistics),
            linear: zero_linear([inputs, labels], has_bias, device),
        }
    }

    /// Standardises features and maps them.
    ///
    /// # Shapes
    /// - features: `[batch, inputs]`
    /// - output: `[batch, outputs]`
    pub fn forward(&self, features: Tensor<2>) -> Tensor<2> {
        self.linear.forward(self.standard.forward(features))
    }

    /// What a deviation of each feature adds to each output.
    ///
    /// # Shapes
    /// - output: `[inputs, outputs]`
    pub fn weights(&self) -> Tensor<2> {
        self.linear.weight.val()
    }
}

/// A module for each side that a system reads.
#[derive(Module, Debug)]
pub struct BySide<M> {
    modules: Vec<M>,
    #[module(skip)]
    sides: Vec<Side>,
}

impl<M: Module> BySide<M> {
    /// A module for each of these sides.
    pub fn new(modules: impl IntoIterator<Item = (Side, M)>) -> Self {
        let (sides, modules) = modules.into_iter().unzip();
        Self { modules, sides }
    }

    /// The sides, in order.
    pub fn sides(&self) -> &[Side] {
        &self.sides
    }

    /// The module of a side; `None` for a side that the system does not read.
    pub fn get(&self, side: Side) -> Option<&M> {
        let place = self.sides.iter().position(|known| *known == side)?;
        self.modules.get(place)
    }

    /// What each module gives, by its side.
    pub fn each<T>(&self, map: impl Fn(&M) -> T) -> Sides<T> {
        let all = self.sides.iter().zip(&self.modules);
        all.fold(Sides::default(), |sides, (side, module)| sides.with(*side, map(module)))
    }

    /// What each module makes of its side of a post; other sides are left out. `None` if nothing is left.
    pub fn apply<T, U>(&self, sides: Sides<T>, apply: impl Fn(&M, T) -> U) -> Option<Sides<U>> {
        let applied = sides.filter_map(|side, value| Some(apply(self.get(side)?, value)));
        applied.seen().map(|_| applied)
    }

    /// Puts the modules of image and caption into a model file, as `PREFIX.image` and `PREFIX.caption` and `suffix`.
    pub fn write(&self, bundle: &mut Bundle, prefix: &str, suffix: &str) -> Result<()> {
        for side in [Side::Image, Side::Caption] {
            if let Some(module) = self.get(side) {
                bundle.insert_module(&format!("{prefix}.{}{suffix}", side.name()), module, Precision::F16)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Tolerance;

    use super::*;

    fn statistics(values: [[f32; 2]; 2]) -> [Tensor<1>; 2] {
        values.map(|values| Tensor::from_floats(values, &Device::flex()))
    }

    #[test]
    fn features_are_standardised_and_mapped() {
        let device = Device::flex();
        let projection = Projection::random(statistics([[1.0, 2.0], [2.0, 4.0]]), 3, &device);
        let found = projection.forward(Tensor::from_floats([[5.0, 2.0], [-1.0, 6.0]], &device));
        let expected = Tensor::<2>::from_floats([[2.0, 0.0], [-1.0, 1.0]], &device).matmul(projection.weights());
        found
            .into_data()
            .assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-6));
    }

    #[test]
    fn a_feature_far_from_all_that_was_learnt_counts_as_one_that_is_far() {
        let standardiser = Standardiser::new(statistics([[0.0, 0.0], [1.0, 1.0]]));
        let standard = |first: f32| standardiser.forward(Tensor::from_floats([[first, 0.0]], &Device::flex()));
        standard(1e6)
            .into_data()
            .assert_approx_eq::<f32>(&standard(FARTHEST).into_data(), Tolerance::absolute(1e-6));
    }
}
