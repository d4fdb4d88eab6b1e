//! Training of the FastText-style baseline: vectors of words and bigrams and the classifier behind them, end to end.

use burn::{
    module::Module,
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer},
    tensor::{Device, Tensor, TensorData},
};
use emofuse_core::emotion::EMOTIONS;
use emofuse_engine::model::unimodal::fasttext::{FastText, FastTextConfig};
use rand::{SeedableRng, rngs::StdRng};

use super::{
    fusion::{Learner, Schedule, Stop, Target, TrainedModel, inverse_frequencies, learn, mean_loss},
    losses::negative_log_likelihood,
    recipe::{FastTextRecipe, Recipe},
    word_vectors::WordVectors,
};

/// Captions that are scored at a time.
const EVALUATION_BATCH: usize = 256;

/// A caption as the baseline sees it.
#[derive(Clone, Debug)]
pub struct WordExample {
    /// Rows of its words and bigrams; none where it has no word.
    pub rows: Vec<u32>,
    /// What is to be said of it, where that is known.
    pub target: Option<Target>,
}

/// The baseline with its vectors.
#[derive(Clone, Debug)]
pub struct FastTextSystem {
    network: FastText,
    vectors: WordVectors,
}

impl FastTextSystem {
    /// Logits of captions; a caption without words has none.
    #[must_use]
    pub fn logits(&self, captions: &[WordExample], device: &Device) -> Vec<Option<[f32; EMOTIONS]>> {
        let mut answers = vec![None; captions.len()];
        let mut order: Vec<usize> = (0..captions.len())
            .filter(|index| !captions[*index].rows.is_empty())
            .collect();
        order.sort_by_key(|index| captions[*index].rows.len());
        for part in order.chunks(EVALUATION_BATCH) {
            let captions: Vec<&WordExample> = part.iter().map(|index| &captions[*index]).collect();
            let batch = self.vectors.batch(&rows(&captions), device);
            let values = self.network.forward(batch.words, batch.mask).into_data();
            let values = values.try_to_vec::<f32>().expect("logits are 32-bit floats");
            let (logits, _) = values.as_chunks::<EMOTIONS>();
            for (index, logits) in part.iter().zip(logits) {
                answers[*index] = Some(*logits);
            }
        }
        answers
    }
}

fn rows<'a>(captions: &[&'a WordExample]) -> Vec<&'a [u32]> {
    captions.iter().map(|caption| caption.rows.as_slice()).collect()
}

/// Trains the baseline from pretrained word vectors, stopping early on dev.
#[must_use]
pub fn train(
    name: &str,
    recipe: &Recipe,
    seed: u64,
    words: &WordVectors,
    [examples, dev]: [&[WordExample]; 2],
    device: &Device,
) -> TrainedModel<FastTextSystem> {
    let training_device = device.clone().autodiff();
    training_device.seed(seed);
    let FastTextRecipe {
        buckets,
        dropout,
        weight_decay,
        batch,
        epochs,
        patience,
        ..
    } = recipe.fasttext;
    let d_word = words.d_word();
    // Bigrams begin at nothing, so that at first the mean is that of the words.
    let mut values = words.values().to_vec();
    values.resize(values.len() + buckets as usize * d_word, 0.0);
    let network = FastTextConfig::new()
        .with_d_word(d_word)
        .with_dropout(dropout)
        .init(&training_device);
    let targets = examples.iter().filter_map(|example| example.target);
    let mut learner = Training {
        recipe,
        examples,
        dev,
        class_weights: inverse_frequencies(targets, recipe.fusion.class_weight_power.caption),
        system: FastTextSystem {
            network,
            vectors: WordVectors::new(values, d_word),
        },
        optimiser: AdamWConfig::new().with_weight_decay(weight_decay).init(),
        training_device,
        device,
    };
    let schedule = Schedule {
        batch,
        epochs,
        stop: Stop::Early { patience },
    };
    let labelled = (0..examples.len())
        .filter(|row| !examples[*row].rows.is_empty() && examples[*row].target.is_some())
        .collect();
    learn(name, schedule, labelled, StdRng::seed_from_u64(seed), &mut learner)
}

struct Training<'a> {
    recipe: &'a Recipe,
    examples: &'a [WordExample],
    dev: &'a [WordExample],
    class_weights: [f32; EMOTIONS],
    system: FastTextSystem,
    optimiser: ModuleOptimizer,
    training_device: Device,
    device: &'a Device,
}

impl Learner for Training<'_> {
    type Model = FastTextSystem;

    fn step(&mut self, rows: &[usize], rate: f64, _random: &mut StdRng) -> f32 {
        let captions: Vec<&WordExample> = rows.iter().map(|row| &self.examples[*row]).collect();
        let device = &self.training_device;
        let matrix = |values: Vec<f32>, width: usize| {
            Tensor::<2>::from_data(TensorData::new(values, [captions.len(), width]), device)
        };
        let labelled = || captions.iter().filter_map(|caption| caption.target);
        let targets = labelled().flat_map(|target| target.distribution).collect();
        let weights = labelled()
            .map(|target| self.class_weights[target.emotion.index()])
            .collect();
        let network = &self.system.network;
        let mut batch = self.system.vectors.batch(&self::rows(&captions), device);
        batch.words = batch.words.require_grad();
        let logits = network.forward(batch.words.clone(), batch.mask.clone());
        let loss = negative_log_likelihood(logits, matrix(targets, EMOTIONS), matrix(weights, 1));
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
        let rows: Vec<(usize, [f32; EMOTIONS])> = system
            .logits(self.dev, self.device)
            .into_iter()
            .enumerate()
            .filter_map(|(row, logits)| Some((row, logits?)))
            .collect();
        (
            mean_loss(&rows, |row| self.dev[row].target.map(|target| target.emotion)),
            system,
        )
    }
}

#[cfg(test)]
mod tests {
    use emofuse_core::{emotion::Emotion, metrics};

    use super::*;

    fn example(rows: Vec<u32>, first: Option<Emotion>) -> WordExample {
        WordExample {
            rows,
            target: first.map(|first| Target::new(first.into(), 0.0)),
        }
    }

    #[test]
    fn a_word_that_tells_the_emotion_is_learnt_and_an_empty_caption_has_no_answer() {
        let mut recipe = Recipe::default_model().unwrap();
        recipe.fasttext.buckets = 16;
        recipe.fasttext.epochs = 60;
        recipe.fasttext.patience = 60;
        recipe.fasttext.batch = 8;
        recipe.fasttext.word_learning_rate = 0.05;
        let words = WordVectors::new((0..6 * 4).map(|value| (value as f32).sin()).collect(), 4);
        let examples: Vec<WordExample> = (0..40)
            .map(|row| {
                let (word, first) = if row % 2 == 0 {
                    (2, Emotion::Joy)
                } else {
                    (3, Emotion::Fear)
                };
                example(vec![4, word, 5], Some(first))
            })
            .collect();
        let device = Device::flex();
        let TrainedModel { system, dev_loss, .. } =
            train("baseline", &recipe, 1, &words, [&examples, &examples], &device);
        assert!(dev_loss < 0.1, "{dev_loss}");
        let asked = [vec![2], vec![], vec![3]].map(|rows| example(rows, None));
        let logits = system.logits(&asked, &device);
        let found: Vec<Option<Emotion>> = logits
            .iter()
            .map(|logits| logits.as_ref().map(metrics::most_likely))
            .collect();
        assert_eq!(found, [Some(Emotion::Joy), None, Some(Emotion::Fear)]);
    }
}
