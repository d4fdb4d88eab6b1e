//! What reads the features of the towers: trained, chosen on dev, trained again, calibrated.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor};
use emofuse_core::{
    emotion::{EMOTIONS, Emotion},
    metrics::{self, most_likely, softmax},
};
use emofuse_engine::{
    bundle::{Calibrated, Calibration},
    classifier::jensen_shannon,
    model::fusion::{Modality, common_space::CommonSpace},
};
use serde::Serialize;

use super::{
    calibration::{self, Scored},
    fusion::{self, FusionExample, Stop, TrainedModel, Unimodal, WithNGrams},
    label_offsets::label_offsets,
    recipe::Recipe,
    standalone_image,
};

/// Posts, images and captions as what reads the towers learns from them, or is measured on them.
#[derive(Default)]
pub struct Examples {
    /// Image and caption, with the label of the post.
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
    pub fusion: WithNGrams<CommonSpace>,
    /// For images that stand alone.
    pub standalone_image: WithNGrams<Unimodal>,
    /// For captions that stand alone.
    pub caption: WithNGrams<Unimodal>,
}

/// What was trained with an eye on dev.
pub struct SelectedHeads {
    /// The heads, which have not learnt from dev.
    pub heads: Heads,
    fusion_passes: usize,
    ridge: f32,
    /// Answers of the cross-validated classifiers of images to images that they have not learnt from.
    images: Vec<Scored>,
    /// How pleasant people found these images.
    valences: Vec<Option<f32>>,
}

impl SelectedHeads {
    /// Trains all heads by a recipe: those of posts and captions until they get no better on dev, that of images to its
    /// optimum with the shrinkage that cross-validation over train and dev chooses.
    pub fn train(recipe: &Recipe, examples: &Examples, dev: &Examples, device: &Device) -> Self {
        let stop = Stop::Early {
            patience: recipe.fusion.patience,
        };
        let fusion = train_fusion(recipe, examples, dev, stop, device);
        let captions = [examples.captions.as_slice(), &dev.captions];
        let caption = fusion::train_standalone_caption(recipe, captions, device);
        let images = [examples.standalone_images.as_slice(), &dev.standalone_images].concat();
        let validated = crate::standalone_image::cross_validate(&recipe.standalone_image, &images, device);
        tracing::info!(
            dev_loss = fusion.dev_loss,
            passes = fusion.passes,
            captions_dev_loss = caption.dev_loss,
            captions_passes = caption.passes,
            images_ridge = validated.ridge,
            "heads"
        );
        let answered = || images.iter().zip(&validated.logits);
        let (answers, valences) = answered()
            .filter_map(|(example, logits)| Some((scored(example, (*logits)?)?, example.target?.human_valence)))
            .unzip();
        Self {
            fusion_passes: fusion.passes,
            ridge: validated.ridge,
            images: answers,
            valences,
            heads: Heads {
                fusion: fusion.system,
                standalone_image: train_standalone_image(
                    recipe,
                    validated.ridge,
                    &[&examples.standalone_images],
                    device,
                ),
                caption: with_offsets(recipe, caption.system, &dev.captions, device),
            },
        }
    }

    /// Trains the heads of posts and of images again from the start, from train and dev together. That of captions
    /// stays: it has enough to learn from.
    pub fn refit(self, recipe: &Recipe, examples: Examples, dev: &Examples, device: &Device) -> Heads {
        let mut examples = examples;
        examples.posts.extend_from_slice(&dev.posts);
        let stop = Stop::After {
            passes: self.fusion_passes,
        };
        Heads {
            fusion: train_fusion(recipe, &examples, dev, stop, device).system,
            standalone_image: train_standalone_image(
                recipe,
                self.ridge,
                &[&examples.standalone_images, &dev.standalone_images],
                device,
            ),
            caption: self.heads.caption,
        }
    }

    /// Temperatures and thresholds, from answers to what was not learnt from.
    pub fn calibrate(&self, recipe: &Recipe, dev: &Examples, device: &Device) -> Calibration {
        let of_posts = |kind| {
            let logits = fusion::logits(&self.heads.fusion, &dev.posts, kind, device);
            calibration::calibrated(&all_scored(&dev.posts, &logits))
        };
        let captions = fusion::logits(&self.heads.caption, &dev.captions, Modality::Caption, device);
        let mut calibration = Calibration {
            both: of_posts(Modality::Both),
            image: of_posts(Modality::Image),
            caption: of_posts(Modality::Caption),
            standalone_image: calibration::calibrated(&self.images),
            standalone_caption: calibration::calibrated(&all_scored(&dev.captions, &captions)),
            unknown_words_above: recipe.standalone_caption.unknown_words_above,
            modalities_disagree_below: 0.0,
        };
        calibration.modalities_disagree_below =
            calibration::modalities_disagree_below(&self.agreements(&calibration, dev, device));
        calibration
    }

    /// How the cross-validated classifiers of images do, by set.
    pub fn image_scores(&self, calibrated: &Calibrated) -> BTreeMap<String, ImageScore> {
        let mut sets: BTreeMap<String, Vec<(&Scored, Option<f32>)>> = BTreeMap::new();
        for (row, valence) in self.images.iter().zip(&self.valences) {
            sets.entry(row.domain.clone()).or_default().push((row, *valence));
        }
        sets.into_iter()
            .map(|(set, rows)| (set, ImageScore::new(&rows, calibrated)))
            .collect()
    }

    /// Of the answers to posts of dev that are sure by their confidence, the agreement of image and caption, and
    /// whether the answer is right.
    fn agreements(&self, calibration: &Calibration, dev: &Examples, device: &Device) -> Vec<(f32, bool)> {
        let Heads {
            fusion,
            standalone_image,
            caption,
        } = &self.heads;
        let scores = |rows: Vec<(usize, [f32; EMOTIONS])>, temperature: f32| -> BTreeMap<usize, [f32; EMOTIONS]> {
            rows.into_iter()
                .map(|(row, logits)| (row, softmax(&logits, temperature)))
                .collect()
        };
        let both = fusion::logits(fusion, &dev.posts, Modality::Both, device);
        let both = scores(both, calibration.both.temperature);
        let image = fusion::logits(standalone_image, &dev.posts, Modality::Image, device);
        let image = scores(image, calibration.standalone_image.temperature);
        let caption = fusion::logits(caption, &dev.captions_of_posts, Modality::Caption, device);
        let caption = scores(caption, calibration.standalone_caption.temperature);
        both.iter()
            .filter_map(|(row, scores)| {
                let answer = most_likely(scores);
                let sure = scores[answer.index()] >= calibration.both.uncertain_below;
                let agreement = 1.0 - jensen_shannon(image.get(row)?, caption.get(row)?);
                let truth = dev.posts[*row].emotion()?;
                sure.then_some((agreement, answer == truth))
            })
            .collect()
    }
}

/// The classifier of captions with offsets of its labels, chosen on dev.
fn with_offsets(
    recipe: &Recipe,
    classifier: WithNGrams<Unimodal>,
    dev: &[FusionExample],
    device: &Device,
) -> WithNGrams<Unimodal> {
    let logits = fusion::logits(&classifier, dev, Modality::Caption, device);
    let offsets = label_offsets(&all_scored(dev, &logits), &recipe.caption.balance().sources);
    tracing::info!(?offsets, "captions that stand alone");
    let plain = classifier.system.classifier();
    let mut linear = plain.linear().clone();
    linear.bias = linear
        .bias
        .map(|bias| bias.map(|bias| bias + Tensor::from_floats(offsets, device)));
    WithNGrams {
        system: Unimodal::caption(plain.clone().with_linear(linear)),
        ..classifier
    }
}

/// An example's labels with what was answered; `None` where it has no label.
fn scored(example: &FusionExample, logits: [f32; EMOTIONS]) -> Option<Scored> {
    let target = example.target?;
    let is_measured = target.weight > 0.0;
    let labels = if is_measured {
        std::iter::once(target.emotion).chain(target.second).collect()
    } else {
        let holds = |emotion: &Emotion| target.distribution[emotion.index()] > 0.0;
        Emotion::ALL.into_iter().filter(holds).collect()
    };
    Some(Scored {
        logits,
        truth: is_measured.then_some(target.emotion),
        labels,
        domain: example.group.set.clone(),
    })
}

fn all_scored(examples: &[FusionExample], logits: &[(usize, [f32; EMOTIONS])]) -> Vec<Scored> {
    let rows = logits.iter();
    rows.filter_map(|(row, logits)| scored(&examples[*row], *logits))
        .collect()
}

fn train_fusion(
    recipe: &Recipe,
    examples: &Examples,
    dev: &Examples,
    stop: Stop,
    device: &Device,
) -> TrainedModel<WithNGrams<CommonSpace>> {
    let posts = [examples.posts.as_slice(), &dev.posts];
    fusion::train(&recipe.fusion, recipe.seed, posts, stop, device)
}

fn train_standalone_image(
    recipe: &Recipe,
    ridge: f32,
    images: &[&[FusionExample]],
    device: &Device,
) -> WithNGrams<Unimodal> {
    let images: Vec<&FusionExample> = images.iter().copied().flatten().collect();
    let classifier = standalone_image::train(&recipe.standalone_image, ridge, &images, device)
        .expect("posts to learn from have images with labels");
    WithNGrams {
        system: Unimodal::image(classifier),
        n_grams: None,
    }
}

impl Heads {
    /// Accuracy and macro-F1 on dev.
    pub fn evaluate(&self, dev: &Examples, device: &Device) -> DevScore {
        let of_posts = |kind| fusion::measure(&self.fusion, &dev.posts, kind, device);
        DevScore {
            both: of_posts(Modality::Both),
            caption: of_posts(Modality::Caption),
            image: of_posts(Modality::Image),
            standalone_image: fusion::measure(&self.standalone_image, &dev.standalone_images, Modality::Image, device),
            captions: self.measure_captions(dev, device),
        }
    }

    /// Accuracy and macro-F1 on captions that stand alone, by the set that they come from.
    fn measure_captions(&self, dev: &Examples, device: &Device) -> BTreeMap<String, [f64; 2]> {
        let logits = fusion::logits(&self.caption, &dev.captions, Modality::Caption, device);
        let rows = all_scored(&dev.captions, &logits).into_iter();
        by_set(rows.filter_map(|row| Some((row.domain, row.truth?, most_likely(&row.logits)))))
    }
}

/// Accuracy and macro-F1 of answers, from their set, the truth and the answer each.
pub fn by_set(answers: impl Iterator<Item = (String, Emotion, Emotion)>) -> BTreeMap<String, [f64; 2]> {
    let mut sets: BTreeMap<String, [Vec<Emotion>; 2]> = BTreeMap::new();
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
    /// Pearson's r of the answers' valence with that found by people; `None` where fewer than two images were rated.
    pub valence_r: Option<f64>,
}

impl ImageScore {
    fn new(rows: &[(&Scored, Option<f32>)], calibrated: &Calibrated) -> Self {
        let scores: Vec<[f32; EMOTIONS]> = rows
            .iter()
            .map(|(row, _)| softmax(&row.logits, calibrated.temperature))
            .collect();
        let measured = || {
            rows.iter()
                .zip(&scores)
                .filter_map(|((row, _), scores)| Some((row.truth?, scores)))
        };
        let (truths, answers): (Vec<Emotion>, Vec<Emotion>) =
            measured().map(|(truth, scores)| (truth, most_likely(scores))).unzip();
        let sure: Vec<bool> = measured()
            .filter(|(_, scores)| scores[most_likely(scores).index()] >= calibrated.uncertain_below)
            .map(|(truth, scores)| truth == most_likely(scores))
            .collect();
        let right = sure.iter().filter(|right| **right).count();
        let valences: Vec<(f64, f64)> = rows
            .iter()
            .zip(&scores)
            .filter_map(|((_, valence), scores)| Some((f64::from(metrics::valence(scores)), f64::from((*valence)?))))
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

/// How a model does on dev: accuracy and macro-F1.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DevScore {
    /// From image and caption together, against the post's label.
    pub both: [f64; 2],
    /// From the caption alone, against the post's label.
    pub caption: [f64; 2],
    /// From the image alone, against the post's label.
    pub image: [f64; 2],
    /// From the image alone, against the image's own label.
    pub standalone_image: [f64; 2],
    /// From captions that stand alone, by the set that they come from; rows with one label.
    pub captions: BTreeMap<String, [f64; 2]>,
}
