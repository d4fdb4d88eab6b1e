//! Early fusion: the features of all sides side by side, and one classifier.
//!
//! A side that is missing counts as the mean of what was learnt from: standardised it is zeros, so its rows of the
//! classifier's matrix take no part. Each way of seeing a post has a prior of its own.

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor},
};
use emofuse_core::error::Result;
use emofuse_engine::bundle::{Bundle, Precision};

use super::{insert, name, prior_row, sum, write_priors};
use crate::fusion::{
    Seen, Side, Sides, System,
    projection::{BySide, Projection, zeros},
};

/// The early-fusion classifier. Its matrix is kept by the sides that its rows belong to.
#[derive(Module, Debug)]
pub struct Early {
    sides: BySide<Projection>,
    /// `[ways of seeing a post, labels]`
    priors: Param<Tensor<2>>,
}

impl Early {
    /// A classifier that does not prefer any of so many labels yet.
    pub fn new(statistics: Sides<[Tensor<1>; 2]>, labels: usize, device: &Device) -> Self {
        let parts = statistics
            .filter_map(|side, statistics| Some((side, Projection::classifier(statistics, labels, false, device))));
        Self {
            sides: BySide::new(parts.into_values()),
            priors: zeros([Seen::ALL.len(), labels], device),
        }
    }
}

impl System for Early {
    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>> {
        self.sides.apply(features, Projection::forward)
    }

    fn logits(&self, encoded: Sides<Tensor<2>>) -> Tensor<2> {
        let seen = encoded.seen().unwrap_or(Seen::BOTH);
        let prior = prior_row(&self.priors, seen);
        match sum(encoded) {
            Some(logits) => logits + prior, // [batch, labels]
            None => prior,
        }
    }

    fn prior(&self, seen: Seen) -> Option<Tensor<2>> {
        Some(prior_row(&self.priors, seen))
    }

    fn standardised_weights(&self) -> Sides<Tensor<2>> {
        self.sides.each(Projection::weights)
    }

    fn write(&self, bundle: &mut Bundle) -> Result<()> {
        let mut rows = Vec::new();
        for side in [Side::Image, Side::Caption] {
            let Some(part) = self.sides.get(side) else { continue };
            bundle.insert_module(&name(side.name()), &part.standard, Precision::F16)?;
            rows.push(part.weights());
        }
        insert(bundle, "output.weight", Tensor::cat(rows, 0))?;
        write_priors(bundle, &self.priors)
    }
}
