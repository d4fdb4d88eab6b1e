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
mod companions;
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
pub mod metadata;
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

pub use self::{
    companions::{AddOptions, AddReport, CompanionReport, add_companions},
    heads::{DevScore, ImageScore},
};
use emofuse_core::{
    error::{Error, Result},
    labels::LabelSet,
    metrics::most_likely,
};
use emofuse_dataset::files::{OutputLock, write_atomically};
use emofuse_engine::{
    bundle::Bundle,
    model::unimodal::fasttext::with_bigrams,
    text::{Token, Tokenizer},
};

use self::{
    caption_examples::{CaptionSet, TaughtCaption},
    caption_features::CaptionFeatureCache,
    captions::{CaptionExample, CaptionTower},
    data::{CaptionLabels, Data, Post, PostSource, Split},
    export::BundleBuilder,
    features::FeatureCache,
    fusion::{Design, FusionExample, Side, Target},
    heads::{Context, Examples, SelectedHeads},
    import::{image_tower::PretrainedImageTower, transformer::FinetunedTransformer},
    recipe::{CaptionRecipe, ConvolutionRecipe, FusionSystem, NGramRecipe, Recipe},
    teacher::Teacher,
    word_vectors::WordVectors,
};

/// What to train from and where to leave the model.
#[derive(Clone, Debug)]
pub struct TrainOptions {
    /// The folder that the recipe's tables and images are in; or a table that the labelling desk or `emofuse label` wrote,
    /// in place of the recipe's posts.
    pub data: PathBuf,
    /// The folder in which the images of such a table are looked for; its own folder if there is none.
    pub images: Option<PathBuf>,
    /// The recipe; without one that of the default model's small sibling for tables of the desk.
    pub recipe: Option<PathBuf>,
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
    /// Name of the system.
    pub system: &'static str,
    /// The labels.
    pub labels: Vec<String>,
    /// Length of the model file.
    pub bytes: usize,
    /// SHA-256 of the model file.
    pub sha256: String,
    /// Macro-F1 on dev of the caption tower's questions, one for each label but the `none` label; `None` without such a
    /// tower.
    pub caption_labels_dev_macro_f1: Option<f64>,
    /// Images alone in train and dev, each answered by a classifier that has not learnt from its part, by set.
    pub images_cross_validated: BTreeMap<String, ImageScore>,
    /// Accuracy and macro-F1 on dev of what was chosen there, with towers and fusion in 32 bits.
    pub dev: DevScore,
    /// The same for what goes into the file: after a refit it has learnt from dev, and this is of use only beside the
    /// next.
    pub dev_after_refit: DevScore,
    /// The same for the model file as written.
    pub dev_quantised: DevScore,
    /// The companions of the system, if the recipe has any.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub companions: BTreeMap<&'static str, CompanionReport>,
}

/// Trains a model by a recipe and writes its file.
///
/// # Errors
/// [`Error::Io`], [`Error::Data`] and [`Error::Row`] for what is missing or malformed, each with its path.
pub fn train(options: &TrainOptions) -> Result<Report> {
    let (recipe, place) = match &options.recipe {
        Some(path) => (Recipe::read(path)?, path.clone()),
        None => (Recipe::desk()?, PathBuf::from("recipes/desk.toml")),
    };
    let has_recipe = options.recipe.is_some();
    let (recipe, folder) = of_table(recipe, &options.data, options.images.as_deref(), has_recipe)?;
    let device = Device::flex();
    let data = recipe.read_data(&folder)?;
    if let Some(folder) = options.out.parent() {
        fs::create_dir_all(folder).map_err(Error::io(folder))?;
    }
    // Held to the end: what is written there is this run's.
    let _lock = OutputLock::take(&options.out)?;

    let towers = Towers::new(&recipe, &place, &folder, options, &data, &device)?;
    let builder = BundleBuilder::new(&recipe, &data.labels, &towers)?;
    let rounded = builder.rounded(&towers, &device)?;
    let exact = Features::new(&recipe, &data.labels, towers, &options.cache, &device)?;
    let rounded = Features::new(&recipe, &data.labels, rounded, &options.cache, &device)?;
    // The test split is not looked at here.
    let captions = exact.towers.captions.as_ref();
    let [train_captions, dev_captions] =
        captions.map_or([&[][..], &[]], |captions| [captions.train.as_slice(), &captions.dev]);
    let examples = rounded.examples(&data, train_captions, Split::Train)?;
    let dev = rounded.examples(&data, dev_captions, Split::Dev)?;
    for (examples, split) in [(&examples, Split::Train), (&dev, Split::Dev)] {
        check(&examples.posts, recipe.fusion.system, split).map_err(|reason| Error::Data {
            path: options.data.clone(),
            reason,
        })?;
    }
    let context = Context {
        recipe: &recipe,
        labels: &data.labels,
        vectors: rounded.towers.vectors.as_ref(),
        device: &device,
    };
    let selected = SelectedHeads::train(context, &examples, &dev);
    let calibration = selected.calibrate(&dev);
    let images_cross_validated = selected.image_scores(&calibration.standalone_image);
    let exact_dev = exact.examples(&data, dev_captions, Split::Dev)?;
    let on_dev = selected.heads.evaluate(&exact_dev, &device);
    let for_companions = (!recipe.fusion.companions.is_empty()).then(|| examples.posts.clone());
    let heads = if recipe.fusion.refit {
        selected.refit(examples, &dev)
    } else {
        selected.heads
    };

    let mut bytes = builder.finish(&heads, calibration, &device)?;
    let mut of_companions = BTreeMap::new();
    if let Some(posts) = for_companions {
        let mut bundle = Bundle::from_bytes(&bytes)?;
        of_companions = companions::add(&mut bundle, &recipe, [&posts, &dev.posts], &device)?;
        bytes = bundle.to_bytes();
    }
    let dev_quantised = export::evaluate(&bytes, &recipe, &data, &device)?;
    write_atomically(&options.out, |file| file.write_all(&bytes))?;
    Ok(Report {
        id: recipe.id.clone(),
        system: recipe.fusion.system.name(),
        labels: data.labels.names().map(String::from).collect(),
        bytes: bytes.len(),
        sha256: format!("{:x}", Sha256::digest(&bytes)),
        caption_labels_dev_macro_f1: exact.towers.caption.as_ref().map(|tower| tower.dev_macro_f1),
        images_cross_validated,
        dev: on_dev,
        dev_after_refit: heads.evaluate(&exact_dev, &device),
        dev_quantised,
        companions: of_companions,
    })
}

/// The recipe for the data that is named, and the folder that its paths start from: a table takes the place of the recipe's
/// posts.
fn of_table(mut recipe: Recipe, data: &Path, images: Option<&Path>, has_recipe: bool) -> Result<(Recipe, PathBuf)> {
    let absolute = |path: &Path| std::path::absolute(path).map_err(Error::io(path));
    if data.is_file() {
        let table = absolute(data)?;
        let folder = table.parent().unwrap_or(Path::new("")).to_owned();
        recipe.data.posts = vec![PostSource::Desk {
            path: table,
            images: images.map(absolute).transpose()?,
        }];
        return Ok((recipe, folder));
    }
    match (images, has_recipe) {
        (Some(images), _) => Err(Error::Data {
            path: images.into(),
            reason: "--images is for a table; name one with --data, or remove --images".into(),
        }),
        (None, false) => Err(Error::Data {
            path: data.into(),
            reason: "a folder needs a recipe; name one with --recipe, for example recipes/small.toml".into(),
        }),
        _ => Ok((recipe, data.into())),
    }
}

/// What stands before a system: the frozen towers, and what reads captions for them.
pub(crate) struct Towers {
    /// The image tower; `None` for a system that reads no images.
    pub image: Option<PretrainedImageTower>,
    /// The caption tower; `None` for a system that has none.
    pub caption: Option<CaptionTower>,
    /// What divides captions into words; `None` for a system that reads none.
    pub tokenizer: Option<Tokenizer>,
    /// Pretrained word vectors, if the system itself begins with them.
    pub vectors: Option<WordVectors>,
    /// What the caption tower has learnt from.
    captions: Option<CaptionSet>,
}

impl Towers {
    /// Reads the pretrained towers and trains the others.
    fn new(
        recipe: &Recipe,
        place: &Path,
        folder: &Path,
        options: &TrainOptions,
        data: &Data,
        device: &Device,
    ) -> Result<Self> {
        let pretrained = import::pretrained_folder();
        let system = recipe.fusion.system;
        let image = system
            .reads_images()
            .then(|| PretrainedImageTower::read(&recipe.image, folder, &pretrained, device))
            .transpose()?;
        let captions_for = |tokenizer: &Tokenizer| captions_of(recipe, place, tokenizer, data, &options.teacher);
        let labels = &data.labels;
        let (caption, tokenizer, vectors, captions) = match &recipe.caption {
            CaptionRecipe::Trained(caption) => {
                let (tokenizer, vectors) = vocabulary(recipe, &pretrained, data)?;
                let captions = captions_for(&tokenizer)?;
                let tower = caption_tower(recipe, caption, &tokenizer, vectors, &captions, labels, device);
                (Some(tower), Some(tokenizer), None, Some(captions))
            }
            CaptionRecipe::Pretrained(caption) => {
                let path = options.teacher.join(&caption.pretrained.file);
                let tower = FinetunedTransformer::read(&path, recipe.vocabulary.max_tokens, device)?;
                let tokenizer = tower.tokenizer.clone();
                let captions = captions_for(&tokenizer)?;
                let of = |captions| examples_of(recipe, &tokenizer, captions, labels);
                let tower = CaptionTower::finetuned(tower, [&of(&captions.train), &of(&captions.dev)], labels, device);
                (Some(tower), Some(tokenizer), None, Some(captions))
            }
            CaptionRecipe::Absent if system.reads_captions() => {
                let (tokenizer, vectors) = vocabulary(recipe, &pretrained, data)?;
                (None, Some(tokenizer), Some(vectors), None)
            }
            CaptionRecipe::Absent => (None, None, None, None),
        };
        Ok(Self {
            image,
            caption,
            tokenizer,
            vectors,
            captions,
        })
    }
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
        Some(_) => Some(Teacher::read(teacher, &data.labels)?),
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
    labels: &LabelSet,
    device: &Device,
) -> CaptionTower {
    let [train, dev] =
        [&captions.train, &captions.dev].map(|captions| examples_of(recipe, tokenizer, captions, labels));
    captions::train(caption, recipe.seed, vectors, [&train, &dev], labels, device)
}

/// What a caption tower learns of captions, or is measured on.
fn examples_of(
    recipe: &Recipe,
    tokenizer: &Tokenizer,
    captions: &[TaughtCaption],
    labels: &LabelSet,
) -> Vec<CaptionExample> {
    let window = recipe.vocabulary.max_tokens;
    captions
        .iter()
        .map(|caption| caption.example(tokenizer, window, labels))
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

/// What turns posts into what the system sees of them.
struct Features<'a> {
    recipe: &'a Recipe,
    labels: &'a LabelSet,
    towers: Towers,
    cache: Option<FeatureCache>,
    /// Of a fine-tuned caption tower; one that is trained here is another each time, and fast.
    caption_cache: Option<CaptionFeatureCache>,
    device: &'a Device,
}

impl<'a> Features<'a> {
    fn new(recipe: &'a Recipe, labels: &'a LabelSet, towers: Towers, cache: &Path, device: &'a Device) -> Result<Self> {
        let images = towers.image.as_ref().map(|tower| FeatureCache::new(cache, tower));
        let pretrained = towers.caption.as_ref().and_then(|tower| tower.pretrained.as_ref());
        let caption_cache = pretrained.map(|pretrained| CaptionFeatureCache::new(cache, &pretrained.sha256));
        Ok(Self {
            recipe,
            labels,
            cache: images.transpose()?,
            caption_cache,
            towers,
            device,
        })
    }

    /// The posts and captions of a split; posts whose image cannot be read are left out, if the system reads images.
    fn examples(&self, data: &Data, captions: &[TaughtCaption], split: Split) -> Result<Examples> {
        let system = self.recipe.fusion.system;
        let without_image = data.without_image.iter().filter(|_| !system.reads_images());
        let posts: Vec<&Post> = data
            .posts
            .iter()
            .chain(without_image)
            .filter(|post| post.split == split && (post.post_label.is_some() || post.image_label.is_some()))
            .collect();
        let images = self.image_features(&posts)?;
        let tokens: Vec<Vec<Token>> = posts.iter().map(|post| self.tokens(&post.caption)).collect();
        let features = self.caption_features(tokens.iter().map(Vec::as_slice))?;
        let mut examples = Examples::default();
        for (((post, image), caption), tokens) in posts.into_iter().zip(images).zip(features).zip(tokens) {
            if system.reads_images() && image.is_none() {
                continue;
            }
            if let Some(image) = &image {
                examples.standalone_images.push(FusionExample {
                    target: self.recipe.standalone_image.target(post, self.labels.len()),
                    group: post.group.clone(),
                    ..FusionExample::of(Side::Image, image.clone())
                });
            }
            if system.reads_captions() && tokens.is_empty() {
                continue;
            }
            let mut example = FusionExample {
                words: self.words(&post.caption),
                n_grams: n_grams(self.recipe.fusion.n_grams.as_ref(), &tokens),
                target: self.target(post),
                group: post.group.clone(),
                ..FusionExample::default()
            };
            let metadata = metadata::features(self.recipe.metadata_columns(), post);
            let caption = caption.filter(|_| !tokens.is_empty());
            if let Some(caption) = &caption {
                examples.captions_of_posts.push(FusionExample {
                    n_grams: n_grams(self.standalone_n_grams(), &tokens),
                    ..FusionExample::of(Side::Caption, caption.clone())
                });
            }
            for (side, features) in [
                (Side::Image, image),
                (Side::Caption, caption),
                (Side::Metadata, metadata),
            ] {
                if let Some(features) = features {
                    example = example.with(side, features);
                }
            }
            examples.posts.push(example);
        }
        examples.captions = self.captions(captions, split)?;
        Ok(examples)
    }

    /// What the system is to say of a post.
    fn target(&self, post: &Post) -> Option<Target> {
        let label = match self.recipe.fusion.system {
            // An image that is labelled by itself says as much of images as one that is labelled with its post.
            FusionSystem::Image => post.post_label.or(post.image_label),
            _ => post.post_label,
        };
        label.map(|label| Target::new(label, self.recipe.fusion.second_label, self.labels.len()))
    }

    /// The captions that stand alone.
    fn captions(&self, captions: &[TaughtCaption], split: Split) -> Result<Vec<FusionExample>> {
        let features = self.caption_features(captions.iter().map(|caption| caption.tokens.as_slice()))?;
        let mut examples = Vec::with_capacity(captions.len());
        for (caption, features) in captions.iter().zip(features) {
            let Some(features) = features.filter(|_| !caption.tokens.is_empty()) else {
                continue;
            };
            let label = caption.labels.as_ref().and_then(CaptionLabels::single);
            // Of several labels that hold equally none is the right answer: they are learnt from, but not measured.
            let weight = match (split, label) {
                (Split::Dev, None) => 0.0,
                _ => caption.weight,
            };
            let second = match &caption.labels {
                Some(CaptionLabels::Ranked(label)) => label.second,
                _ => None,
            };
            examples.push(FusionExample {
                n_grams: n_grams(self.standalone_n_grams(), &caption.tokens),
                target: Some(Target {
                    label: label.unwrap_or_else(|| most_likely(&caption.distribution)),
                    second,
                    distribution: caption.distribution.clone(),
                    weight,
                    valence: None,
                    human_valence: None,
                }),
                group: caption.group.clone(),
                ..FusionExample::of(Side::Caption, features)
            });
        }
        Ok(examples)
    }

    /// The n-grams that captions which stand alone are classified by: the system's own, if it classifies them itself.
    fn standalone_n_grams(&self) -> Option<&NGramRecipe> {
        match Design::of(&self.recipe.fusion) {
            Design::CommonSpace => self.recipe.standalone_caption.n_grams.as_ref(),
            _ => self.recipe.fusion.n_grams.as_ref(),
        }
    }

    /// Features of the posts' images; `None` for one that cannot be read, and for all of them if the system reads none.
    fn image_features(&self, posts: &[&Post]) -> Result<Vec<Option<Vec<f32>>>> {
        let Some((cache, tower)) = self.cache.as_ref().zip(self.towers.image.as_ref()) else {
            return Ok(vec![None; posts.len()]);
        };
        let images: Vec<PathBuf> = posts.iter().map(|post| post.image.clone()).collect();
        cache.features(&images, tower, self.device)
    }

    /// Features of captions; `None` for all of them if the system reads none.
    fn caption_features<'t>(&self, captions: impl Iterator<Item = &'t [Token]>) -> Result<Vec<Option<Vec<f32>>>> {
        let Some((tower, tokenizer)) = self.towers.caption.as_ref().zip(self.towers.tokenizer.as_ref()) else {
            return Ok(captions.map(|_| None).collect());
        };
        let features = tower.features_of(tokenizer, captions, self.caption_cache.as_ref(), self.device)?;
        Ok(features.into_iter().map(Some).collect())
    }

    fn tokens(&self, caption: &str) -> Vec<Token> {
        let tokenizer = self.towers.tokenizer.as_ref();
        tokenizer.map_or_else(Vec::new, |tokenizer| tokenizer.tokens(caption))
    }

    /// Rows of a caption's words and pairs of words, for a system that begins with word vectors.
    fn words(&self, caption: &str) -> Vec<u32> {
        let Some((tokenizer, _)) = self.towers.tokenizer.as_ref().zip(self.towers.vectors.as_ref()) else {
            return Vec::new();
        };
        let words = tokenizer.vocabulary().len() as u32;
        with_bigrams(&tokenizer.encode(caption), words, self.recipe.fasttext.buckets)
    }
}

/// The weighted rows of a caption's n-grams; none where the recipe has no n-grams.
fn n_grams(recipe: Option<&NGramRecipe>, tokens: &[Token]) -> Vec<(u32, f32)> {
    recipe
        .map(|n_grams| n_grams.table.weighted_rows(tokens))
        .unwrap_or_default()
}

/// Images that cannot be read and captions without a known word may leave nothing.
fn check(posts: &[FusionExample], system: FusionSystem, split: Split) -> Result<(), String> {
    if posts.iter().any(|post| post.target.is_some()) {
        return Ok(());
    }
    let needed = match (system.reads_images(), system.reads_captions()) {
        (true, true) => "an image that can be read and a caption with a known word",
        (true, false) => "an image that can be read",
        (false, _) => "a caption with a known word",
    };
    Err(format!("no labelled post of the {split} split has {needed}"))
}

/// A progress bar on standard error; nothing where that is not a terminal.
fn progress(what: &str, steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {msg} {eta}")
        .expect("the template is written right");
    ProgressBar::new(steps as u64)
        .with_style(style)
        .with_prefix(what.to_owned())
}
