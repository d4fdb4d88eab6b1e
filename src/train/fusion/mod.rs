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

pub use self::{
    evaluation::{DevScore, evaluate, logits, truth},
    system::System,
};
pub(crate) use self::{
    evaluation::{Objective, mean_loss, measure},
    member::{Ground, Member},
    schedule::{Learner, Schedule, learn},
    statistics::inverse_frequencies,
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

impl FusionExample {
    /// The label that a picture alone is weighed by: its own, or else that of its post.
    fn label_of_picture(&self) -> Option<Label> {
        self.image_label.or(self.post_label)
    }
}

/// Trains a common space, and gives the one of the pass that was best on dev.
#[must_use]
pub fn train(
    recipe: &FusionRecipe,
    seed: u64,
    examples: &[FusionExample],
    dev: &[FusionExample],
    device: &Device,
) -> CommonSpace {
    let (loss, model) = Member::new(recipe, seed, examples, common_space, device).train(
        "common space",
        dev,
        Objective::EveryInput(recipe.modality_weights),
        device,
    );
    tracing::info!(dev_loss = loss, "common space");
    model
}

/// The recipe's common space, untrained.
pub(crate) fn common_space(ground: &Ground) -> CommonSpace {
    CommonSpaceConfig::new(ground.d_image(), ground.d_caption())
        .with_d_common(ground.recipe.d_common)
        .with_image_share(ground.recipe.image_share)
        .init(ground.device)
        .with_statistics(ground.image_statistics(), ground.caption_statistics())
}
