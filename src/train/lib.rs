//! Training: data sets, losses, loops, calibration and the model file that comes of it.
//!
//! Both towers are frozen before the fusion is trained: the image tower comes as it is from ImageNet,
//! the caption tower is trained on captions first. Features are computed once, so that a fusion takes
//! minutes on two cores.

mod balance;
pub mod calibration;
mod caption_examples;
pub mod caption_features;
pub mod captions;
pub mod compare;
pub mod data;
mod export;
pub mod fasttext;
pub mod features;
pub mod fusion;
mod heads;
pub mod import;
mod label_offsets;
pub mod losses;
pub mod recipe;
mod standalone_image;
pub mod teacher;
pub mod word_vectors;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use burn::tensor::Device;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use self::heads::{DevScore, ImageScore};
use emofuse_core::{
    error::{Error, Result},
    metrics::most_likely,
};
use emofuse_dataset::files::{OutputLock, write_atomically};
use emofuse_engine::text::{Token, Tokenizer};

use self::{
    caption_examples::{CaptionSet, TaughtCaption},
    caption_features::CaptionFeatureCache,
    captions::{CaptionExample, CaptionTower},
    data::{CaptionLabels, Data, Post, Split},
    export::BundleBuilder,
    features::FeatureCache,
    fusion::{FusionExample, Target},
    heads::{Examples, SelectedHeads},
    import::{image_tower::PretrainedImageTower, transformer::FinetunedTransformer},
    recipe::{CaptionRecipe, ConvolutionRecipe, NGramRecipe, Recipe},
    teacher::Teacher,
    word_vectors::WordVectors,
};

/// What to train from and where to leave the model.
#[derive(Clone, Debug)]
pub struct TrainOptions {
    /// The folder that the recipe's tables and images are in.
    pub data: PathBuf,
    /// The recipe.
    pub recipe: PathBuf,
    /// The model file to write.
    pub out: PathBuf,
    /// Where features of images, and of captions by a fine-tuned tower, are kept between runs.
    pub cache: PathBuf,
    /// The folder with the teacher's answers to the captions and its pruned encoder; read where the recipe has the one
    /// or the other.
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
    /// Images alone in train and dev, each answered by a classifier that has not learnt from its part, by set.
    pub images_cross_validated: BTreeMap<String, ImageScore>,
    /// Accuracy and macro-F1 on dev of what was chosen there, with towers and fusion in 32 bits.
    pub dev: DevScore,
    /// The same for what goes into the file: after a refit it has learnt from dev, and this is of use only beside the
    /// next.
    pub dev_after_refit: DevScore,
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
    if let Some(folder) = options.out.parent() {
        fs::create_dir_all(folder).map_err(Error::io(folder))?;
    }
    // Held to the end: what is written there is this run's.
    let _lock = OutputLock::take(&options.out)?;
    let pretrained = import::pretrained_folder();

    let tower = PretrainedImageTower::read(&recipe.image, &options.data, &pretrained, &device)?;
    let captions_for =
        |tokenizer: &Tokenizer| captions_of(&recipe, &options.recipe, tokenizer, &data, &options.teacher);
    let (tokenizer, captions, caption_tower) = match &recipe.caption {
        CaptionRecipe::Trained(caption) => {
            let (tokenizer, vectors) = vocabulary(&recipe, &pretrained, &data)?;
            let captions = captions_for(&tokenizer)?;
            let tower = caption_tower(&recipe, caption, &tokenizer, vectors, &captions, &device);
            (tokenizer, captions, tower)
        }
        CaptionRecipe::Pretrained(caption) => {
            let path = options.teacher.join(&caption.pretrained.file);
            let tower = FinetunedTransformer::read(&path, recipe.vocabulary.max_tokens, &device)?;
            let tokenizer = tower.tokenizer.clone();
            let captions = captions_for(&tokenizer)?;
            let dev = examples_of(&recipe, &tokenizer, &captions.dev);
            (tokenizer, captions, CaptionTower::finetuned(tower, &dev, &device))
        }
    };

    let builder = BundleBuilder::new(&recipe, &tokenizer, &tower, &caption_tower)?;
    let (rounded_tower, rounded_captions) = builder.rounded(&tower, &caption_tower, &device)?;
    let caption_cache = |tower: &CaptionTower| {
        let pretrained = tower.pretrained.as_ref();
        pretrained.map(|pretrained| CaptionFeatureCache::new(&options.cache, &pretrained.sha256))
    };
    let exact = Features {
        recipe: &recipe,
        cache: FeatureCache::new(&options.cache, &tower)?,
        caption_cache: caption_cache(&caption_tower),
        tower,
        captions: caption_tower,
        tokenizer: &tokenizer,
        device: &device,
    };
    let rounded = Features {
        cache: FeatureCache::new(&options.cache, &rounded_tower)?,
        caption_cache: caption_cache(&rounded_captions),
        tower: rounded_tower,
        captions: rounded_captions,
        ..exact
    };
    // The test split is not looked at here.
    let examples = rounded.examples(&data.posts, &captions.train, Split::Train)?;
    let dev = rounded.examples(&data.posts, &captions.dev, Split::Dev)?;
    for (examples, split) in [(&examples, Split::Train), (&dev, Split::Dev)] {
        check(&examples.posts, split).map_err(|reason| Error::Data {
            path: options.data.clone(),
            reason,
        })?;
    }
    let selected = SelectedHeads::train(&recipe, &examples, &dev, &device);
    let calibration = selected.calibrate(&recipe, &dev, &device);
    let images_cross_validated = selected.image_scores(&calibration.standalone_image);
    let exact_dev = exact.examples(&data.posts, &captions.dev, Split::Dev)?;
    let on_dev = selected.heads.evaluate(&exact_dev, &device);
    let heads = if recipe.fusion.refit {
        selected.refit(&recipe, examples, &dev, &device)
    } else {
        selected.heads
    };

    let bytes = builder.finish(&heads, calibration, &device)?;
    let dev_quantised = export::evaluate(&bytes, &data, &device)?;
    write_atomically(&options.out, |file| file.write_all(&bytes))?;
    Ok(Report {
        id: recipe.id.clone(),
        bytes: bytes.len(),
        sha256: format!("{:x}", Sha256::digest(&bytes)),
        caption_labels_dev_macro_f1: exact.captions.dev_macro_f1,
        images_cross_validated,
        dev: on_dev,
        dev_after_refit: heads.evaluate(&exact_dev, &device),
        dev_quantised,
    })
}

/// What the recipe at `place` learns from captions alone; the teacher's answers are read if it has a teacher.
fn captions_of(
    recipe: &Recipe,
    place: &Path,
    tokenizer: &Tokenizer,
    data: &Data,
    teacher: &Path,
) -> Result<CaptionSet> {
    let teacher = match recipe.caption.teacher() {
        Some(_) => Some(Teacher::read(teacher)?),
        None => None,
    };
    CaptionSet::new(recipe, tokenizer, data, teacher.as_ref())?.map_err(|reason| Error::Data {
        path: place.into(),
        reason,
    })
}

/// Trains the caption tower.
fn caption_tower(
    recipe: &Recipe,
    caption: &ConvolutionRecipe,
    tokenizer: &Tokenizer,
    vectors: WordVectors,
    captions: &CaptionSet,
    device: &Device,
) -> CaptionTower {
    captions::train(
        caption,
        recipe.seed,
        vectors,
        &examples_of(recipe, tokenizer, &captions.train),
        &examples_of(recipe, tokenizer, &captions.dev),
        device,
    )
}

/// What a caption tower learns of captions, or is measured on.
fn examples_of(recipe: &Recipe, tokenizer: &Tokenizer, captions: &[TaughtCaption]) -> Vec<CaptionExample> {
    let window = recipe.vocabulary.max_tokens;
    captions
        .iter()
        .map(|caption| caption.example(tokenizer, window))
        .collect()
}

fn vocabulary(recipe: &Recipe, pretrained: &Path, data: &Data) -> Result<(Tokenizer, WordVectors)> {
    let glove = import::glove::glove(&pretrained.join(import::glove::PACKAGE))?;
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
    let (vocabulary, vectors) = import::vocabulary::vocabulary(&glove, train_posts.chain(train_captions), words)?;
    let d_word = vectors.len() / vocabulary.len();
    Ok((
        Tokenizer::new(vocabulary, recipe.vocabulary.max_tokens),
        WordVectors::new(vectors, d_word),
    ))
}

/// What turns posts into what the fusion sees of them.
struct Features<'a> {
    recipe: &'a Recipe,
    cache: FeatureCache,
    /// Of a fine-tuned caption tower; one that is trained here is another each time, and fast.
    caption_cache: Option<CaptionFeatureCache>,
    tower: PretrainedImageTower,
    captions: CaptionTower,
    tokenizer: &'a Tokenizer,
    device: &'a Device,
}

impl Features<'_> {
    /// The posts and captions of a split; posts whose image cannot be read are left out.
    fn examples(&self, posts: &[Post], captions: &[TaughtCaption], split: Split) -> Result<Examples> {
        let posts: Vec<&Post> = posts.iter().filter(|post| post.split == split).collect();
        let images: Vec<PathBuf> = posts.iter().map(|post| post.image.clone()).collect();
        let images = self.cache.features(&images, &self.tower, self.device)?;
        let tokens: Vec<Vec<Token>> = posts.iter().map(|post| self.tokenizer.tokens(&post.caption)).collect();
        let features = self.caption_features(tokens.iter().map(Vec::as_slice))?;
        let standalone = self.recipe.standalone_caption.n_grams.as_ref();
        let mut examples = Examples::default();
        for (((post, image), caption), tokens) in posts.into_iter().zip(images).zip(features).zip(tokens) {
            let Some(image) = image else { continue };
            examples.standalone_images.push(FusionExample {
                image: Some(image.clone()),
                target: self.recipe.standalone_image.target(post),
                group: post.group.clone(),
                ..FusionExample::default()
            });
            if !tokens.is_empty() {
                examples.captions_of_posts.push(FusionExample {
                    caption: Some(caption.clone()),
                    n_grams: n_grams(standalone, &tokens),
                    ..FusionExample::default()
                });
                examples.posts.push(FusionExample {
                    image: Some(image),
                    caption: Some(caption),
                    n_grams: n_grams(self.recipe.fusion.n_grams.as_ref(), &tokens),
                    target: post
                        .post_label
                        .map(|label| Target::new(label, self.recipe.fusion.second_label)),
                    group: post.group.clone(),
                });
            }
        }
        let features = self.caption_features(captions.iter().map(|caption| caption.tokens.as_slice()))?;
        for (caption, features) in captions.iter().zip(features) {
            if caption.tokens.is_empty() {
                continue;
            }
            let label = caption.labels.and_then(CaptionLabels::single);
            // Of several labels that hold equally none is the right answer: they are learnt from, but not measured.
            let weight = match (split, label) {
                (Split::Dev, None) => 0.0,
                _ => caption.weight,
            };
            let second = match caption.labels {
                Some(CaptionLabels::Ranked(label)) => label.second,
                _ => None,
            };
            examples.captions.push(FusionExample {
                caption: Some(features),
                n_grams: n_grams(standalone, &caption.tokens),
                target: Some(Target {
                    emotion: label.unwrap_or_else(|| most_likely(&caption.distribution)),
                    second,
                    distribution: caption.distribution,
                    weight,
                    valence: None,
                    human_valence: None,
                }),
                group: caption.group.clone(),
                ..FusionExample::default()
            });
        }
        Ok(examples)
    }

    fn caption_features<'t>(&self, captions: impl Iterator<Item = &'t [Token]>) -> Result<Vec<Vec<f32>>> {
        let cache = self.caption_cache.as_ref();
        self.captions.features_of(self.tokenizer, captions, cache, self.device)
    }
}

/// The weighted rows of a caption's n-grams; none where the recipe has no n-grams.
fn n_grams(recipe: Option<&NGramRecipe>, tokens: &[Token]) -> Vec<(u32, f32)> {
    recipe
        .map(|n_grams| n_grams.table.weighted_rows(tokens))
        .unwrap_or_default()
}

/// Images that cannot be read and captions without a known word may leave nothing.
fn check(posts: &[FusionExample], split: Split) -> Result<(), String> {
    if posts.iter().any(|post| post.target.is_some()) {
        return Ok(());
    }
    Err(format!(
        "no labelled post of the {split} split has an image that can be read and a caption with a known word"
    ))
}

/// A progress bar on standard error; nothing where that is not a terminal.
fn progress(what: &str, steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {msg} {eta}")
        .expect("the template is written right");
    ProgressBar::new(steps as u64)
        .with_style(style)
        .with_prefix(what.to_owned())
}
