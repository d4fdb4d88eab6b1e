//! The systems of Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017, arXiv
//! 1708.02099), as they are trained: for any sides of a post, and any number of labels.
//!
//! A model file has them for image and caption; the engine computes them in plain arithmetic
//! (`emofuse_engine::heads`). Each module writes itself as the engine reads it.

mod common_space;
mod early;
mod joint;
mod late;
#[cfg(test)]
mod tests;
mod unimodal;

use burn::{
    module::{Module, Param},
    tensor::Tensor,
};
use emofuse_core::error::Result;
use emofuse_engine::bundle::{Bundle, Precision, tensor_group};

pub use self::{common_space::CommonSpace, early::Early, joint::Joint, late::Late, unimodal::Unimodal};
use super::{Seen, Sides, System};

/// Any of the systems over features of sides.
#[derive(Module, Debug)]
pub enum AnySystem {
    /// One space for all sides.
    CommonSpace(CommonSpace),
    /// Features side by side.
    Early(Early),
    /// Vectors of the same size, pooled.
    Joint(Joint),
    /// Decisions, combined.
    Late(Late),
    /// One side alone.
    Unimodal(Unimodal),
}

macro_rules! delegate {
    ($self:expr, $system:ident => $call:expr) => {
        match $self {
            AnySystem::CommonSpace($system) => $call,
            AnySystem::Early($system) => $call,
            AnySystem::Joint($system) => $call,
            AnySystem::Late($system) => $call,
            AnySystem::Unimodal($system) => $call,
        }
    };
}

impl System for AnySystem {
    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>> {
        delegate!(self, system => system.encode(features))
    }

    fn logits(&self, encoded: Sides<Tensor<2>>) -> Tensor<2> {
        delegate!(self, system => System::logits(system, encoded))
    }

    fn prior(&self, seen: Seen) -> Option<Tensor<2>> {
        delegate!(self, system => system.prior(seen))
    }

    fn standardised_weights(&self) -> Sides<Tensor<2>> {
        delegate!(self, system => system.standardised_weights())
    }

    fn has_common_space(&self) -> bool {
        matches!(self, Self::CommonSpace(_))
    }

    fn write(&self, bundle: &mut Bundle) -> Result<()> {
        delegate!(self, system => system.write(bundle))
    }
}

/// The name of a tensor of the system in a model file.
fn name(tensor: &str) -> String {
    format!("{}.{tensor}", tensor_group::FUSION)
}

/// The row of the priors for what is seen.
///
/// # Shapes
/// - priors: `[ways of seeing a post, labels]`
/// - output: `[1, labels]`
fn prior_row(priors: &Param<Tensor<2>>, seen: Seen) -> Tensor<2> {
    priors.val().narrow(0, seen.row(), 1)
}

/// Writes the priors as a bias of the layer `output`, for image and caption together, and what is added to it for either
/// alone.
fn write_priors(bundle: &mut Bundle, priors: &Param<Tensor<2>>) -> Result<()> {
    let both = prior_row(priors, Seen::BOTH);
    let alone = [Seen::IMAGE, Seen::CAPTION].map(|seen| prior_row(priors, seen) - both.clone());
    let bias: Tensor<1> = both.squeeze_dim(0);
    insert(bundle, "output.bias", bias)?;
    insert(bundle, "priors", Tensor::cat(alone.to_vec(), 0))
}

/// Adds a tensor below the system's group.
fn insert<const D: usize>(bundle: &mut Bundle, tensor: &str, values: Tensor<D>) -> Result<()> {
    bundle.insert_module(&name(tensor), &Param::from_tensor(values), Precision::F16)
}

/// The sum of what there is.
fn sum(sides: Sides<Tensor<2>>) -> Option<Tensor<2>> {
    sides.into_values().reduce(|sum, next| sum + next)
}
