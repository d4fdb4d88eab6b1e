//! Training of the caption tower on captions alone.
//!
//! Two questions are learnt at once: which of all labels a caption conveys, and each label but the `none` label by itself;
//! the convolutions and the word vectors learnt here are what the fusion and the classifier of captions read. Beside
//! the labels the tower may learn what a larger sentence encoder, fine-tuned for the same questions, says of the same
//! captions (distillation, after Hinton, Vinyals and Dean 2015, of probabilities as there and of embeddings as in
//! Reimers and Gurevych 2020): labelled captions are few, and the encoder has read far more.

use std::collections::BTreeMap;

use burn::{
    module::Module,
    nn::{Linear, LinearConfig},
    optim::{AdamWConfig, GradientsParams, ModuleOptimizer},
    tensor::{Device, Tensor, TensorData},
};
use emofuse_core::{error::Result, labels::LabelSet, metrics};
use emofuse_engine::{
    bundle::TransformerArchitecture,
    classifier::windows,
    model::{caption_encoder::CaptionEncoder, text_encoder::TextEncoderConfig},
    text::{Token, Tokenizer},
};
use indicatif::ProgressBar;
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use rayon::prelude::*;

use super::{
    caption_features::CaptionFeatureCache,
    fusion::zero_linear,
    import::transformer::FinetunedTransformer,
    losses::{binary_cross_entropy, cosine_distance, negative_log_likelihood},
    recipe::ConvolutionRecipe,
    word_vectors::WordVectors,
};

/// A caption as word ids, with what is to be learnt of it.
#[derive(Clone, Debug)]
pub struct CaptionExample {
    /// Word ids.
    pub ids: Vec<u32>,
    /// How far each label but the `none` label holds, 0…1, where that is known.
    pub each: Option<Vec<f32>>,
    /// How the caption's label is divided up between all labels, a sum of 1, where that is known.
    pub distribution: Option<Vec<f32>>,
    /// The teacher's embedding, of length one, where there is a teacher.
    pub embedding: Option<Vec<f32>>,
    /// How much the caption counts.
    pub weight: f32,
    /// The set that it comes from.
    pub domain: String,
}

/// The caption tower with its outputs.
#[derive(Module, Debug)]
pub struct CaptionNetwork {
    /// The network.
    pub encoder: CaptionEncoder,
    /// An output for each label but the `none` label, by itself.
    pub labels: Linear,
    /// An output for each label, of which one is chosen. A model file has those of a finetuned tower alone: the classifier of captions is trained over
    /// the rounded tower.
    pub emotion: Option<Linear>,
    /// From features to the teacher's embedding; only training knows it.
    pub embedding: Option<Linear>,
}

/// What the caption training leaves.
#[derive(Clone, Debug)]
pub struct CaptionTower {
    /// The network and its outputs.
    pub network: CaptionNetwork,
    /// The vectors of words or word pieces.
    pub vectors: WordVectors,
    /// What it is and where it comes from, if it was not trained here.
    pub pretrained: Option<Pretrained>,
    /// Per-label thresholds chosen on dev.
    pub thresholds: Vec<f32>,
    /// Macro-F1 over the labels on dev, with those thresholds.
    pub dev_macro_f1: f64,
}

/// A caption tower that was not trained here.
#[derive(Clone, Debug)]
pub struct Pretrained {
    /// The network, and how captions are read for it.
    pub architecture: TransformerArchitecture,
    /// Where its weights come from, in words.
    pub origin: String,
    /// SHA-256 of the file that they were read from, in hexadecimal, and what was done to them since.
    pub sha256: String,
}

/// The outputs of a tower.
#[derive(Module, Debug)]
struct Outputs {
    labels: Linear,
    emotion: Linear,
}

const EVALUATION_BATCH: usize = 256;

/// Steps over all captions at once, by which the outputs of a finetuned tower learn other labels.
const OUTPUT_STEPS: usize = 300;
const OUTPUT_STEP_SIZE: f64 = 0.02;

impl CaptionTower {
    /// A finetuned tower, with thresholds chosen on dev. If it was finetuned for other labels, its outputs are trained
    /// anew, over the tower as it is.
    #[must_use]
    pub fn finetuned(
        tower: FinetunedTransformer,
        [examples, dev]: [&[CaptionExample]; 2],
        labels: &LabelSet,
        device: &Device,
    ) -> Self {
        let questions = labels.primary().count();
        let FinetunedTransformer {
            architecture,
            words,
            encoder,
            labels: own_questions,
            emotion,
            origin,
            sha256,
            ..
        } = tower;
        let mut tower = Self {
            network: CaptionNetwork {
                encoder: CaptionEncoder::Transformer(encoder),
                labels: own_questions,
                emotion: Some(emotion),
                embedding: None,
            },
            vectors: WordVectors::new(words, architecture.d_model),
            pretrained: Some(Pretrained {
                architecture,
                origin,
                sha256,
            }),
            thresholds: vec![0.5; questions],
            dev_macro_f1: f64::NAN,
        };
        if !labels.is_plutchik() {
            tower.train_outputs(examples, labels, device);
        }
        if !dev.is_empty() {
            let dev = Decided::of(dev);
            let scores = tower.probabilities(&dev.ids, device);
            tower.thresholds = best_thresholds(&scores, &dev, questions);
            tower.dev_macro_f1 = metrics_at(&scores, &dev.truth, &tower.thresholds);
        }
        tower
    }

    /// Trains the two outputs for other labels, and nothing else.
    fn train_outputs(&mut self, examples: &[CaptionExample], labels: &LabelSet, device: &Device) {
        let training_device = device.clone().autodiff();
        let ids: Vec<Vec<u32>> = examples.iter().map(|example| example.ids.clone()).collect();
        let width = self.network.encoder.features();
        let features = TensorData::new(self.features(&ids, device).concat(), [ids.len(), width]);
        let features = Tensor::<2>::from_data(features, &training_device);
        let examples: Vec<&CaptionExample> = examples.iter().collect();
        let rows =
            |row: fn(&CaptionExample) -> Option<&[f32]>, width| optional_rows(&examples, row, width, &training_device);
        let each = rows(|example| example.each.as_deref(), labels.primary().count());
        let all = rows(|example| example.distribution.as_deref(), labels.len());
        let mut outputs = Outputs {
            labels: zero_linear([width, labels.primary().count()], true, &training_device),
            emotion: zero_linear([width, labels.len()], true, &training_device),
        };
        let mut optimiser = AdamWConfig::new().with_weight_decay(1e-4).init();
        for _ in 0..OUTPUT_STEPS {
            let questions = outputs.labels.forward(features.clone());
            let loss = binary_cross_entropy(questions, each.rows.clone(), each.weights.clone());
            let choice = outputs.emotion.forward(features.clone());
            let loss = loss + negative_log_likelihood(choice, all.rows.clone(), all.weights.clone());
            let gradients = GradientsParams::from_grads(loss.backward(), &outputs);
            outputs = optimiser.step(OUTPUT_STEP_SIZE, outputs, gradients);
        }
        let Outputs {
            labels: questions,
            emotion,
        } = outputs.valid();
        self.network.labels = questions;
        self.network.emotion = Some(emotion);
    }

    /// Feature vectors of captions, `features()` numbers each; zeros for a caption without words.
    #[must_use]
    pub fn features(&self, captions: &[Vec<u32>], device: &Device) -> Vec<Vec<f32>> {
        in_batches(&self.network, &self.vectors, captions, device, |network, features| {
            let width = network.encoder.features();
            (features, width)
        })
    }

    /// Features of captions; of one that is longer than the tower's window, those of its windows by their words.
    ///
    /// # Errors
    /// As [`CaptionFeatureCache::features`], where there is a cache.
    pub fn features_of<'t>(
        &self,
        tokenizer: &Tokenizer,
        captions: impl Iterator<Item = &'t [Token]>,
        cache: Option<&CaptionFeatureCache>,
        device: &Device,
    ) -> Result<Vec<Vec<f32>>> {
        let captions: Vec<Vec<&[Token]>> = captions
            .map(|tokens| windows(tokens, tokenizer.max_tokens()).collect())
            .collect();
        let all: Vec<Vec<u32>> = captions.iter().flatten().map(|window| tokenizer.ids(window)).collect();
        let features = match cache {
            Some(cache) => {
                let width = self.network.encoder.features();
                cache.features(&all, width, |captions| self.features(captions, device))?
            }
            None => self.features(&all, device),
        };
        let mut features = features.into_iter();
        Ok(captions
            .iter()
            .map(|windows| {
                let total = windows.iter().map(|window| window.len()).sum::<usize>().max(1) as f32;
                let mut sum: Vec<f32> = Vec::new();
                for (window, of_window) in windows.iter().zip(features.by_ref()) {
                    let share = if windows.len() == 1 {
                        1.0
                    } else {
                        window.len() as f32 / total
                    };
                    sum.resize(of_window.len(), 0.0);
                    sum.iter_mut()
                        .zip(&of_window)
                        .for_each(|(sum, value)| *sum += share * value);
                }
                sum
            })
            .collect())
    }

    /// Probabilities of each label but the `none` label, by itself, for captions.
    #[must_use]
    pub fn probabilities(&self, captions: &[Vec<u32>], device: &Device) -> Vec<Vec<f32>> {
        probabilities(&self.network, &self.vectors, captions, device)
    }
}

fn probabilities(
    network: &CaptionNetwork,
    vectors: &WordVectors,
    captions: &[Vec<u32>],
    device: &Device,
) -> Vec<Vec<f32>> {
    in_batches(network, vectors, captions, device, |network, features| {
        let scores = burn::tensor::activation::sigmoid(network.labels.forward(features));
        let width = scores.dims()[1];
        (scores, width)
    })
}

/// Runs captions through the tower, like lengths together, and gives a row for each in the old order.
fn in_batches(
    network: &CaptionNetwork,
    vectors: &WordVectors,
    captions: &[Vec<u32>],
    device: &Device,
    output: impl Fn(&CaptionNetwork, Tensor<2>) -> (Tensor<2>, usize) + Sync,
) -> Vec<Vec<f32>> {
    let mut order: Vec<usize> = (0..captions.len()).collect();
    order.sort_by_key(|index| captions[*index].len());
    let computed = order.par_chunks(EVALUATION_BATCH).flat_map_iter(|part| {
        let ids: Vec<&[u32]> = part.iter().map(|index| captions[*index].as_slice()).collect();
        let batch = vectors.batch(&ids, device);
        let (values, width) = output(network, network.encoder.forward(batch.words, batch.mask));
        let values = values
            .into_data()
            .try_to_vec::<f32>()
            .expect("outputs are 32-bit floats");
        let rows = values.chunks_exact(width).map(<[f32]>::to_vec);
        part.iter().copied().zip(rows.collect::<Vec<_>>())
    });
    let mut rows = vec![Vec::new(); captions.len()];
    for (index, row) in computed.collect::<Vec<_>>() {
        rows[index] = row;
    }
    rows
}

/// Trains the tower, stopping early on dev.
#[must_use]
pub fn train(
    recipe: &ConvolutionRecipe,
    seed: u64,
    vectors: WordVectors,
    [examples, dev]: [&[CaptionExample]; 2],
    labels: &LabelSet,
    device: &Device,
) -> CaptionTower {
    let training_device = device.clone().autodiff();
    training_device.seed(seed);
    let mut random = StdRng::seed_from_u64(seed);
    let encoder = TextEncoderConfig::new()
        .with_d_word(vectors.d_word())
        .with_kernels(recipe.kernels.clone())
        .with_filters(recipe.filters)
        .with_dropout(recipe.dropout)
        .init(&training_device);
    let encoder = CaptionEncoder::Convolution(encoder);
    let questions = LinearConfig::new(encoder.features(), labels.primary().count()).init(&training_device);
    let emotion = LinearConfig::new(encoder.features(), labels.len()).init(&training_device);
    let d_embedding = examples
        .iter()
        .find_map(|example| example.embedding.as_ref())
        .map(Vec::len);
    let embedding = d_embedding.map(|length| LinearConfig::new(encoder.features(), length).init(&training_device));
    let mut network = CaptionNetwork {
        encoder,
        labels: questions,
        emotion: Some(emotion),
        embedding,
    };
    let mut vectors = vectors;
    let mut optimiser = AdamWConfig::new().with_weight_decay(recipe.weight_decay).init();
    let dev = Decided::of(dev);
    let mut best: Option<CaptionTower> = None;
    let mut without_gain = 0;

    for epoch in 0..recipe.epochs {
        let batches = batches_of_like_length(examples, recipe.batch, &mut random);
        let progress = super::progress(&format!("captions, pass {}", epoch + 1), batches.len());
        let rate = 1.0 - 0.9 * epoch as f64 / recipe.epochs as f64;
        let mut loss_sum = 0.0;
        for batch in &batches {
            let examples: Vec<&CaptionExample> = batch.iter().map(|index| &examples[*index]).collect();
            let step = Step {
                recipe,
                rate,
                device: &training_device,
            };
            let (stepped, loss) = step.run(network, &mut optimiser, &mut vectors, &examples);
            network = stepped;
            loss_sum += f64::from(loss);
            show(&progress, loss);
        }
        progress.finish_and_clear();
        let valid = network.valid();
        let scores = probabilities(&valid, &vectors, &dev.ids, device);
        let thresholds = best_thresholds(&scores, &dev, labels.primary().count());
        let dev_macro_f1 = metrics_at(&scores, &dev.truth, &thresholds);
        tracing::info!(
            epoch = epoch + 1,
            loss = loss_sum / batches.len() as f64,
            dev_macro_f1,
            "captions"
        );
        if best.as_ref().is_none_or(|best| dev_macro_f1 > best.dev_macro_f1) {
            best = Some(CaptionTower {
                network: valid,
                vectors: vectors.clone(),
                pretrained: None,
                thresholds,
                dev_macro_f1,
            });
            without_gain = 0;
        } else {
            without_gain += 1;
            if without_gain >= recipe.patience {
                break;
            }
        }
    }
    best.expect("a recipe has at least one epoch")
}

/// What thresholds are chosen by: the captions of which every label was decided.
#[derive(Default)]
struct Decided {
    ids: Vec<Vec<u32>>,
    truth: Vec<Vec<bool>>,
    domains: Vec<String>,
}

impl Decided {
    fn of(examples: &[CaptionExample]) -> Self {
        let mut decided = Self::default();
        for example in examples {
            let Some(each) = &example.each else { continue };
            decided.ids.push(example.ids.clone());
            decided.truth.push(each.iter().map(|target| *target >= 0.5).collect());
            decided.domains.push(example.domain.clone());
        }
        decided
    }
}

struct Step<'a> {
    recipe: &'a ConvolutionRecipe,
    rate: f64,
    device: &'a Device,
}

impl Step<'_> {
    fn run(
        &self,
        network: CaptionNetwork,
        optimiser: &mut ModuleOptimizer,
        vectors: &mut WordVectors,
        examples: &[&CaptionExample],
    ) -> (CaptionNetwork, f32) {
        let ids: Vec<&[u32]> = examples.iter().map(|example| example.ids.as_slice()).collect();
        let mut batch = vectors.batch(&ids, self.device);
        batch.words = batch.words.require_grad();
        let features = network.encoder.forward(batch.words.clone(), batch.mask.clone());
        let width = network.labels.weight.dims()[1];
        let targets = optional_rows(examples, |example| example.each.as_deref(), width, self.device);
        let mut loss = binary_cross_entropy(network.labels.forward(features.clone()), targets.rows, targets.weights);
        if let Some(emotion) = &network.emotion {
            let width = emotion.weight.dims()[1];
            let targets = optional_rows(examples, |example| example.distribution.as_deref(), width, self.device);
            let logits = emotion.forward(features.clone());
            loss = loss + negative_log_likelihood(logits, targets.rows, targets.weights) * self.recipe.emotion_weight;
        }
        if let Some((embedding, teacher)) = network.embedding.as_ref().zip(self.recipe.teacher) {
            let width = embedding.weight.dims()[1];
            let targets = optional_rows(examples, |example| example.embedding.as_deref(), width, self.device);
            let distance = cosine_distance(embedding.forward(features), targets.rows, targets.weights);
            loss = loss + distance * teacher.weight;
        }
        let mut gradients = loss.backward();
        if let Some(gradient) = batch.words.grad_remove(&mut gradients) {
            vectors.step(&batch, gradient, self.recipe.word_learning_rate * self.rate as f32);
        }
        let gradients = GradientsParams::from_grads(gradients, &network);
        let network = optimiser.step(self.recipe.learning_rate * self.rate, network, gradients);
        (network, loss.inner().into_scalar::<f32>())
    }
}

/// Rows of what is known, zeros with weight zero for what is not.
fn optional_rows<'a>(
    examples: &[&'a CaptionExample],
    row: impl Fn(&'a CaptionExample) -> Option<&'a [f32]>,
    width: usize,
    device: &Device,
) -> OptionalRows {
    let (mut values, mut weights) = (Vec::new(), Vec::new());
    for example in examples {
        let row = row(example);
        match row {
            Some(row) => values.extend_from_slice(row),
            None => values.resize(values.len() + width, 0.0),
        }
        weights.push(row.map_or(0.0, |_| example.weight));
    }
    let count = weights.len();
    OptionalRows {
        rows: Tensor::from_data(TensorData::new(values, [count, width]), device),
        weights: Tensor::from_data(TensorData::new(weights, [count, 1]), device),
    }
}

struct OptionalRows {
    /// `[batch, width]`
    rows: Tensor<2>,
    /// `[batch, 1]`, 0 where the row is not known
    weights: Tensor<2>,
}

fn show(progress: &ProgressBar, loss: f32) {
    progress.inc(1);
    progress.set_message(format!("loss {loss:.3}"));
}

/// Shuffled batches in which captions have about the same length, so that little is padding.
fn batches_of_like_length(examples: &[CaptionExample], batch: usize, random: &mut StdRng) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..examples.len())
        .filter(|index| !examples[*index].ids.is_empty())
        .collect();
    order.shuffle(random);
    order.sort_by_key(|index| examples[*index].ids.len() / 4);
    let mut batches: Vec<Vec<usize>> = order.chunks(batch).map(<[usize]>::to_vec).collect();
    batches.shuffle(random);
    batches
}

/// For each label the threshold with the best F1 on dev, a mean over the domains, in steps of a hundredth.
fn best_thresholds(scores: &[Vec<f32>], dev: &Decided, labels: usize) -> Vec<f32> {
    let threshold = |label: usize| {
        let candidates = (5..70).map(|hundredth| hundredth as f32 / 100.0);
        let f1 = |threshold: f32| {
            let mut counts: BTreeMap<&str, [u32; 2]> = BTreeMap::new();
            for ((score, truth), domain) in scores.iter().zip(&dev.truth).zip(&dev.domains) {
                let [hits, errors] = counts.entry(domain).or_default();
                match (score[label] >= threshold, truth[label]) {
                    (true, true) => *hits += 1,
                    (false, false) => {}
                    _ => *errors += 1,
                }
            }
            counts
                .values()
                .map(|[hits, errors]| f64::from(2 * hits) / f64::from((2 * hits + errors).max(1)))
                .sum::<f64>()
        };
        candidates.max_by(|a, b| f1(*a).total_cmp(&f1(*b))).unwrap_or(0.5)
    };
    (0..labels).map(threshold).collect()
}

fn metrics_at(scores: &[Vec<f32>], truth: &[Vec<bool>], thresholds: &[f32]) -> f64 {
    let holds = |scores: &Vec<f32>| {
        scores
            .iter()
            .zip(thresholds)
            .map(|(score, from)| score >= from)
            .collect()
    };
    let predicted: Vec<Vec<bool>> = scores.iter().map(holds).collect();
    metrics::multi_label_macro_f1(truth, &predicted)
}
