//! Training of the common space over features of frozen towers.

use burn::{
    module::Module,
    optim::{AdamConfig, GradientsParams, ModuleOptimizer},
    tensor::{Device, Tensor, TensorData},
};
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};

use super::{
    losses::{alignment_hinge, negative_log_likelihood},
    recipe::{ClassWeightPower, FusionRecipe, ModalityWeights},
};
use crate::{
    emotion::{EMOTIONS, Emotion},
    metrics,
    model::fusion::{
        InputKind,
        common_space::{CommonSpace, CommonSpaceConfig},
    },
    train::data::Label,
};

/// A post as the fusion sees it.
#[derive(Clone, Debug)]
pub struct FusionExample {
    /// Features of the picture.
    pub image: Vec<f32>,
    /// Features of the caption, where it has a word.
    pub caption: Option<Vec<f32>>,
    /// The emotion that the picture alone conveys.
    pub image_label: Option<Label>,
    /// The emotion that the post conveys.
    pub post_label: Option<Label>,
}

/// How a model does on dev.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct DevScore {
    /// Accuracy and macro-F1 of picture and caption together, against the post's label.
    pub both: [f64; 2],
    /// The same for the caption alone.
    pub caption: [f64; 2],
    /// The same for the picture alone, against the picture's own label.
    pub image: [f64; 2],
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
    Trainer::new(recipe, seed, examples, device).train(dev, device)
}

struct Trainer<'a> {
    recipe: &'a FusionRecipe,
    examples: &'a [FusionExample],
    class_weights: ClassWeights,
    model: CommonSpace,
    optimiser: ModuleOptimizer,
    random: StdRng,
    device: Device,
    d_caption: usize,
}

impl<'a> Trainer<'a> {
    fn new(recipe: &'a FusionRecipe, seed: u64, examples: &'a [FusionExample], device: &Device) -> Self {
        let device = device.clone().autodiff();
        device.seed(seed);
        let images: Vec<&[f32]> = examples.iter().map(|example| example.image.as_slice()).collect();
        let captions: Vec<&[f32]> = examples
            .iter()
            .filter_map(|example| example.caption.as_deref())
            .collect();
        let model = CommonSpaceConfig::new(images[0].len(), captions[0].len())
            .with_d_common(recipe.d_common)
            .with_image_share(recipe.image_share)
            .init(&device)
            .with_statistics(statistics(&images, &device), statistics(&captions, &device));
        Self {
            recipe,
            examples,
            class_weights: ClassWeights::new(examples, recipe.class_weight_power),
            model,
            optimiser: AdamConfig::new().init(),
            random: StdRng::seed_from_u64(seed),
            device,
            d_caption: captions[0].len(),
        }
    }

    fn train(mut self, dev: &[FusionExample], device: &Device) -> CommonSpace {
        let mut order: Vec<usize> = (0..self.examples.len()).collect();
        let progress = super::progress("common space", self.recipe.epochs);
        let mut best = (f64::INFINITY, self.model.valid());
        let mut without_gain = 0;
        for epoch in 0..self.recipe.epochs {
            order.shuffle(&mut self.random);
            let rate = self.recipe.learning_rate * (1.0 - 0.95 * epoch as f64 / self.recipe.epochs as f64);
            let batches = order.chunks(self.recipe.batch);
            let count = batches.len() as f32;
            let loss = batches.map(|batch| self.step(batch, rate)).sum::<f32>() / count;
            let valid = self.model.valid();
            let dev_loss = dev_loss(&valid, dev, self.recipe.modality_weights, device);
            tracing::debug!(epoch, loss, dev_loss, score = ?evaluate(&valid, dev, device), "common space");
            progress.inc(1);
            progress.set_message(format!("dev {dev_loss:.3}"));
            if dev_loss < best.0 {
                best = (dev_loss, valid);
                without_gain = 0;
            } else {
                without_gain += 1;
                if without_gain >= self.recipe.patience {
                    break;
                }
            }
        }
        progress.finish_and_clear();
        tracing::info!(dev_loss = best.0, "common space");
        best.1
    }

    fn step(&mut self, batch: &[usize], rate: f64) -> f32 {
        let rows: Vec<&FusionExample> = batch.iter().map(|index| &self.examples[*index]).collect();
        let batch = Batch::new(&rows, self);
        let image = self.model.image(batch.image);
        let caption = self.model.caption(batch.caption);
        let both = self.model.both(image.clone(), caption.clone());
        let post = |vectors, kind| {
            let logits = self.model.logits(vectors, kind);
            negative_log_likelihood(logits, batch.post_targets.clone(), batch.post_weights.clone())
        };
        let image_logits = self.model.logits(image.clone(), InputKind::Image);
        let weights = self.recipe.modality_weights;
        let mut loss = post(both, InputKind::Both) * weights.both
            + post(caption.clone(), InputKind::Caption) * weights.caption
            + negative_log_likelihood(image_logits, batch.image_targets, batch.image_weights) * weights.image;
        for (evidence, ridge) in self
            .model
            .evidence()
            .into_iter()
            .zip([self.recipe.ridge.image, self.recipe.ridge.caption])
        {
            loss = loss + evidence.powi_scalar(2).sum() * ridge;
        }
        if self.recipe.auxiliary.weight > 0.0 {
            let hinge = alignment_hinge(image, caption, batch.negatives, self.recipe.auxiliary.margin);
            loss = loss + hinge * self.recipe.auxiliary.weight;
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &self.model);
        self.model = self.optimiser.step(rate, self.model.clone(), gradients);
        loss.inner().into_scalar::<f32>()
    }
}

/// The negative log-likelihood of the labels, each kind of input with its weight: what early stopping watches. It is
/// steadier than accuracy or macro-F1, to which a few rare posts make all the difference.
fn dev_loss(model: &CommonSpace, dev: &[FusionExample], weights: ModalityWeights, device: &Device) -> f64 {
    let of_kind = |kind| {
        let losses: Vec<f64> = logits(model, dev, kind, device)
            .into_iter()
            .filter_map(|(index, logits)| Some((logits, truth(&dev[index], kind)?)))
            .map(|(logits, truth)| -f64::from(metrics::softmax(&logits, 1.0)[truth.index()].max(1e-12)).ln())
            .collect();
        losses.iter().sum::<f64>() / losses.len().max(1) as f64
    };
    f64::from(weights.both) * of_kind(InputKind::Both)
        + f64::from(weights.image) * of_kind(InputKind::Image)
        + f64::from(weights.caption) * of_kind(InputKind::Caption)
}

/// Rows of examples as tensors; a row that does not count for a loss has weight zero there.
struct Batch {
    image: Tensor<2>,
    caption: Tensor<2>,
    image_targets: Tensor<2>,
    image_weights: Tensor<2>,
    post_targets: Tensor<2>,
    post_weights: Tensor<2>,
    negatives: Tensor<2>,
}

impl Batch {
    fn new(rows: &[&FusionExample], trainer: &Trainer) -> Self {
        let (recipe, class_weights, device) = (trainer.recipe, &trainer.class_weights, &trainer.device);
        let (count, d_caption) = (rows.len(), trainer.d_caption);
        let matrix = |values: Vec<f32>| {
            let width = values.len() / count;
            Tensor::<2>::from_data(TensorData::new(values, [count, width]), device)
        };
        let post_labels: Vec<Option<Label>> = rows
            .iter()
            .map(|row| row.caption.as_ref().and(row.post_label))
            .collect();
        let targets = |labels: Vec<Option<[f32; EMOTIONS]>>| {
            let rows = labels
                .into_iter()
                .flat_map(|label| label.unwrap_or([1.0 / EMOTIONS as f32; EMOTIONS]));
            matrix(rows.collect())
        };
        let distribution = |label: Label| label.distribution(recipe.second_label);
        let image_targets = rows.iter().map(|row| {
            let [image, post] = [row.image_label, row.post_label].map(|label| label.map(distribution));
            match (image, post) {
                (Some(image), Some(post)) => Some(mixture(image, post, recipe.post_label_for_image)),
                (image, post) => image.or(post),
            }
        });
        let weights = |labels: &[Option<Label>], of: &[f32; EMOTIONS]| {
            let weights = labels
                .iter()
                .map(|label| label.map_or(0.0, |label| of[label.first.index()]));
            matrix(weights.collect())
        };
        let negatives = post_labels.iter().flat_map(|picture| {
            post_labels.iter().map(move |caption| match (picture, caption) {
                (Some(picture), Some(caption)) if picture.first != caption.first => 1.0,
                _ => 0.0,
            })
        });
        Self {
            image: matrix(rows.iter().flat_map(|row| row.image.iter().copied()).collect()),
            caption: matrix(
                rows.iter()
                    .flat_map(|row| row.caption.clone().unwrap_or_else(|| vec![0.0; d_caption]))
                    .collect(),
            ),
            image_targets: targets(image_targets.collect()),
            image_weights: weights(
                &rows
                    .iter()
                    .map(|row| row.image_label.or(row.post_label))
                    .collect::<Vec<_>>(),
                &class_weights.image,
            ),
            post_targets: targets(post_labels.iter().map(|label| label.map(distribution)).collect()),
            post_weights: weights(&post_labels, &class_weights.post),
            negatives: matrix(negatives.collect()),
        }
    }
}

/// A share of `second` and the rest of `first`.
fn mixture(first: [f32; EMOTIONS], second: [f32; EMOTIONS], share: f32) -> [f32; EMOTIONS] {
    std::array::from_fn(|index| first[index] * (1.0 - share) + second[index] * share)
}

/// How much each label counts, so that rare ones are learnt too.
struct ClassWeights {
    image: [f32; EMOTIONS],
    post: [f32; EMOTIONS],
}

impl ClassWeights {
    fn new(examples: &[FusionExample], power: ClassWeightPower) -> Self {
        let images = examples
            .iter()
            .filter_map(|example| example.image_label.or(example.post_label));
        let posts = examples.iter().filter_map(|example| example.post_label);
        Self {
            image: inverse_frequencies(images, power.image),
            post: inverse_frequencies(posts, power.post),
        }
    }
}

fn inverse_frequencies(labels: impl Iterator<Item = Label>, power: f32) -> [f32; EMOTIONS] {
    let mut counts = [0.0f32; EMOTIONS];
    labels.for_each(|label| counts[label.first.index()] += 1.0);
    let total: f32 = counts.iter().sum();
    counts.map(|count| (total / (EMOTIONS as f32 * count.max(1.0))).powf(power))
}

/// A feature that hardly varies in the data at hand would count a thousandfold in a post that is unlike them.
const LEAST_DEVIATION: f64 = 0.05;

/// Mean and standard deviation of every feature, the latter no less than [`LEAST_DEVIATION`].
fn statistics(rows: &[&[f32]], device: &Device) -> [Tensor<1>; 2] {
    let count = rows.len() as f64;
    let width = rows[0].len();
    let mut mean = vec![0.0f64; width];
    let mut square = vec![0.0f64; width];
    for row in rows {
        for (index, value) in row.iter().enumerate() {
            mean[index] += f64::from(*value) / count;
            square[index] += f64::from(*value) * f64::from(*value) / count;
        }
    }
    let deviation = mean
        .iter()
        .zip(&square)
        .map(|(mean, square)| (square - mean * mean).max(0.0).sqrt().max(LEAST_DEVIATION) as f32);
    let deviation: Vec<f32> = deviation.collect();
    let mean: Vec<f32> = mean.iter().map(|mean| *mean as f32).collect();
    [
        Tensor::from_floats(mean.as_slice(), device),
        Tensor::from_floats(deviation.as_slice(), device),
    ]
}

/// Logits of every example that has what `kind` needs, with its index.
#[must_use]
pub fn logits(
    model: &CommonSpace,
    examples: &[FusionExample],
    kind: InputKind,
    device: &Device,
) -> Vec<(usize, [f32; EMOTIONS])> {
    let usable: Vec<usize> = (0..examples.len())
        .filter(|index| kind == InputKind::Image || examples[*index].caption.is_some())
        .collect();
    let mut rows = Vec::with_capacity(usable.len());
    for part in usable.chunks(512) {
        let matrix = |rows: Vec<&[f32]>| {
            let width = rows.first().map_or(1, |row| row.len());
            Tensor::<2>::from_data(TensorData::new(rows.concat(), [rows.len(), width]), device)
        };
        let image = || {
            model.image(matrix(
                part.iter().map(|index| examples[*index].image.as_slice()).collect(),
            ))
        };
        let caption = || {
            model.caption(matrix(
                part.iter()
                    .filter_map(|index| examples[*index].caption.as_deref())
                    .collect(),
            ))
        };
        let vectors = match kind {
            InputKind::Both => model.both(image(), caption()),
            InputKind::Image => image(),
            InputKind::Caption => caption(),
        };
        let values = model
            .logits(vectors, kind)
            .into_data()
            .try_to_vec::<f32>()
            .expect("logits are 32-bit floats");
        let (scores, _) = values.as_chunks::<EMOTIONS>();
        rows.extend(part.iter().copied().zip(scores.iter().copied()));
    }
    rows
}

/// The label that a kind of input is measured against.
#[must_use]
pub fn truth(example: &FusionExample, kind: InputKind) -> Option<Emotion> {
    match kind {
        InputKind::Image => example.image_label,
        InputKind::Both | InputKind::Caption => example.post_label,
    }
    .map(|label| label.first)
}

/// Accuracy and macro-F1 on dev for all three kinds of input.
#[must_use]
pub fn evaluate(model: &CommonSpace, examples: &[FusionExample], device: &Device) -> DevScore {
    let measure = |kind| {
        let (truths, predictions): (Vec<Emotion>, Vec<Emotion>) = logits(model, examples, kind, device)
            .into_iter()
            .filter_map(|(index, logits)| Some((truth(&examples[index], kind)?, metrics::most_likely(&logits))))
            .unzip();
        [
            metrics::accuracy(&truths, &predictions),
            metrics::macro_f1(&truths, &predictions),
        ]
    };
    DevScore {
        both: measure(InputKind::Both),
        caption: measure(InputKind::Caption),
        image: measure(InputKind::Image),
    }
}
