//! One system and all that it takes to train it.

use burn::{
    module::Module,
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer, SgdConfig},
    tensor::{Device, Tensor},
};
use emofuse_engine::model::{
    fusion::Modality,
    n_gram_table::{NGramTable, NGramTableConfig},
};
use rand::{SeedableRng, rngs::StdRng};

use super::{
    FusionExample, Objective, System, WithNGrams,
    batch::Batch,
    schedule::{Learner, Schedule, Stop, TrainedModel, learn},
    statistics::{ClassWeights, statistics},
};
use crate::{
    losses::{alignment_hinge, alignment_logistic, negative_log_likelihood},
    recipe::{AuxiliaryForm, FusionRecipe, Optimiser},
};

/// What an untrained system is made from: the data, the recipe and the device.
pub struct TrainingContext<'a> {
    /// The recipe.
    pub recipe: &'a FusionRecipe,
    /// Where the system is to be.
    pub device: &'a Device,
    images: Vec<&'a [f32]>,
    captions: Vec<&'a [f32]>,
}

impl<'a> TrainingContext<'a> {
    fn new(recipe: &'a FusionRecipe, examples: &'a [FusionExample], device: &'a Device) -> Self {
        Self {
            recipe,
            device,
            images: examples.iter().filter_map(|example| example.image.as_deref()).collect(),
            captions: examples
                .iter()
                .filter_map(|example| example.caption.as_deref())
                .collect(),
        }
    }

    /// Length of an image's feature vector.
    pub fn d_image(&self) -> usize {
        self.images[0].len()
    }

    /// Length of a caption's feature vector.
    pub fn d_caption(&self) -> usize {
        self.captions[0].len()
    }

    /// Mean and deviation of the images' features.
    pub fn image_statistics(&self) -> [Tensor<1>; 2] {
        statistics(&self.images, self.device)
    }

    /// Mean and deviation of the captions' features.
    pub fn caption_statistics(&self) -> [Tensor<1>; 2] {
        statistics(&self.captions, self.device)
    }
}

/// One system in training.
pub struct Trainer<'a, S> {
    recipe: &'a FusionRecipe,
    examples: &'a [FusionExample],
    class_weights: ClassWeights,
    model: WithNGrams<S>,
    optimiser: ModuleOptimizer,
    random: StdRng,
    device: Device,
}

impl<'a, S: System> Trainer<'a, S> {
    /// A system with weights that the seed decides, as everything random is that follows.
    pub fn new(
        recipe: &'a FusionRecipe,
        seed: u64,
        examples: &'a [FusionExample],
        untrained: impl FnOnce(&TrainingContext) -> S,
        device: &Device,
    ) -> Self {
        let device = device.clone().autodiff();
        device.seed(seed);
        let system = untrained(&TrainingContext::new(recipe, examples, &device));
        Self {
            model: WithNGrams {
                n_grams: n_gram_table(&system, recipe, &device),
                system,
            },
            recipe,
            examples,
            class_weights: ClassWeights::new(examples, recipe.class_weight_power),
            optimiser: optimiser(recipe),
            random: StdRng::seed_from_u64(seed),
            device,
        }
    }

    /// Trains it, with an eye on dev.
    pub fn train(
        self,
        name: &str,
        dev: &[FusionExample],
        objective: Objective,
        stop: Stop,
        device: &Device,
    ) -> TrainedModel<WithNGrams<S>> {
        let schedule = Schedule {
            batch: self.recipe.batch,
            epochs: self.recipe.epochs,
            stop,
        };
        let rows = (0..self.examples.len())
            .filter(|row| self.learns_from(&self.examples[*row]))
            .collect();
        let random = self.random.clone();
        let mut validated = ValidatedTrainer {
            trainer: self,
            dev,
            objective,
            device,
        };
        learn(name, schedule, rows, random, &mut validated)
    }

    /// Whether the system learns anything from a row.
    fn learns_from(&self, example: &FusionExample) -> bool {
        let learns_from = self.model.system.learns_from();
        example.target.is_some() && learns_from.iter().any(|kind| example.has(*kind))
    }

    fn step(&mut self, rows: &[usize], rate: f64, random: &mut StdRng) -> f32 {
        let rows: Vec<&FusionExample> = rows.iter().map(|row| &self.examples[*row]).collect();
        let Some(batch) = Batch::new(&rows, self.recipe, &self.class_weights, random, &self.device) else {
            return 0.0;
        };
        let Some(loss) = self.loss(batch) else { return 0.0 };
        let gradients = GradientsParams::from_grads(loss.backward(), &self.model);
        let step_size = self.recipe.learning_rate * rate;
        self.model = self.optimiser.step(step_size, self.model.clone(), gradients);
        loss.inner().into_scalar::<f32>()
    }

    /// The sum over the inputs that the system learns from, with the ridge penalty and the auxiliary task beside it.
    fn loss(&self, batch: Batch) -> Option<Tensor<1>> {
        let WithNGrams { system, n_grams } = &self.model;
        let encoded = system.encode(batch.features.clone())?;
        let mut losses = Vec::new();
        for kind in system.learns_from() {
            let Some(input) = encoded.clone().only(*kind) else {
                continue;
            };
            let (targets, row_weights) = batch.targets(*kind);
            let weight = system.modality_weight(*kind, self.recipe.modality_weights);
            let logits = self.model.logits(input, &batch.n_grams);
            losses.push(negative_log_likelihood(logits, targets, row_weights) * weight);
        }
        let ridge = self.recipe.ridge;
        let penalty = |of: f32| move |standardised_weights: Tensor<2>| standardised_weights.powi_scalar(2).sum() * of;
        let penalties = system
            .standardised_weights()
            .map(penalty(ridge.image), penalty(ridge.caption));
        losses.extend(penalties.clone().image());
        losses.extend(penalties.caption());
        if let Some((table, recipe)) = n_grams.as_ref().zip(self.recipe.n_grams) {
            losses.push(penalty(recipe.ridge)(table.weights()));
        }
        let auxiliary = self.recipe.auxiliary;
        if auxiliary.weight > 0.0
            && system.has_common_space()
            && let Some((image, caption)) = encoded.clone().image().zip(encoded.caption())
        {
            let task = match auxiliary.form {
                AuxiliaryForm::Hinge => alignment_hinge,
                AuxiliaryForm::Logistic => alignment_logistic,
            };
            losses.push(task(image, caption, batch.negatives, auxiliary.margin) * auxiliary.weight);
        }
        losses.into_iter().reduce(|sum, loss| sum + loss)
    }
}

/// A table for the n-grams of a system that reads captions, where the recipe has n-grams.
fn n_gram_table<S: System>(system: &S, recipe: &FusionRecipe, device: &Device) -> Option<NGramTable> {
    let reads_captions = system.learns_from() != [Modality::Image];
    let recipe = recipe.n_grams.filter(|_| reads_captions)?;
    Some(NGramTableConfig::new(recipe.table.rows()).init(device))
}

fn optimiser(recipe: &FusionRecipe) -> ModuleOptimizer {
    match recipe.optimiser {
        Optimiser::AdamW => AdamWConfig::new().with_weight_decay(0.0).init(),
        Optimiser::Sgd => SgdConfig::new().init(),
    }
}

/// A trainer with the posts of dev that it is measured on.
struct ValidatedTrainer<'a, 'd, S> {
    trainer: Trainer<'a, S>,
    dev: &'d [FusionExample],
    objective: Objective,
    device: &'d Device,
}

impl<S: System> Learner for ValidatedTrainer<'_, '_, S> {
    type Model = WithNGrams<S>;

    fn step(&mut self, rows: &[usize], rate: f64, random: &mut StdRng) -> f32 {
        self.trainer.step(rows, rate, random)
    }

    fn evaluate(&self) -> (f64, WithNGrams<S>) {
        let valid = self.trainer.model.valid();
        (self.objective.loss(&valid, self.dev, self.device), valid)
    }
}

#[cfg(test)]
mod tests {
    use emofuse_core::emotion::Emotion;
    use emofuse_engine::model::fusion::{
        ByModality,
        early::{Early, EarlyConfig},
    };

    use super::*;
    use crate::{
        fusion::Target,
        recipe::{Recipe, RidgeRecipe},
    };

    const STOP: Stop = Stop::Early { patience: 20 };

    /// Posts whose image and caption show the emotion, and one that shows nothing.
    fn examples() -> Vec<FusionExample> {
        let rows = (0..40).map(|row| {
            let (sign, first) = if row % 2 == 0 {
                (1.0, Emotion::Joy)
            } else {
                (-1.0, Emotion::Fear)
            };
            FusionExample {
                image: Some(vec![sign, 0.5]),
                caption: Some(vec![0.5, sign, 0.1]),
                target: Some(Target::new(first.into(), 0.0)),
                ..FusionExample::default()
            }
        });
        rows.chain([FusionExample::default()]).collect()
    }

    fn early(context: &TrainingContext) -> Early {
        EarlyConfig::new(context.d_image(), context.d_caption())
            .init(context.device)
            .with_statistics(context.image_statistics(), context.caption_statistics())
    }

    #[test]
    fn either_optimiser_learns_what_the_features_tell() {
        let device = Device::flex();
        let examples = examples();
        for (optimiser, learning_rate) in [(Optimiser::AdamW, 0.05), (Optimiser::Sgd, 0.5)] {
            let mut recipe = Recipe::default_model().unwrap().fusion;
            recipe.optimiser = optimiser;
            recipe.learning_rate = learning_rate;
            recipe.ridge = RidgeRecipe {
                image: 0.0,
                caption: 0.0,
            };
            recipe.batch = 10;
            recipe.epochs = 20;
            let trainer = Trainer::new(&recipe, 1, &examples, early, &device);
            assert!(!trainer.learns_from(&examples[40]));
            let learnt = trainer.train("early", &examples, Objective::Input(Modality::Both), STOP, &device);
            assert!(learnt.dev_loss < 0.1, "{optimiser:?}: {}", learnt.dev_loss);
        }
    }

    #[test]
    fn the_ridge_penalty_keeps_the_standardised_weights_small() {
        let device = Device::flex();
        let examples = examples();
        let standardised_weights = |ridge| {
            let mut recipe = Recipe::default_model().unwrap().fusion;
            recipe.ridge = RidgeRecipe {
                image: ridge,
                caption: 0.0,
            };
            recipe.epochs = 20;
            let trainer = Trainer::new(&recipe, 1, &examples, early, &device);
            let learnt = trainer.train("early", &examples, Objective::Input(Modality::Both), STOP, &device);
            let squares = |weights: Tensor<2>| weights.powi_scalar(2).sum().into_scalar::<f32>();
            let ByModality::Both { image, caption } =
                System::standardised_weights(&learnt.system.system).map(squares, squares)
            else {
                panic!("early fusion uses both modalities");
            };
            (image, caption)
        };
        let (free, held) = (standardised_weights(0.0), standardised_weights(10.0));
        assert!(held.0 < free.0 / 2.0 && held.1 > held.0, "{free:?}, {held:?}");
    }
}
