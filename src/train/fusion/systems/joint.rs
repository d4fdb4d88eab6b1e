//! Joint fusion: every side is mapped to a vector as long as the caption's, the vectors are pooled, and one classifier
//! follows. The map of the image is the paper's γ.
//!
//! A side alone is pooled with nothing: the maximum, the mean, the sum and the product of one vector are that vector, and
//! side by side the others' rows of the classifier take no part. Each way of seeing a post has a prior of its own.

use burn::{
    module::{Module, Param},
    nn::Linear,
    tensor::{Device, Tensor},
};
use emofuse_core::error::Result;
use emofuse_engine::{
    bundle::{Bundle, tensor_group},
    model::pooling::Pooling,
};

use super::{insert, prior_row, sum, write_priors};
use crate::fusion::{
    Seen, Side, Sides, System,
    projection::{BySide, Projection, Standardiser, zero_linear, zeros},
};

/// The joint-fusion classifier.
#[derive(Module, Debug)]
pub struct Joint {
    /// The side whose features are taken as they are.
    anchor: BySide<Standardiser>,
    /// The other sides' maps to its length.
    maps: BySide<Projection>,
    output: Linear,
    /// `[ways of seeing a post, labels]`
    priors: Param<Tensor<2>>,
    #[module(skip)]
    sides: Vec<Side>,
    #[module(skip)]
    pooling: Pooling,
}

impl Joint {
    /// Random maps to the length of one side, `anchor`, and a classifier that does not prefer any of so many labels yet.
    ///
    /// # Panics
    /// If the anchor has no statistics.
    pub fn new(
        statistics: Sides<[Tensor<1>; 2]>,
        anchor: Side,
        pooling: Pooling,
        labels: usize,
        device: &Device,
    ) -> Self {
        let d = statistics.get(anchor).expect("the anchor is a side").as_slice()[0].dims()[0];
        let sides: Vec<Side> = statistics.iter().map(|(side, _)| side).collect();
        let kept = statistics
            .get(anchor)
            .cloned()
            .map(|own| (anchor, Standardiser::new(own)));
        let maps = statistics
            .filter_map(|side, statistics| (side != anchor).then(|| (side, Projection::random(statistics, d, device))));
        let pooled = match pooling {
            Pooling::Concatenation => d * sides.len(),
            _ => d,
        };
        Self {
            anchor: BySide::new(kept),
            maps: BySide::new(maps.into_values()),
            output: zero_linear([pooled, labels], false, device),
            priors: zeros([Seen::ALL.len(), labels], device),
            sides,
            pooling,
        }
    }

    /// Pools the vectors that there are.
    ///
    /// # Shapes
    /// - vectors: `[batch, d]` each
    /// - output: `[batch, d]`, side by side `[batch, sides · d]`
    fn pool(&self, vectors: Sides<Tensor<2>>) -> Option<Tensor<2>> {
        let count = vectors.iter().count();
        match self.pooling {
            Pooling::Max => vectors.into_values().reduce(Tensor::max_pair),
            Pooling::Mean => sum(vectors).map(|sum| sum / count as f32),
            Pooling::Sum => sum(vectors),
            Pooling::Product => vectors.into_values().reduce(|product, next| product * next),
            Pooling::Concatenation => {
                let absent = vectors.iter().next()?.1.zeros_like();
                let all = self
                    .sides
                    .iter()
                    .map(|side| vectors.get(*side).unwrap_or(&absent).clone());
                Some(Tensor::cat(all.collect(), 1))
            }
        }
    }

    /// The rows of the classifier's matrix that a side's vector meets.
    ///
    /// # Shapes
    /// - output: `[d, labels]`
    fn rows(&self, side: Side) -> Tensor<2> {
        let weights = self.output.weight.val();
        match (self.pooling, self.sides.iter().position(|known| *known == side)) {
            (Pooling::Concatenation, Some(place)) => {
                let d = weights.dims()[0] / self.sides.len();
                weights.narrow(0, place * d, d)
            }
            _ => weights,
        }
    }
}

impl System for Joint {
    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>> {
        let encoded = features.filter_map(|side, features| match self.anchor.get(side) {
            Some(anchor) => Some(anchor.forward(features)),
            None => Some(self.maps.get(side)?.forward(features)),
        });
        encoded.seen().map(|_| encoded)
    }

    fn logits(&self, encoded: Sides<Tensor<2>>) -> Tensor<2> {
        let prior = prior_row(&self.priors, encoded.seen().unwrap_or(Seen::BOTH));
        match self.pool(encoded) {
            Some(pooled) => self.output.forward(pooled) + prior, // [batch, labels]
            None => prior,
        }
    }

    fn prior(&self, seen: Seen) -> Option<Tensor<2>> {
        Some(prior_row(&self.priors, seen))
    }

    /// Where the pooling lets a side through as it is.
    fn standardised_weights(&self) -> Sides<Tensor<2>> {
        let mapped = self.maps.sides().iter().filter_map(|side| {
            let weights = self.maps.get(*side)?.weights().matmul(self.rows(*side));
            Some((*side, weights))
        });
        let kept = self.anchor.sides().iter().map(|side| (*side, self.rows(*side)));
        mapped
            .chain(kept)
            .fold(Sides::default(), |sides, (side, weights)| sides.with(side, weights))
    }

    fn write(&self, bundle: &mut Bundle) -> Result<()> {
        self.maps.write(bundle, tensor_group::FUSION, "")?;
        self.anchor.write(bundle, tensor_group::FUSION, "")?;
        let rows = [Side::Image, Side::Caption].map(|side| self.rows(side));
        let weights = match self.pooling {
            Pooling::Concatenation => Tensor::cat(rows.to_vec(), 0),
            _ => self.output.weight.val(),
        };
        insert(bundle, "output.weight", weights)?;
        write_priors(bundle, &self.priors)
    }
}
