//! Training of the FastText-style baseline: vectors of words and bigrams and the classifier behind them, end to end.

use burn::{
    module::Module,
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer},
    tensor::{Device, Tensor, TensorData},
};
use rand::{SeedableRng, rngs::StdRng};

use super::{
    data::Label,
    fusion::{Learner, Schedule, inverse_frequencies, learn, mean_loss},
    losses::negative_log_likelihood,
    recipe::{FastTextRecipe, Recipe},
    word_vectors::WordVectors,
};
use crate::{
    emotion::EMOTIONS,
    model::unimodal::fasttext::{FastText, FastTextConfig, with_bigrams},
};

/// Captions that are scored at a time.
const EVALUATION_BATCH: usize = 256;

/// A caption as word ids, with the emotion that its post conveys.
#[derive(Clone, Debug)]
pub struct WordExample {
    /// Word ids.
    pub ids: Vec<u32>,
    /// The emotion that the post conveys.
    pub label: Label,
}

/// The baseline with its vectors.
#[derive(Clone, Debug)]
pub struct FastTextSystem {
    network: FastText,
    vectors: WordVectors,
    words: u32,
    buckets: u32,
}

impl FastTextSystem {
    /// Logits of captions; a caption without words has none.
    #[must_use]
    pub fn logits(&self, captions: &[Vec<u32>], device: &Device) -> Vec<Option<[f32; EMOTIONS]>> {
        let mut rows = vec![None; captions.len()];
        let mut order: Vec<usize> = (0..captions.len())
            .filter(|index| !captions[*index].is_empty())
            .collect();
        order.sort_by_key(|index| captions[*index].len());
        for part in order.chunks(EVALUATION_BATCH) {
            let ids: Vec<Vec<u32>> = part.iter().map(|index| self.rows(&captions[*index])).collect();
            let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
            let batch = self.vectors.batch(&ids, device);
            let values = self.network.forward(batch.words, batch.mask).into_data();
            let values = values.try_to_vec::<f32>().expect("logits are 32-bit floats");
            let (logits, _) = values.as_chunks::<EMOTIONS>();
            for (index, logits) in part.iter().zip(logits) {
                rows[*index] = Some(*logits);
            }
        }
        rows
    }

    fn rows(&self, ids: &[u32]) -> Vec<u32> {
        with_bigrams(ids, self.words, self.buckets)
    }
}

/// Trains the baseline from pretrained word vectors, stopping early on dev, and gives it with its loss
/// there.
#[must_use]
pub fn train(
    name: &str,
    recipe: &Recipe,
    seed: u64,
    words: &WordVectors,
    examples: &[WordExample],
    dev: &[WordExample],
    device: &Device,
) -> (f64, FastTextSystem) {
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
    let system = FastTextSystem {
        network: FastTextConfig::new()
            .with_d_word(d_word)
            .with_dropout(dropout)
            .init(&training_device),
        vectors: WordVectors::new(values, d_word),
        words: (words.values().len() / d_word) as u32,
        buckets,
    };
    let labels = examples.iter().map(|example| example.label);
    let mut learner = Training {
        recipe,
        examples,
        dev,
        dev_ids: dev.iter().map(|example| example.ids.clone()).collect(),
        class_weights: inverse_frequencies(labels, recipe.fusion.class_weight_power.post),
        system,
        optimiser: AdamWConfig::new().with_weight_decay(weight_decay).init(),
        training_device,
        device,
    };
    let schedule = Schedule {
        batch,
        epochs,
        patience,
    };
    let rows = (0..examples.len())
        .filter(|row| !examples[*row].ids.is_empty())
        .collect();
    learn(name, schedule, rows, StdRng::seed_from_u64(seed), &mut learner)
}

struct Training<'a> {
    recipe: &'a Recipe,
    examples: &'a [WordExample],
    dev: &'a [WordExample],
    dev_ids: Vec<Vec<u32>>,
    class_weights: [f32; EMOTIONS],
    system: FastTextSystem,
    optimiser: ModuleOptimizer,
    training_device: Device,
    device: &'a Device,
}

impl Learner for Training<'_> {
    type Learnt = FastTextSystem;

    fn step(&mut self, rows: &[usize], rate: f64, _random: &mut StdRng) -> f32 {
        let rows: Vec<&WordExample> = rows.iter().map(|row| &self.examples[*row]).collect();
        let matrix = |values: Vec<f32>, width: usize| {
            Tensor::<2>::from_data(TensorData::new(values, [rows.len(), width]), &self.training_device)
        };
        let share = self.recipe.fusion.second_label;
        let targets = rows.iter().flat_map(|row| row.label.distribution(share)).collect();
        let weights = rows
            .iter()
            .map(|row| self.class_weights[row.label.first.index()])
            .collect();
        let ids: Vec<Vec<u32>> = rows.iter().map(|row| self.system.rows(&row.ids)).collect();
        let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
        let mut batch = self.system.vectors.batch(&ids, &self.training_device);
        batch.words = batch.words.require_grad();
        let logits = self.system.network.forward(batch.words.clone(), batch.mask.clone());
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

    fn look(&self) -> (f64, FastTextSystem) {
        let system = FastTextSystem {
            network: self.system.network.valid(),
            ..self.system.clone()
        };
        let rows: Vec<(usize, [f32; EMOTIONS])> = system
            .logits(&self.dev_ids, self.device)
            .into_iter()
            .enumerate()
            .filter_map(|(row, logits)| Some((row, logits?)))
            .collect();
        (mean_loss(&rows, |row| Some(self.dev[row].label.first)), system)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{emotion::Emotion, metrics};

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
                WordExample {
                    ids: vec![4, word, 5],
                    label: Label { first, second: None },
                }
            })
            .collect();
        let device = Device::flex();
        let (loss, system) = train("baseline", &recipe, 1, &words, &examples, &examples, &device);
        assert!(loss < 0.1, "{loss}");
        let logits = system.logits(&[vec![2], vec![], vec![3]], &device);
        let found: Vec<Option<Emotion>> = logits
            .iter()
            .map(|logits| logits.as_ref().map(metrics::most_likely))
            .collect();
        assert_eq!(found, [Some(Emotion::Joy), None, Some(Emotion::Fear)]);
    }
}
