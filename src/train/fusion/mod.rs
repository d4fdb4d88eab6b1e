//! Training of the fusions, and of what they are compared with, over features of frozen towers.
//!
//! One trainer serves every [`System`]: it takes batches of posts, adds up the losses of the inputs that the system
//! learns from, and stops early on dev.

mod batch;
mod evaluation;
mod member;
mod schedule;
mod statistics;
mod system;

use burn::tensor::Device;

pub(crate) use self::{
    evaluation::Objective,
    member::{Ground, Member},
    schedule::{Learner, Schedule, learn},
    statistics::inverse_frequencies,
};
pub use self::{
    evaluation::{DevScore, evaluate, logits, truth},
    system::System,
};
use super::{data::Label, recipe::FusionRecipe};
use crate::model::fusion::common_space::{CommonSpace, CommonSpaceConfig};

/// A post as the systems see it.
#[derive(Clone, Debug, Default)]
pub struct FusionExample {
    /// Features of the picture, where there is one.
    pub image: Option<Vec<f32>>,
    /// Features of the caption, where it has a word.
    pub caption: Option<Vec<f32>>,
    /// The emotion that the picture alone conveys.
    pub image_label: Option<Label>,
    /// The emotion that the post conveys.
    pub post_label: Option<Label>,
}

/// Trains the members one after another and folds them into one common space.
#[must_use]
pub fn train(
    recipe: &FusionRecipe,
    seed: u64,
    examples: &[FusionExample],
    dev: &[FusionExample],
    device: &Device,
) -> CommonSpace {
    let members: Vec<CommonSpace> = (0..recipe.members as u64)
        .map(|member| {
            let (score, member) = Member::new(recipe, seed + member, examples, common_space, device).train(
                "common space",
                dev,
                Objective::EveryInput,
                device,
            );
            tracing::info!(dev = score, "member of the common space");
            member
        })
        .collect();
    CommonSpace::fold(members)
}

/// A member of the recipe's common space, untrained.
pub(crate) fn common_space(ground: &Ground) -> CommonSpace {
    let recipe = ground.recipe;
    CommonSpaceConfig::new(ground.d_image(), ground.d_caption())
        .with_d_common(recipe.d_common / recipe.members)
        .with_dropout(recipe.dropout)
        .with_activation(recipe.activation)
        .init(ground.device)
        .with_statistics(ground.image_statistics(), ground.caption_statistics())
}
