//! Training of the fusions, and of what they are compared with, over features of frozen towers.
//!
//! One trainer serves every [`System`]: it takes batches of posts, adds up the losses of the inputs that the system
//! learns from, and stops early on dev.

mod batch;
mod evaluation;
mod schedule;
mod statistics;
mod system;
mod target;
mod trainer;

use burn::tensor::Device;

pub(crate) use self::{
    evaluation::{Objective, mean_loss, measure_rows},
    schedule::{Learner, Schedule, Stop, TrainedModel, learn},
    statistics::{inverse_frequencies, statistics},
    trainer::{Trainer, TrainingContext},
};
pub use self::{
    evaluation::{logits, measure},
    system::{System, Unimodal, WithNGrams},
    target::Target,
};
use emofuse_core::emotion::Emotion;
use emofuse_engine::model::{
    fusion::{
        Modality,
        common_space::{CommonSpace, CommonSpaceConfig},
    },
    unimodal::linear::LinearBaselineConfig,
};

use super::{
    data::Group,
    recipe::{FusionRecipe, Recipe},
};

/// A post as the systems see it.
#[derive(Clone, Debug, Default)]
pub struct FusionExample {
    /// Features of the image, where there is one.
    pub image: Option<Vec<f32>>,
    /// Features of the caption, where it has a word.
    pub caption: Option<Vec<f32>>,
    /// Weighted rows of the caption's n-grams; none for systems that do without.
    pub n_grams: Vec<(u32, f32)>,
    /// What every system is to say of it, whatever it sees of it; `None` where that is not known.
    pub target: Option<Target>,
    /// What it belongs together with.
    pub group: Group,
}

impl FusionExample {
    /// The emotion that it conveys.
    #[must_use]
    pub fn emotion(&self) -> Option<Emotion> {
        self.target.map(|target| target.emotion)
    }

    /// Whether it has all that a kind of input consists of.
    fn has(&self, kind: Modality) -> bool {
        match kind {
            Modality::Both => self.image.is_some() && self.caption.is_some(),
            Modality::Image => self.image.is_some(),
            Modality::Caption => self.caption.is_some(),
        }
    }
}

/// Trains the common space.
pub(crate) fn train(
    recipe: &FusionRecipe,
    seed: u64,
    [examples, dev]: [&[FusionExample]; 2],
    stop: Stop,
    device: &Device,
) -> TrainedModel<WithNGrams<CommonSpace>> {
    let objective = Objective::EveryInput(recipe.modality_weights);
    Trainer::new(recipe, seed, examples, common_space, device).train("common space", dev, objective, stop, device)
}

/// Trains the classifier of captions that stand alone.
pub(crate) fn train_standalone_caption(
    recipe: &Recipe,
    [examples, dev]: [&[FusionExample]; 2],
    device: &Device,
) -> TrainedModel<WithNGrams<Unimodal>> {
    let objective = Objective::Input(Modality::Caption);
    let stop = Stop::Early {
        patience: recipe.standalone_caption.patience,
    };
    Trainer::new(
        &recipe.for_standalone_captions(),
        recipe.seed,
        examples,
        caption_baseline,
        device,
    )
    .train("captions alone", dev, objective, stop, device)
}

/// The classifier of images, untrained.
pub(crate) fn image_baseline(context: &TrainingContext) -> Unimodal {
    let classifier = LinearBaselineConfig::new(context.d_image()).init(context.device);
    Unimodal::image(classifier.with_statistics(context.image_statistics()))
}

/// The classifier of captions on the features that the fusions read, untrained.
pub(crate) fn caption_baseline(context: &TrainingContext) -> Unimodal {
    let classifier = LinearBaselineConfig::new(context.d_caption()).init(context.device);
    Unimodal::caption(classifier.with_statistics(context.caption_statistics()))
}

/// The recipe's common space, untrained.
pub(crate) fn common_space(context: &TrainingContext) -> CommonSpace {
    CommonSpaceConfig::new(context.d_image(), context.d_caption())
        .with_d_common(context.recipe.d_common)
        .with_image_share(context.recipe.image_share)
        .init(context.device)
        .with_statistics(context.image_statistics(), context.caption_statistics())
}
