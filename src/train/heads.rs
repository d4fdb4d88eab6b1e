//! What reads the features of the towers: trained, chosen on dev, trained again, calibrated.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor};
use emofuse_core::{
    labels::LabelSet,
    metrics::{self, jensen_shannon, most_likely, softmax},
};
use emofuse_engine::bundle::{Calibrated, Calibration};
use serde::Serialize;

use super::{
    calibration::{self, Scored},
    fusion::{
        self, Answers, Design, FusionExample, Seen, Side, Stop, TrainedModel, TrainedSystem, Training, Unimodal,
        WithNGrams,
    },
    label_offsets::label_offsets,
    recipe::Recipe,
    standalone_image,
    word_vectors::WordVectors,
};

/// Posts, images and captions as what reads the towers learns from them, or is measured on them.
#[derive(Default)]
pub struct Examples {
    /// What the system reads, with the label of the post.
    pub posts: Vec<FusionExample>,
    /// The captions of [`Examples::posts`], in their order, as captions that stand alone.
    pub captions_of_posts: Vec<FusionExample>,
    /// The images alone, with their own labels.
    pub standalone_images: Vec<FusionExample>,
    /// Captions alone, with their own labels.
    pub captions: Vec<FusionExample>,
}

/// What reads the features of the towers.
pub struct Heads {
    /// For posts.
    pub system: TrainedSystem,
    /// For what stands alone; only the common space has classifiers of their own for it. Any other system answers itself.
    pub standalone: Option<Standalone>,
}

/// Classifiers of what stands alone.
pub struct Standalone {
    /// Of images.
    pub image: Unimodal,
    /// Of captions.
    pub caption: WithNGrams<Unimodal>,
}

/// What all training of heads has in common.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The recipe.
    pub recipe: &'a Recipe,
    /// The labels.
    pub labels: &'a LabelSet,
    /// Pretrained word vectors, which FastText begins with.
    pub vectors: Option<&'a WordVectors>,
    /// Where it runs.
    pub device: &'a Device,
}

/// What was trained with an eye on dev.
pub struct SelectedHeads<'a> {
    /// The heads, which have not learnt from dev.
    pub heads: Heads,
    context: Context<'a>,
    passes: usize,
    images: CrossValidatedImages,
}

/// What the cross-validation of the classifier of images found.
#[derive(Default)]
struct CrossValidatedImages {
    ridge: f32,
    /// Answers to images that were not learnt from.
    answers: Vec<Scored>,
    /// How pleasant people found these images.
    valences: Vec<Option<f32>>,
}

impl<'a> SelectedHeads<'a> {
    /// Trains all heads by a recipe: those of posts and captions until they get no better on dev, that of images to its
    /// optimum with the shrinkage that cross-validation over train and dev chooses.
    pub fn train(context: Context<'a>, examples: &Examples, dev: &Examples) -> Self {
        let Context {
            recipe, labels, device, ..
        } = context;
        let design = Design::of(&recipe.fusion);
        let system = context.train_system(examples, dev, design.stop_early(recipe));
        tracing::info!(
            dev_loss = system.dev_loss,
            passes = system.passes,
            "{}",
            recipe.fusion.system.name()
        );
        let mut images = CrossValidatedImages::default();
        let standalone = (design == Design::CommonSpace).then(|| {
            let captions = [examples.captions.as_slice(), &dev.captions];
            let caption = fusion::train_standalone_caption(recipe, labels.len(), captions, device);
            let all = [examples.standalone_images.as_slice(), &dev.standalone_images].concat();
            let validated = standalone_image::cross_validate(&recipe.standalone_image, labels, &all, device);
            tracing::info!(
                captions_dev_loss = caption.dev_loss,
                captions_passes = caption.passes,
                images_ridge = validated.ridge,
                "what stands alone"
            );
            images.ridge = validated.ridge;
            (images.answers, images.valences) = all
                .iter()
                .zip(&validated.logits)
                .filter_map(|(example, logits)| {
                    let valence = example.target.as_ref()?.human_valence;
                    Some((scored(example, logits.clone()?)?, valence))
                })
                .unzip();
            Standalone {
                image: context.train_standalone_image(images.ridge, &[&examples.standalone_images]),
                caption: context.with_offsets(caption.system, &dev.captions),
            }
        });
        Self {
            heads: Heads {
                system: system.system,
                standalone,
            },
            context,
            passes: system.passes,
            images,
        }
    }

    /// Trains the heads of posts and of images again from the start, from train and dev together. That of captions
    /// stays: it has enough to learn from.
    pub fn refit(self, examples: Examples, dev: &Examples) -> Heads {
        let mut examples = examples;
        examples.posts.extend_from_slice(&dev.posts);
        let stop = Stop::After { passes: self.passes };
        let context = self.context;
        Heads {
            system: context.train_system(&examples, dev, stop).system,
            standalone: self.heads.standalone.map(|standalone| Standalone {
                image: context.train_standalone_image(
                    self.images.ridge,
                    &[&examples.standalone_images, &dev.standalone_images],
                ),
                ..standalone
            }),
        }
    }

    /// Temperatures and thresholds, from answers to what was not learnt from.
    pub fn calibrate(&self, dev: &Examples) -> Calibration {
        let Context { recipe, device, .. } = self.context;
        let of_posts = |seen| {
            let logits = self.heads.system.logits(&dev.posts, seen, device);
            calibration::calibrated(&all_scored(&dev.posts, &logits))
        };
        let [both, image, caption] = match Design::of(&recipe.fusion).sees() {
            Seen::BOTH => [Seen::BOTH, Seen::IMAGE, Seen::CAPTION].map(of_posts),
            seen => [of_posts(seen); 3],
        };
        let [standalone_image, standalone_caption] = match &self.heads.standalone {
            Some(standalone) => {
                let captions = fusion::logits(&standalone.caption, &dev.captions, Seen::CAPTION, device);
                [
                    calibration::calibrated(&self.images.answers),
                    calibration::calibrated(&all_scored(&dev.captions, &captions)),
                ]
            }
            None => [image, caption],
        };
        let mut calibration = Calibration {
            both,
            image,
            caption,
            standalone_image,
            standalone_caption,
            unknown_words_above: recipe.standalone_caption.unknown_words_above,
            modalities_disagree_below: 0.0,
        };
        calibration.modalities_disagree_below =
            calibration::modalities_disagree_below(&self.agreements(&calibration, dev));
        calibration
    }

    /// How the cross-validated classifiers of images do, by set.
    pub fn image_scores(&self, calibrated: &Calibrated) -> BTreeMap<String, ImageScore> {
        let mut sets: BTreeMap<String, Vec<(&Scored, Option<f32>)>> = BTreeMap::new();
        for (row, valence) in self.images.answers.iter().zip(&self.images.valences) {
            sets.entry(row.domain.clone()).or_default().push((row, *valence));
        }
        sets.into_iter()
            .map(|(set, rows)| (set, ImageScore::new(&rows, self.context.labels, calibrated)))
            .collect()
    }

    /// Of the answers to posts of dev that are sure by their confidence, the agreement of image and caption, and
    /// whether the answer is right.
    fn agreements(&self, calibration: &Calibration, dev: &Examples) -> Vec<(f32, bool)> {
        let device = self.context.device;
        let Heads { system, standalone } = &self.heads;
        let scores = |rows: Answers, temperature: f32| -> BTreeMap<usize, Vec<f32>> {
            rows.into_iter()
                .map(|(row, logits)| (row, softmax(&logits, temperature)))
                .collect()
        };
        let both = scores(
            system.logits(&dev.posts, Seen::BOTH, device),
            calibration.both.temperature,
        );
        let [image, caption] = match standalone {
            Some(Standalone { image, caption }) => {
                let image = WithNGrams {
                    system: image.clone(),
                    n_grams: None,
                };
                [
                    fusion::logits(&image, &dev.posts, Seen::IMAGE, device),
                    fusion::logits(caption, &dev.captions_of_posts, Seen::CAPTION, device),
                ]
            }
            None => [Seen::IMAGE, Seen::CAPTION].map(|seen| system.logits(&dev.posts, seen, device)),
        };
        let image = scores(image, calibration.standalone_image.temperature);
        let caption = scores(caption, calibration.standalone_caption.temperature);
        both.iter()
            .filter_map(|(row, scores)| {
                let answer = most_likely(scores);
                let sure = scores[answer] >= calibration.both.uncertain_below;
                let agreement = 1.0 - jensen_shannon(image.get(row)?, caption.get(row)?);
                let truth = dev.posts[*row].label()?;
                sure.then_some((agreement, answer == truth))
            })
            .collect()
    }
}

impl Context<'_> {
    fn train_system(&self, examples: &Examples, dev: &Examples, stop: Stop) -> TrainedModel<TrainedSystem> {
        let recipe = self.recipe;
        let design = Design::of(&recipe.fusion);
        let training = Training {
            recipe,
            labels: self.labels.len(),
            seed: recipe.seed,
            examples: &examples.posts,
            dev: &dev.posts,
            vectors: self.vectors,
            device: self.device,
        };
        let objective = design.objective(&recipe.fusion, recipe.metadata.as_ref());
        design.train(training, recipe.fusion.system.name(), &objective, stop)
    }

    fn train_standalone_image(&self, ridge: f32, images: &[&[FusionExample]]) -> Unimodal {
        let images: Vec<&FusionExample> = images.iter().copied().flatten().collect();
        standalone_image::train(&self.recipe.standalone_image, ridge, self.labels, &images, self.device)
            .expect("posts to learn from have images with labels")
    }

    /// The classifier of captions with offsets of its labels, chosen on dev.
    fn with_offsets(&self, classifier: WithNGrams<Unimodal>, dev: &[FusionExample]) -> WithNGrams<Unimodal> {
        let logits = fusion::logits(&classifier, dev, Seen::CAPTION, self.device);
        let shares = &self.recipe.caption.balance().sources;
        let offsets = label_offsets(&all_scored(dev, &logits), shares, self.labels.len());
        tracing::info!(?offsets, "captions that stand alone");
        let mut linear = classifier.system.linear().clone();
        let offsets = Tensor::<1>::from_floats(offsets.as_slice(), self.device);
        linear.bias = linear.bias.map(|bias| bias.map(|bias| bias + offsets.clone()));
        WithNGrams {
            system: classifier.system.with_linear(linear),
            ..classifier
        }
    }
}

/// An example's labels with what was answered; `None` where it has no label.
fn scored(example: &FusionExample, logits: Vec<f32>) -> Option<Scored> {
    let target = example.target.as_ref()?;
    let is_measured = target.weight > 0.0;
    let labels = if is_measured {
        std::iter::once(target.label).chain(target.second).collect()
    } else {
        (0..target.distribution.len())
            .filter(|label| target.distribution[*label] > 0.0)
            .collect()
    };
    Some(Scored {
        logits,
        truth: is_measured.then_some(target.label),
        labels,
        domain: example.group.set.clone(),
    })
}

/// Examples' labels with what was answered to them.
pub fn all_scored(examples: &[FusionExample], logits: &[(usize, Vec<f32>)]) -> Vec<Scored> {
    let rows = logits.iter();
    rows.filter_map(|(row, logits)| scored(&examples[*row], logits.clone()))
        .collect()
}

impl Heads {
    /// Accuracy and macro-F1 on dev.
    pub fn evaluate(&self, dev: &Examples, device: &Device) -> DevScore {
        let of_posts = |seen| self.system.measure(&dev.posts, seen, device);
        let has_metadata = dev.posts.iter().any(|post| post.sides.get(Side::Metadata).is_some());
        let standalone_image = match &self.standalone {
            Some(standalone) => {
                let image = TrainedSystem::Features(WithNGrams {
                    system: fusion::AnySystem::Unimodal(standalone.image.clone()),
                    n_grams: None,
                });
                image.measure(&dev.standalone_images, Seen::IMAGE, device)
            }
            None => self.system.measure(&dev.standalone_images, Seen::IMAGE, device),
        };
        DevScore {
            both: of_posts(Seen::BOTH),
            caption: of_posts(Seen::CAPTION),
            image: of_posts(Seen::IMAGE),
            with_metadata: has_metadata.then(|| of_posts(Seen::BOTH.with(Side::Metadata))),
            standalone_image,
            captions: self.measure_captions(dev, device),
        }
    }

    /// Accuracy and macro-F1 on captions that stand alone, by the set that they come from.
    fn measure_captions(&self, dev: &Examples, device: &Device) -> BTreeMap<String, [f64; 2]> {
        let logits = match &self.standalone {
            Some(standalone) => fusion::logits(&standalone.caption, &dev.captions, Seen::CAPTION, device),
            None => self.system.logits(&dev.captions, Seen::CAPTION, device),
        };
        let rows = all_scored(&dev.captions, &logits).into_iter();
        by_set(rows.filter_map(|row| Some((row.domain, row.truth?, most_likely(&row.logits)))))
    }
}

/// Accuracy and macro-F1 of answers, from their set, the truth and the answer each.
pub fn by_set(answers: impl Iterator<Item = (String, usize, usize)>) -> BTreeMap<String, [f64; 2]> {
    let mut sets: BTreeMap<String, [Vec<usize>; 2]> = BTreeMap::new();
    for (set, truth, answer) in answers {
        let [truths, answers] = sets.entry(set).or_default();
        truths.push(truth);
        answers.push(answer);
    }
    sets.into_iter()
        .map(|(set, [truths, answers])| {
            let accuracy = metrics::accuracy(&truths, &answers);
            (set, [accuracy, metrics::macro_f1(&truths, &answers)])
        })
        .collect()
}

/// How classifiers of images do on images that they have not learnt from.
#[derive(Clone, Debug, Serialize)]
pub struct ImageScore {
    /// How many images have a label.
    pub images: usize,
    /// The share of right answers.
    pub accuracy: f64,
    /// Mean F1 over the labels that occur.
    pub macro_f1: f64,
    /// The share of answers that are not marked as uncertain.
    pub sure: f64,
    /// The share of right answers among those; `None` where there are none.
    pub right_where_sure: Option<f64>,
    /// Pearson's r of the answers' valence with that found by people; `None` where fewer than two images were rated, or
    /// the labels have no valence.
    pub valence_r: Option<f64>,
}

impl ImageScore {
    fn new(rows: &[(&Scored, Option<f32>)], labels: &LabelSet, calibrated: &Calibrated) -> Self {
        let scores: Vec<Vec<f32>> = rows
            .iter()
            .map(|(row, _)| softmax(&row.logits, calibrated.temperature))
            .collect();
        let measured = || {
            rows.iter()
                .zip(&scores)
                .filter_map(|((row, _), scores)| Some((row.truth?, scores)))
        };
        let (truths, answers): (Vec<usize>, Vec<usize>) =
            measured().map(|(truth, scores)| (truth, most_likely(scores))).unzip();
        let sure: Vec<bool> = measured()
            .filter(|(_, scores)| scores[most_likely(scores)] >= calibrated.uncertain_below)
            .map(|(truth, scores)| truth == most_likely(scores))
            .collect();
        let right = sure.iter().filter(|right| **right).count();
        let valences: Vec<(f64, f64)> = rows
            .iter()
            .zip(&scores)
            .filter_map(|((_, valence), scores)| {
                let found = metrics::valence(scores, labels)?;
                Some((f64::from(found), f64::from((*valence)?)))
            })
            .collect();
        Self {
            images: truths.len(),
            accuracy: metrics::accuracy(&truths, &answers),
            macro_f1: metrics::macro_f1(&truths, &answers),
            sure: sure.len() as f64 / truths.len().max(1) as f64,
            right_where_sure: (!sure.is_empty()).then(|| right as f64 / sure.len() as f64),
            valence_r: metrics::pearson(&valences),
        }
    }
}

/// How a model does on dev: accuracy and macro-F1; zeros for what its system does not read.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DevScore {
    /// From image and caption together, against the post's label.
    pub both: [f64; 2],
    /// From the caption alone, against the post's label.
    pub caption: [f64; 2],
    /// From the image alone, against the post's label.
    pub image: [f64; 2],
    /// From image, caption and metadata together, against the post's label; `None` for a recipe without metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_metadata: Option<[f64; 2]>,
    /// From the image alone, against the image's own label.
    pub standalone_image: [f64; 2],
    /// From captions that stand alone, by the set that they come from; rows with one label.
    pub captions: BTreeMap<String, [f64; 2]>,
}
