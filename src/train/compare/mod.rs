//! Every system of the paper, trained and compared on the same split.
//!
//! The towers are frozen and shared: image features come from one convolutional network, caption features from one
//! caption tower, trained once for all seeds (or taken from a model file). Seeds change what the systems start from,
//! the order of their rows and what dropout drops.
//!
//! Every system learns from the train rows that it can read and that have a label as a whole, stops early by its loss on
//! dev, is chosen on dev (the pooling, the best system) by accuracy plus macro-F1 against the post's label, and answers the
//! same test rows once. A post counts for dev and test if it has a label as a whole, an image and a caption with a word in
//! it. The system of the recipe decides what is compared: all systems for one that fuses both sides, those of the image or
//! of the caption for one that reads that side alone.

mod best;
mod bootstrap;
mod captions;
mod charts;
mod data;
mod files;
mod images;
mod importance;
mod importance_chart;
mod markdown;
mod outcome;
mod report;
mod systems;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use burn::tensor::Device;

pub use self::{
    best::{Best, Bin},
    bootstrap::{Interval, Intervals},
    images::ImageFeatures,
    importance::{Curve, DropoutEffect, Importance, Point},
    outcome::{Outcome, Spread},
    report::{Comparison, MostFrequent, Rows},
};
use emofuse_core::{
    error::{Error, Result},
    labels::LabelSet,
    metrics,
};
use emofuse_engine::{
    bundle::ImageArchitecture,
    model::{fusion::Modality, pooling::Pooling},
    text::Tokenizer,
};

use self::{
    data::{CaptionReader, DataSet},
    outcome::{Trained, Truth},
    systems::{Auxiliary, Ring, SystemKind},
};
use super::{
    captions::CaptionTower,
    data::{Labelling, Post, read_titles},
    fusion::Weighting,
    import::{self, image_tower::PretrainedImageTower},
    recipe::{CaptionRecipe, ImageRecipe, Recipe},
    word_vectors::WordVectors,
};

/// What to compare, and how often.
#[derive(Clone, Debug)]
pub struct CompareOptions {
    /// The folder that the recipe's tables and images are in, and perhaps reddit.csv.
    pub data: PathBuf,
    /// How often each system is trained.
    pub seeds: u64,
    /// The recipe; the default model's where there is none.
    pub recipe: Option<PathBuf>,
    /// GoogLeNet's weights, to compare it with the recipe's image tower; see [`default_googlenet`].
    pub googlenet: Option<PathBuf>,
    /// A model file whose caption tower is taken instead of training one.
    pub caption_tower: Option<PathBuf>,
    /// Where features of images are kept between runs.
    pub cache: PathBuf,
    /// The teacher's embeddings of the captions; read where the recipe has a teacher and a caption tower is trained.
    pub teacher: PathBuf,
}

/// Where GoogLeNet's weights are looked for beside a data folder: `../weights/googlenet-bvlc.safetensors`, if that is a
/// file.
#[must_use]
pub fn default_googlenet(data: &Path) -> Option<PathBuf> {
    let weights = data.join("../weights/googlenet-bvlc.safetensors");
    weights
        .is_file()
        .then(|| std::path::absolute(&weights).unwrap_or(weights))
}

/// Trains and compares every system.
///
/// # Errors
/// [`Error::Io`](emofuse_core::Error::Io), [`Error::Data`](emofuse_core::Error::Data) and [`Error::Row`](emofuse_core::Error::Row) for what
/// is missing or malformed, each with its path.
pub fn compare(options: &CompareOptions) -> Result<Comparison> {
    let recipe = match &options.recipe {
        Some(path) => Recipe::read(path)?,
        None => Recipe::default_model()?,
    };
    let place = options.recipe.as_deref().unwrap_or(Path::new("recipes/default.toml"));
    let system = recipe.fusion.system;
    if matches!(recipe.caption, CaptionRecipe::Pretrained(_)) && options.caption_tower.is_none() {
        return Err(Error::Data {
            path: place.into(),
            reason: "the recipe has a pretrained caption tower; name a model file that holds it with --caption-tower"
                .into(),
        });
    }
    if options.caption_tower.is_some() && !system.reads_caption_tower() {
        return Err(Error::Data {
            path: place.into(),
            reason: format!(
                "--caption-tower has no use with `fusion.system = \"{}\"`, which reads no caption tower",
                system.name()
            ),
        });
    }
    let device = Device::flex();
    let data = recipe.read_data(&options.data)?;
    let titles = options.data.join("reddit.csv");
    // Its emotions have labels in a ready-made set alone.
    let has_titles = titles.is_file() && !recipe.labels.is_of_its_own() && system.reads_captions();
    let labelling = Labelling::new(data.labels.clone());
    let titles = has_titles.then(|| read_titles(&titles, &labelling)).transpose()?;
    let pretrained = import::pretrained_folder();
    let mut networks = Vec::new();
    if system.reads_images() {
        networks.push(recipe.image.clone());
    }
    if system.reads_images() && recipe.image.tower != ImageArchitecture::Googlenet {
        networks.extend(options.googlenet.clone().map(|weights| ImageRecipe {
            tower: ImageArchitecture::Googlenet,
            weights: Some(weights),
        }));
    }
    // Whatever may be absent is asked for before the long work begins.
    let towers = networks
        .iter()
        .map(|network| PretrainedImageTower::read(network, &options.data, &pretrained, &device))
        .collect::<Result<Vec<_>>>()?;
    let ready = options
        .caption_tower
        .as_ref()
        .map(|model| captions::from_model(model, &device))
        .transpose()?;

    // Systems of captions alone read posts without their image too.
    let without_image = data.without_image.iter().filter(|_| !system.reads_images());
    let posts: Vec<Post> = data
        .posts
        .iter()
        .chain(without_image)
        .filter(|post| post.post_label.is_some())
        .cloned()
        .collect();
    let paths: Vec<PathBuf> = posts.iter().map(|post| post.image.clone()).collect();
    let images = towers
        .iter()
        .map(|tower| ImageFeatures::new(tower, &paths, &options.cache, &device))
        .collect::<Result<Vec<_>>>()?;
    // A pretrained caption tower has a vocabulary of its own, and there are no word vectors for it.
    let has_words = system.reads_captions() && !matches!(recipe.caption, CaptionRecipe::Pretrained(_));
    let words = has_words
        .then(|| super::vocabulary(&recipe, &pretrained, &data))
        .transpose()?;
    let tower = match (ready, &recipe.caption, &words) {
        (Some(ready), ..) => Some(ready),
        (None, CaptionRecipe::Trained(caption), Some((tokenizer, vectors))) => {
            let captions = super::captions_of(&recipe, place, tokenizer, &data, &options.teacher)?;
            let vectors = vectors.clone();
            let tower = super::caption_tower(&recipe, caption, tokenizer, vectors, &captions, &data.labels, &device);
            Some((tokenizer.clone(), tower))
        }
        _ => None,
    };
    ComparisonRun {
        recipe: &recipe,
        labels: &data.labels,
        seeds: options.seeds,
        folder: &options.data,
        posts: &posts,
        titles: titles.as_deref(),
        images: &images,
        words: words.as_ref().map(|(tokenizer, vectors)| (tokenizer, vectors)),
        tower: tower.as_ref().map(|(tokenizer, tower)| (tokenizer, tower)),
        device: &device,
    }
    .hold()
}

/// All that a comparison is made of, once the towers have done their part.
struct ComparisonRun<'a> {
    recipe: &'a Recipe,
    labels: &'a LabelSet,
    seeds: u64,
    folder: &'a Path,
    posts: &'a [Post],
    titles: Option<&'a [Post]>,
    /// By the recipe's network first, then by another; none if no system reads images.
    images: &'a [ImageFeatures],
    /// For the FastText-style baseline; `None` in a comparison without it.
    words: Option<(&'a Tokenizer, &'a WordVectors)>,
    /// What the other systems read of captions; `None` in a comparison without them.
    tower: Option<(&'a Tokenizer, &'a CaptionTower)>,
    device: &'a Device,
}

impl ComparisonRun<'_> {
    fn hold(&self) -> Result<Comparison> {
        let data = self.posts(self.images.first())?;
        data.check(self.folder)?;
        let truth = self.truth(&data);
        let train = |kind: SystemKind| self.train(kind, kind.modality_dropout(), &data);
        let image = (!self.images.is_empty()).then(|| train(SystemKind::ImageFeatures));
        let of_captions: Vec<Trained> = self.kinds_of_captions().into_iter().map(train).collect();
        let unimodal: Vec<&Trained> = of_captions.iter().chain(&image).collect();
        let fusions = self.recipe.fusion.system.is_fusion().then(|| Fusions {
            early: train(SystemKind::Early),
            late: Weighting::ALL.map(|weighting| train(SystemKind::Late(weighting))),
            joint: Pooling::ALL.map(|pooling| train(SystemKind::Joint(pooling))),
            common: Auxiliary::ALL.map(|auxiliary| train(SystemKind::CommonSpace(auxiliary))),
        });
        let chosen = fusions.as_ref().map(|fusions| fusions.chosen(self.recipe));
        let of_fusions = chosen.iter().flat_map(ChosenFusions::all);
        let systems: Vec<&Trained> = unimodal.iter().copied().chain(of_fusions).collect();
        let best_unimodal = best_on_dev(unimodal.iter().copied());
        let reference = best_unimodal.answers(best_unimodal.kind.modality(), &truth);

        let outcome = |trained: &Trained, name: &str, sees| {
            let reference = reference.as_deref().filter(|_| !std::ptr::eq(trained, best_unimodal));
            trained.outcome(name, sees, &truth, reference)
        };
        let own = |trained: &&Trained| outcome(trained, &trained.kind.name(), trained.kind.modality());
        let named = |trained: &[Trained], name: fn(&Trained) -> &'static str| {
            let rows = trained
                .iter()
                .filter_map(|trained| outcome(trained, name(trained), Modality::Both));
            rows.collect::<Vec<_>>()
        };
        let (title_labels, titles) = match self.titles {
            Some(titles) => {
                let (labels, outcomes) = self.on_titles(titles)?;
                (labels, Some(outcomes))
            }
            None => (Vec::new(), None),
        };
        let most_frequent = most_frequent(&data, &truth, self.labels);
        let otherwise = self.labels.index(&most_frequent.label).unwrap_or_default();
        let importance = chosen.as_ref().map(|chosen| {
            let other_way = chosen
                .all()
                .into_iter()
                .filter_map(|trained| Some((trained.kind, !trained.modality_dropout?)))
                .map(|(kind, is_on)| self.train(kind, Some(is_on), &data));
            let other_way: Vec<Trained> = other_way.collect();
            let best_caption = best_on_dev(&of_captions);
            let systems: Vec<&Trained> = chosen
                .for_importance(&other_way)
                .into_iter()
                .chain([best_caption])
                .chain(&image)
                .collect();
            Importance::new(&systems, &truth, otherwise)
        });
        Ok(Comparison {
            emofuse: env!("CARGO_PKG_VERSION").into(),
            recipe: self.recipe.id.clone(),
            labels: self.labels.names().map(String::from).collect(),
            network: self.images.first().map(|images| images.name.clone()),
            seeds: self.seed_numbers().collect(),
            rows: Rows {
                train: data.train.truths().len(),
                dev: data.dev.examples.len(),
                test: data.test.examples.len(),
            },
            most_frequent,
            systems: systems.iter().filter_map(own).collect(),
            best_unimodal: best_unimodal.kind.name(),
            taken_away: chosen
                .iter()
                .flat_map(|chosen| [chosen.joint, chosen.common])
                .flat_map(|trained| Modality::ALL.map(|sees| outcome(trained, &trained.kind.name(), sees)))
                .flatten()
                .collect(),
            pooling: fusions.as_ref().map_or_else(Vec::new, |fusions| {
                named(&fusions.joint, |trained| match trained.kind {
                    SystemKind::Joint(pooling) => pooling.name(),
                    _ => "",
                })
            }),
            auxiliary: fusions.as_ref().map_or_else(Vec::new, |fusions| {
                named(&fusions.common, |trained| match trained.kind {
                    SystemKind::CommonSpace(auxiliary) => auxiliary.name(),
                    _ => "",
                })
            }),
            networks: self.networks(
                image
                    .iter()
                    .chain(chosen.iter().flat_map(|chosen| [chosen.early, chosen.common])),
                &truth,
            )?,
            importance,
            title_labels,
            titles,
            best: Best::new(best_on_dev(systems.iter().copied()), &truth, self.labels),
        })
    }

    /// What answers to the test rows are compared with.
    fn truth(&self, data: &DataSet) -> Truth {
        Truth {
            labels: data.test.truths(),
            allowed: data.train.labels(),
            seed: self.recipe.seed,
        }
    }

    fn kinds_of_captions(&self) -> Vec<SystemKind> {
        SystemKind::of_captions(self.recipe, self.words.is_some(), self.tower.is_some())
    }

    fn seed_numbers(&self) -> impl Iterator<Item = u64> {
        self.recipe.seed..self.recipe.seed + self.seeds
    }

    fn reader(&self) -> CaptionReader<'_> {
        CaptionReader {
            words: self.words.map(|(tokenizer, _)| tokenizer),
            tower: self.tower,
            buckets: self.recipe.fasttext.buckets,
            recipe: &self.recipe.fusion,
            labels: self.labels.len(),
        }
    }

    fn posts(&self, images: Option<&ImageFeatures>) -> Result<DataSet> {
        let images = images.map(|images| images.rows.as_slice());
        DataSet::new(self.posts, images, &self.reader(), self.device)
    }

    fn train(&self, kind: SystemKind, modality_dropout: Option<bool>, data: &DataSet) -> Trained {
        let ring = Ring {
            recipe: self.recipe,
            labels: self.labels.len(),
            data,
            vectors: self.words.map(|(_, vectors)| vectors),
            device: self.device,
        };
        Trained {
            kind,
            modality_dropout,
            trials: self
                .seed_numbers()
                .map(|seed| ring.trial(kind, modality_dropout, seed))
                .collect(),
        }
    }

    /// What the images' network changes, for the systems that were trained with the first one already.
    fn networks<'t>(&self, first: impl Iterator<Item = &'t Trained>, truth: &Truth) -> Result<Vec<Outcome>> {
        let Some((recipes_own, others)) = self.images.split_first() else {
            return Ok(Vec::new());
        };
        let row = |trained: &Trained, images: &ImageFeatures, truth: &Truth| {
            let outcome = trained.outcome(&trained.kind.name(), trained.kind.modality(), truth, None)?;
            Some(Outcome {
                network: Some(images.name.clone()),
                ..outcome
            })
        };
        let first: Vec<&Trained> = first.collect();
        let mut rows: Vec<Outcome> = first
            .iter()
            .filter_map(|trained| row(trained, recipes_own, truth))
            .collect();
        for images in others {
            let data = self.posts(Some(images))?;
            let truth = self.truth(&data);
            let trained = first
                .iter()
                .map(|trained| self.train(trained.kind, trained.modality_dropout, &data));
            rows.extend(trained.filter_map(|trained| row(&trained, images, &truth)));
        }
        Ok(rows)
    }

    /// The text systems on titles, with the labels that these have.
    fn on_titles(&self, titles: &[Post]) -> Result<(Vec<String>, Vec<Outcome>)> {
        let data = DataSet::new(titles, None, &self.reader(), self.device)?;
        data.check(&self.folder.join("reddit.csv"))?;
        let truth = self.truth(&data);
        let names = truth
            .allowed
            .iter()
            .map(|label| self.labels.name(*label).to_owned())
            .collect();
        let outcomes = self
            .kinds_of_captions()
            .into_iter()
            .filter_map(|kind| {
                let trained = self.train(kind, None, &data);
                trained.outcome(&kind.name(), Modality::Caption, &truth, None)
            })
            .collect();
        Ok((names, outcomes))
    }
}

/// The systems that fuse both sides.
struct Fusions {
    early: Trained,
    late: [Trained; 3],
    joint: [Trained; 5],
    common: [Trained; 3],
}

impl Fusions {
    /// Those that stand for all of their kind: the pooling that is best on dev, and the recipe's own common space.
    fn chosen(&self, recipe: &Recipe) -> ChosenFusions<'_> {
        let own = SystemKind::CommonSpace(Auxiliary::of(recipe));
        ChosenFusions {
            early: &self.early,
            late: &self.late,
            joint: best_on_dev(&self.joint),
            common: self
                .common
                .iter()
                .find(|trained| trained.kind == own)
                .unwrap_or(&self.common[0]),
        }
    }
}

/// Systems that fuse both sides, one for each way to do so.
struct ChosenFusions<'a> {
    early: &'a Trained,
    late: &'a [Trained; 3],
    joint: &'a Trained,
    common: &'a Trained,
}

impl<'a> ChosenFusions<'a> {
    fn all(&self) -> Vec<&'a Trained> {
        let last = [self.joint, self.common];
        std::iter::once(self.early).chain(self.late).chain(last).collect()
    }

    /// Those of the modality-importance figure, each with modality dropout and without; of late fusion, which has no such
    /// choice, the weighting that is best on dev.
    fn for_importance(&self, other_way: &'a [Trained]) -> Vec<&'a Trained> {
        let both_ways = |trained: &'a Trained| {
            let other = other_way.iter().find(|other| other.kind == trained.kind);
            let mut pair: Vec<&Trained> = std::iter::once(trained).chain(other).collect();
            pair.sort_by_key(|trained| trained.modality_dropout != Some(true));
            pair
        };
        let fusions = [self.common, self.joint, self.early].into_iter().flat_map(both_ways);
        fusions.chain([best_on_dev(self.late)]).collect()
    }
}

/// The one with the best score on dev; the first of them on a tie.
fn best_on_dev<'a>(trained: impl IntoIterator<Item = &'a Trained>) -> &'a Trained {
    trained
        .into_iter()
        .reduce(|best, next| if next.dev() > best.dev() { next } else { best })
        .expect("there is a system to choose")
}

/// What answering always the most frequent label of train is worth.
fn most_frequent(data: &DataSet, truth: &Truth, labels: &LabelSet) -> MostFrequent {
    let truths = data.train.truths();
    let count = |label: &usize| truths.iter().filter(|truth| *truth == label).count();
    // The first of the most frequent on a tie.
    let label = (0..labels.len()).rev().max_by_key(count).unwrap_or_default();
    let answers = vec![label; truth.labels.len()];
    MostFrequent {
        label: labels.name(label).to_owned(),
        accuracy: metrics::accuracy(&truth.labels, &answers),
        macro_f1: metrics::macro_f1(&truth.labels, &answers),
    }
}
