//! Every system of the paper, trained and compared on the same split.
//!
//! The towers are frozen and shared: image features come from one convolutional network, caption features from one
//! caption tower, trained once for all seeds (or taken from a model file). Seeds change what the systems start from,
//! the order of their rows and what dropout drops.
//!
//! Every system learns from the train rows that it can read and that have a label as a whole, stops early by its loss on dev, is chosen on dev (the
//! pooling, the best system) by accuracy plus macro-F1 against the post's label, and answers the same test rows once. A post counts for dev and test where it has a label as a whole, an image and a caption with a word in it.

mod best;
mod bootstrap;
mod captions;
mod charts;
mod data;
mod files;
mod images;
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
    bootstrap::{Difference, Interval},
    images::ImageFeatures,
    outcome::{Outcome, Spread},
    report::{Against, Comparison, MostFrequent, Rows},
};
use emofuse_core::{
    emotion::Emotion,
    error::{Error, Result},
    metrics,
};
use emofuse_engine::{
    bundle::ImageArchitecture,
    model::{
        fusion::{Modality, late::Combination},
        pooling::Pooling,
    },
    text::Tokenizer,
};

use self::{
    data::{CaptionReader, DataSet},
    outcome::{Trained, Truth},
    systems::{Auxiliary, Ring, SystemKind},
};
use super::{
    captions::CaptionTower,
    data::{Post, read_titles},
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
    let CaptionRecipe::Trained(caption) = &recipe.caption else {
        return Err(Error::Data {
            path: place.into(),
            reason:
                "a comparison needs a recipe that trains its caption tower; to compare with a pretrained one, name \
                     a model file that has it with --caption-tower"
                    .into(),
        });
    };
    let device = Device::flex();
    let data = recipe.data.read(&options.data)?;
    let titles = options.data.join("reddit.csv");
    let titles = titles.is_file().then(|| read_titles(&titles)).transpose()?;
    let pretrained = import::pretrained_folder();
    let mut networks = vec![recipe.image.clone()];
    if recipe.image.tower != ImageArchitecture::Googlenet {
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

    let paths: Vec<PathBuf> = data.posts.iter().map(|post| post.image.clone()).collect();
    let images = towers
        .iter()
        .map(|tower| ImageFeatures::new(tower, &paths, &options.cache, &device))
        .collect::<Result<Vec<_>>>()?;
    let (tokenizer, vectors) = super::vocabulary(&recipe, &pretrained, &data)?;
    let (tower_tokenizer, tower) = match ready {
        Some(ready) => ready,
        None => {
            let vectors = vectors.clone();
            let captions = super::captions_of(&recipe, place, &tokenizer, &data, &options.teacher)?;
            let tower = super::caption_tower(&recipe, caption, &tokenizer, vectors, &captions, &device);
            (tokenizer.clone(), tower)
        }
    };
    ComparisonRun {
        recipe: &recipe,
        seeds: options.seeds,
        folder: &options.data,
        posts: &data.posts,
        titles: titles.as_deref(),
        images: &images,
        tokenizer: &tokenizer,
        vectors: &vectors,
        tower_tokenizer: &tower_tokenizer,
        tower: &tower,
        device: &device,
    }
    .hold()
}

/// All that a comparison is made of, once the towers have done their part.
struct ComparisonRun<'a> {
    recipe: &'a Recipe,
    seeds: u64,
    folder: &'a Path,
    posts: &'a [Post],
    titles: Option<&'a [Post]>,
    /// By the recipe's network first, then by another.
    images: &'a [ImageFeatures],
    tokenizer: &'a Tokenizer,
    vectors: &'a WordVectors,
    tower_tokenizer: &'a Tokenizer,
    tower: &'a CaptionTower,
    device: &'a Device,
}

impl ComparisonRun<'_> {
    fn hold(&self) -> Result<Comparison> {
        let data = self.posts(&self.images[0])?;
        data.check(self.folder)?;
        let truth = Truth {
            labels: data.test.truths(),
            allowed: data.train.labels(),
        };
        let train = |kind| self.train(kind, &data);
        let image = train(SystemKind::ImageFeatures);
        let of_captions: Vec<Trained> = SystemKind::of_captions(self.recipe).into_iter().map(train).collect();
        let unimodal = || of_captions.iter().chain([&image]);
        let early = train(SystemKind::Early);
        let late = Combination::ALL.map(|combination| train(SystemKind::Late(combination)));
        let joint = Pooling::ALL.map(|pooling| train(SystemKind::Joint(pooling)));
        let common = Auxiliary::ALL.map(|auxiliary| train(SystemKind::CommonSpace(auxiliary)));

        let chosen_joint = best_on_dev(&joint);
        let recipe_auxiliary = SystemKind::CommonSpace(Auxiliary::of(self.recipe));
        let chosen_common = common
            .iter()
            .find(|trained| trained.kind == recipe_auxiliary)
            .unwrap_or(&common[0]);
        let fusions: Vec<&Trained> = std::iter::once(&early)
            .chain(&late)
            .chain([chosen_joint, chosen_common])
            .collect();
        let systems: Vec<&Trained> = unimodal().chain(fusions.iter().copied()).collect();
        let best_unimodal = best_on_dev(unimodal());
        let best = best_on_dev(systems.iter().copied());

        let outcome = |trained: &Trained, name: &str, sees| trained.outcome(name, sees, &truth);
        let own = |trained: &&Trained| outcome(trained, &trained.kind.name(), trained.kind.modality());
        let named = |trained: &[Trained], name: fn(&Trained) -> &'static str| {
            let rows = trained
                .iter()
                .filter_map(|trained| outcome(trained, name(trained), Modality::Both));
            rows.collect::<Vec<_>>()
        };
        Ok(Comparison {
            emofuse: env!("CARGO_PKG_VERSION").into(),
            recipe: self.recipe.id.clone(),
            network: self.images[0].name.clone(),
            seeds: self.seed_numbers().collect(),
            rows: Rows {
                train: data.train.truths().len(),
                dev: data.dev.examples.len(),
                test: data.test.examples.len(),
            },
            most_frequent: most_frequent(&data, &truth),
            systems: systems.iter().filter_map(own).collect(),
            against_best_unimodal: Against::new(best_unimodal, &fusions, &truth, self.recipe.seed),
            taken_away: [chosen_joint, chosen_common]
                .into_iter()
                .flat_map(|trained| Modality::ALL.map(|sees| outcome(trained, &trained.kind.name(), sees)))
                .flatten()
                .collect(),
            pooling: named(&joint, |trained| match trained.kind {
                SystemKind::Joint(pooling) => pooling.name(),
                _ => "",
            }),
            auxiliary: named(&common, |trained| match trained.kind {
                SystemKind::CommonSpace(auxiliary) => auxiliary.name(),
                _ => "",
            }),
            networks: self.networks([&image, &early, chosen_common], &truth)?,
            titles: self.titles.map(|titles| self.on_titles(titles)).transpose()?,
            best: Best::new(best, &truth),
        })
    }

    fn seed_numbers(&self) -> impl Iterator<Item = u64> {
        self.recipe.seed..self.recipe.seed + self.seeds
    }

    fn reader(&self) -> CaptionReader<'_> {
        CaptionReader {
            words: self.tokenizer,
            tower_words: self.tower_tokenizer,
            tower: self.tower,
            buckets: self.recipe.fasttext.buckets,
            recipe: &self.recipe.fusion,
        }
    }

    fn posts(&self, images: &ImageFeatures) -> Result<DataSet> {
        DataSet::new(self.posts, Some(&images.rows), &self.reader(), self.device)
    }

    fn train(&self, kind: SystemKind, data: &DataSet) -> Trained {
        let ring = Ring {
            recipe: self.recipe,
            data,
            vectors: self.vectors,
            device: self.device,
        };
        Trained {
            kind,
            trials: self.seed_numbers().map(|seed| ring.trial(kind, seed)).collect(),
        }
    }

    /// What the images' network changes, for the systems that were trained with the first one already.
    fn networks(&self, first: [&Trained; 3], truth: &Truth) -> Result<Vec<Outcome>> {
        let row = |trained: &Trained, images: &ImageFeatures, truth: &Truth| {
            let outcome = trained.outcome(&trained.kind.name(), trained.kind.modality(), truth)?;
            Some(Outcome {
                network: Some(images.name.clone()),
                ..outcome
            })
        };
        let mut rows: Vec<Outcome> = first
            .iter()
            .filter_map(|trained| row(trained, &self.images[0], truth))
            .collect();
        for images in &self.images[1..] {
            let data = self.posts(images)?;
            let truth = Truth {
                labels: data.test.truths(),
                allowed: truth.allowed.clone(),
            };
            let trained = first.map(|trained| self.train(trained.kind, &data));
            rows.extend(trained.iter().filter_map(|trained| row(trained, images, &truth)));
        }
        Ok(rows)
    }

    /// The text systems on titles, with their own labels.
    fn on_titles(&self, titles: &[Post]) -> Result<Vec<Outcome>> {
        let data = DataSet::new(titles, None, &self.reader(), self.device)?;
        data.check(&self.folder.join("reddit.csv"))?;
        let truth = Truth {
            labels: data.test.truths(),
            allowed: data.train.labels(),
        };
        Ok(SystemKind::of_captions(self.recipe)
            .into_iter()
            .filter_map(|kind| self.train(kind, &data).outcome(&kind.name(), Modality::Caption, &truth))
            .collect())
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
fn most_frequent(data: &DataSet, truth: &Truth) -> MostFrequent {
    let labels = data.train.truths();
    let count = |emotion: &Emotion| labels.iter().filter(|label| *label == emotion).count();
    // The first of the most frequent on a tie.
    let emotion = Emotion::ALL.into_iter().rev().max_by_key(count).unwrap_or(Emotion::Joy);
    let answers = vec![emotion; truth.labels.len()];
    MostFrequent {
        emotion,
        accuracy: metrics::accuracy(&truth.labels, &answers),
        macro_f1: metrics::macro_f1(&truth.labels, &answers),
    }
}
