//! Common-space fusion: every side is mapped into one space, in which any stands in for all.
//!
//! An auxiliary task draws the vectors of a post's image and caption together and pushes an image's vector away from
//! captions of other classes; it lives with the trainer.

use burn::{
    module::{Module, Param},
    nn::{Linear, LinearConfig},
    tensor::{Device, Tensor},
};
use emofuse_core::error::Result;
use emofuse_engine::{
    bundle::{Bundle, Precision, tensor_group},
    model::fusion::Modality,
};

use super::{insert, name, prior_row, sum};
use crate::fusion::{
    Seen, Side, Sides, System,
    projection::{BySide, Projection, zeros},
};

/// The common-space classifier.
#[derive(Module, Debug)]
pub struct CommonSpace {
    sides: BySide<Projection>,
    output: Linear,
    /// `[ways of seeing a post, labels]`
    priors: Param<Tensor<2>>,
    image_share: f32,
}

impl CommonSpace {
    /// A classifier with random weights, of so many labels. Beside other sides, the image counts `image_share`; all
    /// others count 1.
    pub fn new(
        statistics: Sides<[Tensor<1>; 2]>,
        [d_common, labels]: [usize; 2],
        image_share: f32,
        device: &Device,
    ) -> Self {
        let projections =
            statistics.filter_map(|side, statistics| Some((side, Projection::random(statistics, d_common, device))));
        Self {
            sides: BySide::new(projections.into_values()),
            output: LinearConfig::new(d_common, labels).with_bias(false).init(device),
            priors: zeros([Seen::ALL.len(), labels], device),
            image_share,
        }
    }
}

impl System for CommonSpace {
    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>> {
        self.sides.apply(features, Projection::forward)
    }

    fn logits(&self, encoded: Sides<Tensor<2>>) -> Tensor<2> {
        let seen = encoded.seen().unwrap_or(Seen::BOTH);
        let is_alone = encoded.iter().count() == 1;
        let shared = encoded.filter_map(|side, vectors| {
            Some(match side {
                Side::Image if !is_alone => vectors * self.image_share,
                _ => vectors,
            })
        });
        let prior = prior_row(&self.priors, seen);
        match sum(shared) {
            Some(vectors) => self.output.forward(vectors) + prior, // [batch, labels]
            None => prior,
        }
    }

    fn prior(&self, seen: Seen) -> Option<Tensor<2>> {
        Some(prior_row(&self.priors, seen))
    }

    fn standardised_weights(&self) -> Sides<Tensor<2>> {
        let output = self.output.weight.val(); // [d_common, labels]
        self.sides
            .each(|projection| projection.weights().matmul(output.clone()))
    }

    fn has_common_space(&self) -> bool {
        true
    }

    fn write(&self, bundle: &mut Bundle) -> Result<()> {
        self.sides.write(bundle, tensor_group::FUSION, "")?;
        bundle.insert_module(&name("output"), &self.output, Precision::F16)?;
        insert(bundle, "priors", self.priors.val().narrow(0, 0, Modality::ALL.len()))
    }
}
