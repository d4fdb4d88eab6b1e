//! The image alone, or the caption alone: a linear classifier over the features of a frozen tower.
//!
//! For images that is the system of the paper, on the features of a convolutional network without its last layer; for
//! captions it is what the fusions read of a caption, without an image.

use burn::{
    module::Module,
    nn::Linear,
    tensor::{Device, Tensor},
};
use emofuse_core::error::Result;
use emofuse_engine::bundle::{Bundle, Precision, tensor_group};

use crate::fusion::{Seen, Side, Sides, System, projection::Projection};

/// A linear classifier, with the side that it reads. A post without that side has no prediction.
#[derive(Module, Debug)]
pub struct Unimodal {
    output: Projection,
    #[module(skip)]
    side: Side,
}

impl Unimodal {
    /// A classifier of a side that does not prefer any of so many labels yet.
    #[must_use]
    pub fn new(side: Side, statistics: [Tensor<1>; 2], labels: usize, device: &Device) -> Self {
        Self {
            output: Projection::classifier(statistics, labels, true, device),
            side,
        }
    }

    /// Standardises features, as the classifier does before its linear layer.
    ///
    /// # Shapes
    /// - features, output: `[batch, features]`
    #[must_use]
    pub fn standardise(&self, features: Tensor<2>) -> Tensor<2> {
        self.output.standard.forward(features)
    }

    /// The linear layer behind the standardised features.
    #[must_use]
    pub fn linear(&self) -> &Linear {
        &self.output.linear
    }

    /// Sets the linear layer.
    #[must_use]
    pub fn with_linear(mut self, linear: Linear) -> Self {
        self.output.linear = linear;
        self
    }

    /// Scores every label.
    ///
    /// # Shapes
    /// - features: `[batch, features]`
    /// - output: `[batch, labels]`, logits
    #[must_use]
    pub fn forward(&self, features: Tensor<2>) -> Tensor<2> {
        self.output.forward(features)
    }

    /// Puts the classifier into a model file, below a group.
    ///
    /// # Errors
    /// As [`Bundle::insert_module`].
    pub fn write_as(&self, bundle: &mut Bundle, group: &str) -> Result<()> {
        bundle.insert_module(group, self, Precision::F16)
    }
}

impl System for Unimodal {
    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>> {
        let known = features.get(self.side)?.clone();
        Some(Sides::default().with(self.side, self.forward(known)))
    }

    /// What is encoded are logits already.
    fn logits(&self, encoded: Sides<Tensor<2>>) -> Tensor<2> {
        encoded.into_values().next().expect("a post has a side")
    }

    fn prior(&self, _seen: Seen) -> Option<Tensor<2>> {
        None
    }

    fn standardised_weights(&self) -> Sides<Tensor<2>> {
        Sides::default().with(self.side, self.output.weights())
    }

    fn write(&self, bundle: &mut Bundle) -> Result<()> {
        self.write_as(bundle, tensor_group::FUSION)
    }
}
