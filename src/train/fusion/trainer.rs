//! One system and all that it takes to train it.

use burn::{
    module::Module,
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer, SgdConfig},
    tensor::{Device, Tensor},
};
use emofuse_engine::model::n_gram_table::{NGramTable, NGramTableConfig};
use rand::{SeedableRng, rngs::StdRng};

use super::{
    FusionExample, Objective, Seen, Side, Sides, System, WithNGrams,
    batch::Batch,
    schedule::{Learner, Schedule, Stop, TrainedModel, learn},
    statistics::{ClassWeights, statistics},
};
use crate::{
    losses::{alignment_hinge, alignment_logistic, negative_log_likelihood},
    recipe::{AuxiliaryForm, FusionRecipe, Optimiser},
};

/// A way of seeing a post that a system learns from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Input {
    /// What is seen.
    pub seen: Seen,
    /// How much it counts in the loss.
    pub weight: f32,
    /// Whether the system learns nothing of it but its prior.
    pub trains_prior_alone: bool,
}

impl Input {
    /// An input that the whole system learns from.
    #[must_use]
    pub const fn new(seen: Seen, weight: f32) -> Self {
        Self {
            seen,
            weight,
            trains_prior_alone: false,
        }
    }
}

/// What an untrained system is made from: the data, the recipe and the device.
pub struct TrainingContext<'a> {
    /// The recipe.
    pub recipe: &'a FusionRecipe,
    /// How many labels there are.
    pub labels: usize,
    /// Where the system is to be.
    pub device: &'a Device,
    examples: &'a [FusionExample],
}

impl<'a> TrainingContext<'a> {
    /// Of a recipe, so many labels and examples.
    #[must_use]
    pub const fn new(
        recipe: &'a FusionRecipe,
        labels: usize,
        examples: &'a [FusionExample],
        device: &'a Device,
    ) -> Self {
        Self {
            recipe,
            labels,
            device,
            examples,
        }
    }

    /// Mean and deviation of the features of sides, of those that any example has.
    #[must_use]
    pub fn statistics(&self, sides: &[Side]) -> Sides<[Tensor<1>; 2]> {
        let mut all = Sides::default();
        for side in sides {
            let rows: Vec<&[f32]> = self
                .examples
                .iter()
                .filter_map(|example| example.sides.get(*side).map(Vec::as_slice))
                .collect();
            if !rows.is_empty() {
                all = all.with(*side, statistics(&rows, self.device));
            }
        }
        all
    }
}

/// One system in training.
pub struct Trainer<'a, S> {
    recipe: &'a FusionRecipe,
    inputs: Vec<Input>,
    examples: &'a [FusionExample],
    class_weights: ClassWeights,
    model: WithNGrams<S>,
    optimiser: ModuleOptimizer,
    random: StdRng,
    device: Device,
}

impl<'a, S: System> Trainer<'a, S> {
    /// A system of so many labels, with weights that the seed decides, as everything random is that follows.
    pub fn new(
        recipe: &'a FusionRecipe,
        inputs: Vec<Input>,
        (labels, seed): (usize, u64),
        examples: &'a [FusionExample],
        untrained: impl FnOnce(&TrainingContext) -> S,
        device: &Device,
    ) -> Self {
        let device = device.clone().autodiff();
        device.seed(seed);
        let context = TrainingContext::new(recipe, labels, examples, &device);
        Self {
            model: WithNGrams {
                n_grams: n_gram_table(&inputs, recipe, labels, &device),
                system: untrained(&context),
            },
            recipe,
            inputs,
            examples,
            class_weights: ClassWeights::new(examples, recipe.class_weight_power, labels),
            optimiser: optimiser(recipe),
            random: StdRng::seed_from_u64(seed),
            device,
        }
    }

    /// Trains it, with an eye on dev.
    pub(crate) fn train(
        self,
        name: &str,
        dev: &[FusionExample],
        objective: &Objective,
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
        example.target.is_some() && self.inputs.iter().any(|input| example.sides.has(input.seen))
    }

    fn step(&mut self, rows: &[usize], rate: f64, random: &mut StdRng) -> f32 {
        let rows: Vec<&FusionExample> = rows.iter().map(|row| &self.examples[*row]).collect();
        let inputs: Vec<Seen> = self.inputs.iter().map(|input| input.seen).collect();
        let negatives = self.recipe.auxiliary.negatives;
        let Some(batch) = Batch::new(&rows, &inputs, &self.class_weights, negatives, random, &self.device) else {
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
        for input in &self.inputs {
            let Some((seen, [targets, row_weights])) = encoded.clone().only(input.seen).zip(batch.targets(input.seen))
            else {
                continue;
            };
            let mut logits = self.model.logits(seen, &batch.n_grams);
            if input.trains_prior_alone {
                let Some(prior) = system.prior(input.seen) else {
                    continue;
                };
                logits = (logits - prior.clone()).detach() + prior;
            }
            losses.push(negative_log_likelihood(logits, targets, row_weights) * input.weight);
        }
        let penalty = |weights: Tensor<2>, ridge: f32| weights.powi_scalar(2).sum() * ridge;
        for (side, weights) in system.standardised_weights().iter() {
            losses.push(penalty(weights.clone(), self.recipe.ridge.of(side)));
        }
        if let Some((table, recipe)) = n_grams.as_ref().zip(self.recipe.n_grams) {
            losses.push(penalty(table.weights(), recipe.ridge));
        }
        let auxiliary = self.recipe.auxiliary;
        if auxiliary.weight > 0.0
            && system.has_common_space()
            && let Some((image, caption)) = encoded.get(Side::Image).zip(encoded.get(Side::Caption))
        {
            let task = match auxiliary.form {
                AuxiliaryForm::Hinge => alignment_hinge,
                AuxiliaryForm::Logistic => alignment_logistic,
            };
            let loss = task(image.clone(), caption.clone(), batch.negatives, auxiliary.margin);
            losses.push(loss * auxiliary.weight);
        }
        losses.into_iter().reduce(|sum, loss| sum + loss)
    }
}

/// A table for the n-grams of a system that learns from captions, if the recipe has n-grams.
fn n_gram_table(inputs: &[Input], recipe: &FusionRecipe, labels: usize, device: &Device) -> Option<NGramTable> {
    let reads_captions = inputs.iter().any(|input| input.seen.has(Side::Caption));
    let recipe = recipe.n_grams.filter(|_| reads_captions)?;
    Some(NGramTableConfig::new(recipe.table.rows(), labels).init(device))
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
    objective: &'d Objective,
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
    use super::*;
    use crate::{
        fusion::{Design, Target},
        recipe::RidgeRecipe,
    };

    const STOP: Stop = Stop::Early { patience: 20 };

    /// Posts whose image and caption show the label, and one that shows nothing.
    fn examples() -> Vec<FusionExample> {
        let rows = (0..40).map(|row| {
            let (sign, label) = if row % 2 == 0 { (1.0, 0) } else { (-1.0, 2) };
            FusionExample {
                target: Some(Target::new(label.into(), 0.0, 3)),
                ..FusionExample::of(Side::Image, vec![sign, 0.5]).with(Side::Caption, vec![0.5, sign, 0.1])
            }
        });
        rows.chain([FusionExample::default()]).collect()
    }

    fn early(recipe: &FusionRecipe) -> TrainedModel<WithNGrams<super::super::AnySystem>> {
        let device = Device::flex();
        let examples = examples();
        let inputs = Design::Early.inputs(recipe, None);
        let trainer = Trainer::new(
            recipe,
            inputs,
            (3, 1),
            &examples,
            |context| Design::Early.untrained(context),
            &device,
        );
        assert!(!trainer.learns_from(&examples[40]));
        trainer.train("early", &examples, &Objective::of(Seen::BOTH), STOP, &device)
    }

    #[test]
    fn either_optimiser_learns_what_the_features_tell() {
        for (optimiser, learning_rate) in [(Optimiser::AdamW, 0.05), (Optimiser::Sgd, 0.5)] {
            let learnt = early(&FusionRecipe {
                optimiser,
                learning_rate,
                ridge: RidgeRecipe {
                    image: 0.0,
                    caption: 0.0,
                    metadata: 0.0,
                },
                batch: 10,
                epochs: 20,
                ..FusionRecipe::default()
            });
            assert!(learnt.dev_loss < 0.1, "{optimiser:?}: {}", learnt.dev_loss);
        }
    }

    #[test]
    fn the_ridge_penalty_keeps_the_standardised_weights_small() {
        let standardised_weights = |image| {
            let learnt = early(&FusionRecipe {
                ridge: RidgeRecipe {
                    image,
                    caption: 0.0,
                    metadata: 0.0,
                },
                epochs: 20,
                ..FusionRecipe::default()
            });
            let squares = learnt.system.system.standardised_weights();
            let squares = squares.filter_map(|_, weights| Some(weights.powi_scalar(2).sum().into_scalar::<f32>()));
            [Side::Image, Side::Caption].map(|side| *squares.get(side).expect("early fusion reads both"))
        };
        let (free, held) = (standardised_weights(0.0), standardised_weights(10.0));
        assert!(held[0] < free[0] / 2.0 && held[1] > held[0], "{free:?}, {held:?}");
    }

    #[test]
    fn of_a_missing_side_the_prior_alone_is_learnt() {
        // Without a caption, label 2 is right twice as often as label 0; the images say nothing.
        let examples: Vec<FusionExample> = (0..30)
            .map(|row| FusionExample {
                target: Some(Target::new(if row % 3 == 0 { 0 } else { 2 }.into(), 0.0, 3)),
                ..FusionExample::of(Side::Image, vec![1.0, (row % 2) as f32])
            })
            .collect();
        let recipe = FusionRecipe {
            epochs: 200,
            learning_rate: 0.05,
            class_weight_power: crate::recipe::ClassWeightPower {
                caption: 0.0,
                image: 0.0,
            },
            ..FusionRecipe::default()
        };
        let device = Device::flex();
        let learnt = Trainer::new(
            &recipe,
            Design::Early.inputs(&recipe, None),
            (3, 1),
            &examples,
            |context| Design::Early.untrained(context),
            &device,
        )
        .train("early", &examples, &Objective::of(Seen::IMAGE), STOP, &device);
        let system = learnt.system.system;
        let weights = system.standardised_weights();
        let weights = weights.get(Side::Image).expect("images").clone();
        assert_eq!(weights.abs().sum().into_scalar::<f32>(), 0.0);
        let prior = system.prior(Seen::IMAGE).expect("early fusion has priors");
        let prior = prior.into_data().try_to_vec::<f32>().expect("floats");
        assert!((prior[2] - prior[0] - 2f32.ln()).abs() < 0.05, "{prior:?}");
    }
}
