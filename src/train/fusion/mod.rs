//! Training of the systems of the paper, over features of frozen towers.
//!
//! One trainer serves every [`System`]: it takes batches of posts, adds up the losses of the inputs that the system
//! learns from, and stops early on dev. [`Design`] says what each system is made of and learns from; FastText, which has
//! no tower, has a trainer of its own.

mod batch;
mod design;
mod evaluation;
mod example;
mod projection;
mod schedule;
mod sides;
mod statistics;
mod system;
mod systems;
mod target;
mod trained;
mod trainer;
mod training;

use burn::tensor::Device;
pub use emofuse_engine::model::fusion::late::Combination as Weighting;

pub use self::{
    design::Design,
    evaluation::{Answers, logits},
    example::FusionExample,
    schedule::{Stop, TrainedModel},
    sides::{Seen, Side, Sides},
    system::{System, WithNGrams},
    systems::{AnySystem, Unimodal},
    target::Target,
    trained::TrainedSystem,
    trainer::{Input, Trainer, TrainingContext},
    training::Training,
};
pub(crate) use self::{
    evaluation::{Objective, mean_loss, measure_rows, measured, rows_of},
    projection::zero_linear,
    schedule::{Learner, Schedule, learn},
    statistics::{inverse_frequencies, statistics},
};
use super::recipe::Recipe;

/// Trains the classifier of captions that stand alone.
pub(crate) fn train_standalone_caption(
    recipe: &Recipe,
    labels: usize,
    [examples, dev]: [&[FusionExample]; 2],
    device: &Device,
) -> TrainedModel<WithNGrams<Unimodal>> {
    let stop = Stop::Early {
        patience: recipe.standalone_caption.patience,
    };
    let fusion = recipe.for_standalone_captions();
    let untrained = |context: &TrainingContext| {
        let statistics = context.statistics(&[Side::Caption]);
        let statistics = statistics.get(Side::Caption).expect("captions to learn from").clone();
        Unimodal::new(Side::Caption, statistics, labels, context.device)
    };
    let inputs = Design::Caption.inputs(&fusion, None);
    Trainer::new(&fusion, inputs, (labels, recipe.seed), examples, untrained, device).train(
        "captions alone",
        dev,
        &Objective::of(Seen::CAPTION),
        stop,
        device,
    )
}
