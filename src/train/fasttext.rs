//! Training of the FastText-style baseline: vectors of words and bigrams and the classifier behind them, end to end.

use burn::{
    module::Module,
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer},
    tensor::{Device, Tensor, TensorData},
};
use emofuse_core::error::Result;
use emofuse_engine::{
    bundle::{Bundle, Precision, tensor_group},
    model::unimodal::fasttext::{FastText, FastTextConfig},
};
use rand::{SeedableRng, rngs::StdRng};

use super::{
    fusion::{
        Answers, FusionExample, Learner, Schedule, Stop, Target, TrainedModel, Training, inverse_frequencies, learn,
        mean_loss, rows_of,
    },
    losses::negative_log_likelihood,
    recipe::{FastTextRecipe, Recipe},
    word_vectors::WordVectors,
};

/// Captions that are scored at a time.
const EVALUATION_BATCH: usize = 256;

/// The baseline with its vectors.
#[derive(Clone, Debug)]
pub struct FastTextSystem {
    network: FastText,
    vectors: WordVectors,
}

impl FastTextSystem {
    /// Logits of the captions that have a word, with their indices.
    #[must_use]
    pub fn logits(&self, captions: &[FusionExample], device: &Device) -> Answers {
        let mut order: Vec<usize> = (0..captions.len())
            .filter(|index| !captions[*index].words.is_empty())
            .collect();
        order.sort_by_key(|index| captions[*index].words.len());
        let mut answers = Answers::with_capacity(order.len());
        for part in order.chunks(EVALUATION_BATCH) {
            let captions: Vec<&FusionExample> = part.iter().map(|index| &captions[*index]).collect();
            let batch = self.vectors.batch(&words(&captions), device);
            let logits = self.network.forward(batch.words, batch.mask);
            answers.extend(part.iter().copied().zip(rows_of(logits)));
        }
        answers.sort_by_key(|(index, _)| *index);
        answers
    }

    /// Puts the classifier and the vectors of words and bigrams into a model file.
    ///
    /// # Errors
    /// As [`Bundle::insert`].
    pub fn write(&self, bundle: &mut Bundle) -> Result<()> {
        let d_word = self.vectors.d_word();
        let shape = [self.vectors.values().len() / d_word, d_word];
        bundle.insert(tensor_group::WORDS, &shape, self.vectors.values(), Precision::Int8)?;
        bundle.insert_module(tensor_group::FUSION, &self.network, Precision::F16)
    }
}

fn words<'a>(captions: &[&'a FusionExample]) -> Vec<&'a [u32]> {
    captions.iter().map(|caption| caption.words.as_slice()).collect()
}

/// Trains the baseline from pretrained word vectors, stopping early on dev.
#[must_use]
pub fn train(training: Training, vectors: &WordVectors, name: &str, stop: Stop) -> TrainedModel<FastTextSystem> {
    let Training {
        recipe,
        labels,
        seed,
        examples,
        dev,
        device,
        ..
    } = training;
    let training_device = device.clone().autodiff();
    training_device.seed(seed);
    let FastTextRecipe {
        buckets,
        dropout,
        weight_decay,
        batch,
        epochs,
        ..
    } = recipe.fasttext;
    let d_word = vectors.d_word();
    // Bigrams begin at nothing, so that at first the mean is that of the words.
    let mut values = vectors.values().to_vec();
    values.resize(values.len() + buckets as usize * d_word, 0.0);
    let network = FastTextConfig::new(labels)
        .with_d_word(d_word)
        .with_dropout(dropout)
        .init(&training_device);
    let targets = examples.iter().filter_map(|example| example.target.as_ref());
    let mut learner = FastTextLearner {
        recipe,
        examples,
        dev,
        class_weights: inverse_frequencies(targets, recipe.fusion.class_weight_power.caption, labels),
        system: FastTextSystem {
            network,
            vectors: WordVectors::new(values, d_word),
        },
        optimiser: AdamWConfig::new().with_weight_decay(weight_decay).init(),
        training_device,
        device,
    };
    let schedule = Schedule { batch, epochs, stop };
    let labelled = (0..examples.len())
        .filter(|row| !examples[*row].words.is_empty() && examples[*row].target.is_some())
        .collect();
    learn(name, schedule, labelled, StdRng::seed_from_u64(seed), &mut learner)
}

struct FastTextLearner<'a> {
    recipe: &'a Recipe,
    examples: &'a [FusionExample],
    dev: &'a [FusionExample],
    class_weights: Vec<f32>,
    system: FastTextSystem,
    optimiser: ModuleOptimizer,
    training_device: Device,
    device: &'a Device,
}

impl Learner for FastTextLearner<'_> {
    type Model = FastTextSystem;

    fn step(&mut self, rows: &[usize], rate: f64, _random: &mut StdRng) -> f32 {
        let captions: Vec<&FusionExample> = rows.iter().map(|row| &self.examples[*row]).collect();
        let device = &self.training_device;
        let matrix = |values: Vec<f32>, width: usize| {
            Tensor::<2>::from_data(TensorData::new(values, [captions.len(), width]), device)
        };
        let labelled = || captions.iter().filter_map(|caption| caption.target.as_ref());
        let targets = labelled()
            .flat_map(|target| target.distribution.iter().copied())
            .collect();
        let weight = |target: &Target| target.weight * self.class_weights[target.label];
        let weights = labelled().map(weight).collect();
        let network = &self.system.network;
        let mut batch = self.system.vectors.batch(&words(&captions), device);
        batch.words = batch.words.require_grad();
        let logits = network.forward(batch.words.clone(), batch.mask.clone());
        let loss = negative_log_likelihood(logits, matrix(targets, self.class_weights.len()), matrix(weights, 1));
        let recipe = self.recipe.fasttext;
        let mut gradients = loss.backward();
        if let Some(gradient) = batch.words.grad_remove(&mut gradients) {
            let step_size = recipe.word_learning_rate * rate as f32;
            self.system.vectors.step(&batch, gradient, step_size);
        }
        let gradients = GradientsParams::from_grads(gradients, &self.system.network);
        let network = self.system.network.clone();
        self.system.network = self.optimiser.step(recipe.learning_rate * rate, network, gradients);
        loss.inner().into_scalar::<f32>()
    }

    fn evaluate(&self) -> (f64, FastTextSystem) {
        let system = FastTextSystem {
            network: self.system.network.valid(),
            ..self.system.clone()
        };
        let rows = system.logits(self.dev, self.device);
        (mean_loss(&rows, |row| self.dev[row].label()), system)
    }
}

#[cfg(test)]
mod tests {
    use emofuse_core::metrics;

    use super::*;

    fn example(words: Vec<u32>, label: Option<usize>) -> FusionExample {
        FusionExample {
            words,
            target: label.map(|label| Target::new(label.into(), 0.0, 3)),
            ..FusionExample::default()
        }
    }

    #[test]
    fn a_word_that_tells_the_label_is_learnt_and_an_empty_caption_has_no_answer() {
        let mut recipe = Recipe::default_model().unwrap();
        recipe.fasttext = FastTextRecipe {
            buckets: 16,
            epochs: 60,
            batch: 8,
            word_learning_rate: 0.05,
            ..recipe.fasttext
        };
        let vectors = WordVectors::new((0..6 * 4).map(|value| (value as f32).sin()).collect(), 4);
        let examples: Vec<FusionExample> = (0..40)
            .map(|row| {
                let (word, label) = if row % 2 == 0 { (2, 0) } else { (3, 2) };
                example(vec![4, word, 5], Some(label))
            })
            .collect();
        let device = Device::flex();
        let stop = Stop::Early { patience: 60 };
        let training = Training {
            recipe: &recipe,
            labels: 3,
            seed: 1,
            examples: &examples,
            dev: &examples,
            vectors: Some(&vectors),
            device: &device,
        };
        let TrainedModel { system, dev_loss, .. } = train(training, &vectors, "baseline", stop);
        assert!(dev_loss < 0.1, "{dev_loss}");
        let asked = [vec![2], vec![], vec![3]].map(|words| example(words, None));
        let found: Vec<(usize, usize)> = system
            .logits(&asked, &device)
            .iter()
            .map(|(row, logits)| (*row, metrics::most_likely(logits)))
            .collect();
        assert_eq!(found, [(0, 0), (2, 2)]);
    }
}
