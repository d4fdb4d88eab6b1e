//! Late fusion: a classifier for each side, and a combination of what they decide. A decision alone stands as it is.

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, activation::log_softmax},
};
use emofuse_core::error::Result;
use emofuse_engine::bundle::{Bundle, tensor_group};

use super::sum;
use crate::fusion::{
    Seen, Sides, System, Weighting,
    projection::{BySide, Projection},
};

/// The late-fusion classifier.
#[derive(Module, Debug)]
pub struct Late {
    sides: BySide<Projection>,
    /// How much each decision counts in [`Weighting::Learnt`].
    weights: BySide<Param<Tensor<1>>>,
    #[module(skip)]
    weighting: Weighting,
}

impl Late {
    /// Classifiers that do not prefer any of so many labels yet, of which none counts for more than the others.
    pub fn new(statistics: Sides<[Tensor<1>; 2]>, weighting: Weighting, labels: usize, device: &Device) -> Self {
        let even = 1.0 / statistics.iter().count().max(1) as f32;
        let weights = statistics
            .iter()
            .map(|(side, _)| (side, Param::from_tensor(Tensor::full([1], even, device))));
        let weights = BySide::new(weights);
        let classifiers = statistics
            .filter_map(|side, statistics| Some((side, Projection::classifier(statistics, labels, true, device))));
        Self {
            sides: BySide::new(classifiers.into_values()),
            weights,
            weighting,
        }
    }
}

impl System for Late {
    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>> {
        self.sides.apply(features, Projection::forward)
    }

    fn logits(&self, decisions: Sides<Tensor<2>>) -> Tensor<2> {
        if decisions.iter().count() == 1
            && let Some(decision) = decisions.clone().into_values().next()
        {
            return decision;
        }
        let decided = decisions.filter_map(|_, decision| Some(log_softmax(decision, 1)));
        let combined = match self.weighting {
            // The logarithm of a mean, without a probability that could become zero; the divisor is the same for all.
            Weighting::Mean => {
                let largest = decided.clone().into_values().reduce(Tensor::max_pair); // [batch, labels]
                largest.and_then(|largest| {
                    let shares = decided.filter_map(|_, decision| Some((decision - largest.clone()).exp()));
                    Some(sum(shares)?.log() + largest)
                })
            }
            Weighting::Product => sum(decided),
            // The classifiers themselves learn apart.
            Weighting::Learnt => {
                let weighted = decided.filter_map(|side, decision| {
                    let weight = self.weights.get(side)?.val().unsqueeze();
                    Some(decision.detach() * weight)
                });
                sum(weighted)
            }
        };
        combined.expect("a post has a side")
    }

    fn prior(&self, _seen: Seen) -> Option<Tensor<2>> {
        None
    }

    fn standardised_weights(&self) -> Sides<Tensor<2>> {
        self.sides.each(Projection::weights)
    }

    fn write(&self, bundle: &mut Bundle) -> Result<()> {
        self.sides.write(bundle, tensor_group::FUSION, "")?;
        self.weights.write(bundle, tensor_group::FUSION, "_weight")
    }
}
