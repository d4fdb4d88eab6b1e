//! What a training run does, as a TOML file.

mod caption;
mod fasttext;
mod fusion;
mod keys;
mod labels;
mod metadata;
mod standalone_caption;
mod standalone_image;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub use self::{
    caption::{BalanceRecipe, CaptionRecipe, ConvolutionRecipe, PretrainedFile, PretrainedRecipe, TeacherRecipe},
    fasttext::FastTextRecipe,
    fusion::{
        AuxiliaryForm, AuxiliaryRecipe, ClassWeightPower, CompanionSystem, FusionRecipe, FusionSystem, ModalityWeights,
        NGramRecipe, Optimiser, RidgeRecipe,
    },
    labels::LabelsRecipe,
    metadata::MetadataRecipe,
    standalone_caption::StandaloneCaptionRecipe,
    standalone_image::StandaloneImageRecipe,
};
use emofuse_core::error::{Error, Result};
use emofuse_engine::{
    bundle::{ConvolutionArchitecture, FusionArchitecture, ImageArchitecture, TextArchitecture},
    text::NGrams,
};

use super::data::{Data, DataRecipe, Needs};

/// The recipe of the default model.
const DEFAULT: &str = include_str!("../../../recipes/default.toml");

/// The recipe for tables of the labelling desk.
const DESK: &str = include_str!("../../../recipes/desk.toml");

/// A training run. Unknown keys are refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Name of the model, kept in its file.
    pub id: String,
    /// Seed of every random choice.
    pub seed: u64,
    /// The labels that the model learns; Plutchik's where a recipe has no such key.
    #[serde(default)]
    pub labels: LabelsRecipe,
    /// What to learn from.
    #[serde(default)]
    pub data: DataRecipe,
    /// The image tower; EfficientNet-Lite0 where a recipe has no such table.
    #[serde(default)]
    pub image: ImageRecipe,
    /// The words that the model knows.
    #[serde(default)]
    pub vocabulary: VocabularyRecipe,
    /// The caption tower and its own training.
    #[serde(default)]
    pub caption: CaptionRecipe,
    /// The system that reads the towers and its training.
    #[serde(default)]
    pub fusion: FusionRecipe,
    /// Numbers beside image and caption; absent for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<MetadataRecipe>,
    /// The classifier of images that stand alone and its training.
    ///
    /// `picture` in recipes written before.
    #[serde(default, alias = "picture")]
    pub standalone_image: StandaloneImageRecipe,
    /// The classifier of captions that stand alone and its training.
    #[serde(default)]
    pub standalone_caption: StandaloneCaptionRecipe,
    /// The FastText-style baseline and its training.
    #[serde(default)]
    pub fasttext: FastTextRecipe,
    /// What the model file is to say of where it comes from, beside what training knows: who labelled the data, say.
    #[serde(default)]
    pub provenance: BTreeMap<String, String>,
}

/// The pretrained image tower, which training leaves as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageRecipe {
    /// Which network: `efficientnet_lite0` or `googlenet`.
    #[serde(default)]
    pub tower: ImageArchitecture,
    /// The safetensors file of GoogLeNet's weights, relative to the data folder as the images are, or absolute.
    /// EfficientNet-Lite0 has none here: `./build.sh parts` fetches its weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<PathBuf>,
}

/// The words that the model knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VocabularyRecipe {
    /// How many words; absent for a pretrained caption tower, whose file has its own.
    #[serde(skip_serializing_if = "is_zero")]
    pub words: usize,
    /// Tokens of a caption beyond this many are not read.
    pub max_tokens: usize,
}

impl Default for VocabularyRecipe {
    fn default() -> Self {
        Self {
            words: 0,
            max_tokens: 64,
        }
    }
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// [`Error::Io`] where the file cannot be read, [`Error::Data`] where it is not a recipe or a value
    /// is out of range.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
        Self::parse(path, &text)
    }

    /// The recipe of the default model.
    ///
    /// # Errors
    /// None, unless the program was built from a recipe that is none.
    pub fn default_model() -> Result<Self> {
        Self::parse(Path::new("recipes/default.toml"), DEFAULT)
    }

    /// The recipe for tables of the labelling desk.
    ///
    /// # Errors
    /// None, unless the program was built from a recipe that is none.
    pub fn desk() -> Result<Self> {
        Self::parse(Path::new("recipes/desk.toml"), DESK)
    }

    /// The fusion's recipe with what is different for captions that stand alone. Rows come with their weights.
    pub(super) fn for_standalone_captions(&self) -> FusionRecipe {
        let caption = &self.standalone_caption;
        FusionRecipe {
            batch: caption.batch,
            epochs: caption.epochs,
            patience: caption.patience,
            learning_rate: caption.learning_rate,
            ridge: RidgeRecipe {
                caption: caption.ridge,
                ..self.fusion.ridge
            },
            class_weight_power: ClassWeightPower {
                caption: 0.0,
                image: 0.0,
            },
            n_grams: caption.n_grams,
            ..self.fusion.clone()
        }
    }

    /// Takes the text of a recipe; `path` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Data`] where it is not a recipe or a value is out of range.
    pub fn parse(path: &Path, text: &str) -> Result<Self> {
        let data_error = |reason: String| Error::Data {
            path: path.into(),
            reason,
        };
        let read = |error: toml::de::Error| data_error(error.to_string());
        let mut recipe: Self = toml::from_str(text).map_err(read)?;
        let given: toml::Table = toml::from_str(text).map_err(read)?;
        keys::check(&given, recipe.fusion.system).map_err(data_error)?;
        if let Some(metadata) = &recipe.metadata {
            recipe.fusion.ridge.metadata = metadata.ridge;
        }
        recipe.check().map_err(data_error)?;
        Ok(recipe)
    }

    /// Reads what the recipe learns from, below a folder.
    ///
    /// # Errors
    /// As [`DataRecipe::read`].
    pub fn read_data(&self, folder: &Path) -> Result<Data> {
        let system = self.fusion.system;
        let needs = Needs {
            image: system.reads_images(),
            caption: system.reads_captions(),
            captions_alone: system.reads_caption_tower(),
        };
        self.data.read(folder, &self.labels, self.metadata_columns(), needs)
    }

    /// The columns of metadata.
    pub(crate) fn metadata_columns(&self) -> &[String] {
        self.metadata.as_ref().map_or(&[], |metadata| &metadata.columns)
    }

    fn check(&self) -> Result<(), String> {
        self.fusion.check_companions()?;
        let system = self.fusion.system;
        let n_grams = |rows: fn(&NGrams) -> u32| self.fusion.n_grams.map_or(1, |n_grams| rows(&n_grams.table) as usize);
        let positive = [
            ("vocabulary.max_tokens", self.vocabulary.max_tokens),
            ("fusion.batch", self.fusion.batch),
            ("fusion.epochs", self.fusion.epochs),
            ("fusion.d_common", self.fusion.d_common),
            ("standalone_image.folds", self.standalone_image.folds.saturating_sub(1)),
            ("standalone_image.steps", self.standalone_image.steps),
            ("standalone_caption.batch", self.standalone_caption.batch),
            ("standalone_caption.epochs", self.standalone_caption.epochs),
            (
                "fusion.auxiliary.negatives",
                self.fusion.auxiliary.negatives.unwrap_or(usize::MAX),
            ),
            ("fusion.n_grams.table.word_rows", n_grams(|table| table.word_rows)),
            (
                "fusion.n_grams.table.character_rows",
                n_grams(|table| table.character_rows),
            ),
            ("fasttext.buckets", self.fasttext.buckets as usize),
            ("fasttext.batch", self.fasttext.batch),
            ("fasttext.epochs", self.fasttext.epochs),
            (
                "metadata.columns",
                self.metadata.as_ref().map_or(1, |metadata| metadata.columns.len()),
            ),
        ];
        if let Some((name, _)) = positive.into_iter().find(|(_, value)| *value == 0) {
            return Err(format!("`{name}` must be at least 1"));
        }
        match (self.image.tower, &self.image.weights) {
            (ImageArchitecture::Googlenet, None) => {
                return Err("`image.weights` must name the safetensors file of GoogLeNet's weights".into());
            }
            (ImageArchitecture::EfficientnetLite0, Some(_)) => {
                return Err("`image.weights` is for googlenet; `./build.sh parts` fetches EfficientNet-Lite0's".into());
            }
            _ => {}
        }
        if !(0.0..1.0).contains(&self.fasttext.dropout) {
            return Err("`fasttext.dropout` must lie between 0 and 1".into());
        }
        for (name, value) in [
            ("fusion.image_share", self.fusion.image_share),
            ("fusion.ridge.image", self.fusion.ridge.image),
            ("fusion.ridge.caption", self.fusion.ridge.caption),
            ("standalone_image.valence", self.standalone_image.valence),
            ("standalone_caption.ridge", self.standalone_caption.ridge),
            ("caption.balance.label_power", self.caption.balance().label_power),
            (
                "metadata.without",
                self.metadata.as_ref().map_or(0.0, |metadata| metadata.without),
            ),
            (
                "metadata.alone",
                self.metadata.as_ref().map_or(0.0, |metadata| metadata.alone),
            ),
            ("metadata.ridge", self.fusion.ridge.metadata),
            (
                "fusion.n_grams.ridge",
                self.fusion.n_grams.map_or(0.0, |n_grams| n_grams.ridge),
            ),
        ] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(format!("`{name}` must be 0 or more"));
            }
        }
        for (name, share) in [
            ("fusion.second_label", self.fusion.second_label),
            ("standalone_image.second_label", self.standalone_image.second_label),
            ("standalone_image.post_label", self.standalone_image.post_label),
            ("standalone_image.intensity", self.standalone_image.intensity),
            ("standalone_caption.second_label", self.standalone_caption.second_label),
            (
                "standalone_caption.unknown_words_above",
                self.standalone_caption.unknown_words_above,
            ),
            (
                "caption.teacher.soft_labels",
                self.caption.teacher().map_or(0.0, |teacher| teacher.soft_labels),
            ),
        ] {
            if !(0.0..=1.0).contains(&share) {
                return Err(format!("`{name}` must lie between 0 and 1"));
            }
        }
        match &self.caption {
            CaptionRecipe::Trained(caption) => self.check_trained(caption)?,
            CaptionRecipe::Pretrained(_) if self.vocabulary.words > 0 => {
                return Err(
                    "`vocabulary.words` is for word vectors; remove it, because the file of `caption.pretrained` has \
                     its own vocabulary"
                        .into(),
                );
            }
            CaptionRecipe::Pretrained(_) => {}
            CaptionRecipe::Absent if system.reads_caption_tower() => {
                return Err(format!(
                    "the table `[caption]` is missing, which trains the caption network that `fusion.system = \"{}\"` reads; \
                     copy it from recipes/small.toml",
                    system.name()
                ));
            }
            CaptionRecipe::Absent if system.reads_captions() && self.vocabulary.words == 0 => {
                return Err("`vocabulary.words` must be at least 1".into());
            }
            CaptionRecipe::Absent => {}
        }
        let tower_learns = system.reads_caption_tower() && self.caption.posts_repeat() == 0;
        if tower_learns && self.data.caption_tables().is_empty() {
            return Err(
                "the caption tower has nothing to learn from; name a table of captions in `data.captions`, or let \
                 those of the posts serve with a `caption.posts_repeat` of 1 or more"
                    .into(),
            );
        }
        if self.standalone_image.ridges.is_empty() || !self.standalone_image.ridges.iter().all(|ridge| *ridge > 0.0) {
            return Err("`standalone_image.ridges` must be one or more numbers above 0".into());
        }
        if self
            .caption
            .balance()
            .sources
            .values()
            .any(|share| !(share.is_finite() && *share > 0.0))
        {
            return Err("the shares of `caption.balance.sources` must be above 0".into());
        }
        if self.data.posts.is_empty() {
            return Err("`data.posts` must name at least one source".into());
        }
        self.check_sizes()
    }

    /// Refuses a recipe for a model that nobody could load, before hours of work on it.
    fn check_sizes(&self) -> Result<(), String> {
        let (kernels, filters) = match &self.caption {
            CaptionRecipe::Trained(caption) => (caption.kernels.clone(), caption.filters),
            // The tower has been checked by whoever wrote its file; here are the numbers that the recipe adds.
            CaptionRecipe::Pretrained(_) | CaptionRecipe::Absent => (vec![1], 1),
        };
        let text = TextArchitecture::Convolution(ConvolutionArchitecture {
            d_word: 1,
            kernels,
            filters,
            max_tokens: self.vocabulary.max_tokens,
            n_grams: self.fusion.n_grams.map(|n_grams| n_grams.table),
            standalone_n_grams: self.standalone_caption.n_grams.map(|n_grams| n_grams.table),
        });
        // Other systems have no numbers of their own there.
        let fusion = FusionArchitecture::CommonSpace {
            d_common: self.fusion.d_common,
            image_share: self.fusion.image_share,
        };
        text.check().and_then(|()| fusion.check()).map_err(|error| match error {
            Error::ModelManifest { reason, .. } => format!("no model can be made of it: {reason}"),
            other => other.to_string(),
        })
    }

    /// Checks what only a caption tower that is trained here needs.
    fn check_trained(&self, caption: &ConvolutionRecipe) -> Result<(), String> {
        for (name, value) in [
            ("vocabulary.words", self.vocabulary.words),
            ("caption.filters", caption.filters),
            ("caption.batch", caption.batch),
            ("caption.epochs", caption.epochs),
        ] {
            if value == 0 {
                return Err(format!("`{name}` must be at least 1"));
            }
        }
        if !(0.0..1.0).contains(&caption.dropout) {
            return Err("`caption.dropout` must lie between 0 and 1".into());
        }
        if caption.kernels.is_empty() || caption.kernels.iter().any(|width| width % 2 == 0) {
            return Err("`caption.kernels` must be odd widths, at least one".into());
        }
        if !(caption.emotion_weight.is_finite() && caption.emotion_weight >= 0.0) {
            return Err("`caption.emotion_weight` must be 0 or more".into());
        }
        Ok(())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(words: &usize) -> bool {
    *words == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The recipe of the large model.
    const LARGE: &str = include_str!("../../../recipes/large.toml");

    fn trained(recipe: &mut Recipe) -> &mut ConvolutionRecipe {
        match &mut recipe.caption {
            CaptionRecipe::Trained(caption) => caption,
            _ => panic!("the default recipe trains its caption tower"),
        }
    }

    #[test]
    fn the_large_recipe_reads_its_caption_tower_from_a_file() {
        let recipe = Recipe::parse(Path::new("large.toml"), LARGE).expect("a recipe");
        let CaptionRecipe::Pretrained(PretrainedRecipe { pretrained, .. }) = recipe.caption else {
            panic!("{:?}", recipe.caption);
        };
        assert!(!pretrained.file.as_os_str().is_empty());
    }

    #[test]
    fn keys_that_a_pretrained_tower_makes_meaningless_are_refused() {
        let refused = |text: &str| {
            assert_ne!(text, LARGE);
            Recipe::parse(Path::new("r.toml"), text)
                .expect_err("it is refused")
                .to_string()
        };
        let reason = refused(&LARGE.replace("[caption]\n", "[caption]\nfilters = 4\n"));
        assert!(reason.contains("remove `caption.filters`"), "{reason}");
        let reason = refused(&LARGE.replace("[vocabulary]\n", "[vocabulary]\nwords = 4\n"));
        assert!(reason.contains("`vocabulary.words`"), "{reason}");
        refused(&LARGE.replace("file =", "path ="));
    }

    #[test]
    fn a_key_that_a_trained_tower_needs_is_missed() {
        let reason = Recipe::parse(Path::new("r.toml"), &DEFAULT.replace("filters = 128\n", ""))
            .expect_err("no filters")
            .to_string();
        assert!(reason.contains("filters"), "{reason}");
    }

    #[test]
    fn the_default_recipe_is_a_recipe() {
        let recipe: Recipe = toml::from_str(DEFAULT).expect("recipes/default.toml parses");
        assert_eq!(recipe.check(), Ok(()));
    }

    /// A recipe for a system, as short as can be.
    fn shortest(system: FusionSystem, more: &str) -> Result<Recipe> {
        let caption = "[caption]\nkernels = [1]\nfilters = 4\ndropout = 0.1\nbatch = 8\nepochs = 1\npatience = 1\n\
                       learning_rate = 1e-3\nword_learning_rate = 1e-3\nweight_decay = 0.0\nposts_repeat = 1\n";
        let vocabulary = "[vocabulary]\nwords = 100\n";
        let fusion = format!("[fusion]\nsystem = \"{}\"\n{more}\n", system.name());
        let text = [
            "id = \"x\"\nseed = 1\n",
            if system.reads_captions() { vocabulary } else { "" },
            if system.reads_caption_tower() { caption } else { "" },
            &fusion,
        ];
        Recipe::parse(Path::new("r.toml"), &text.concat())
    }

    #[test]
    fn every_system_has_a_recipe_and_says_what_it_lacks() {
        for system in FusionSystem::ALL {
            let recipe = shortest(system, "").expect(system.name());
            assert_eq!(recipe.fusion.system, system);
            assert_eq!(recipe.labels, LabelsRecipe::default());
        }
        assert_eq!(
            shortest(FusionSystem::Joint, "pooling = \"product\"")
                .expect("a recipe")
                .fusion
                .pooling
                .name(),
            "product"
        );
        let message = |text: &str| {
            Recipe::parse(Path::new("r.toml"), &format!("id = \"x\"\nseed = 1\n{text}"))
                .expect_err("it lacks something")
                .to_string()
        };
        let unknown = message("[fusion]\nsystem = \"mid\"\n");
        assert!(
            unknown.contains("unknown variant `mid`") && unknown.contains("`common_space`"),
            "{unknown}"
        );
        let lacking = message("[vocabulary]\nwords = 9\n[fusion]\nsystem = \"joint\"\n");
        assert!(lacking.contains("the table `[caption]` is missing"), "{lacking}");
        let lacking = message("[fusion]\nsystem = \"fasttext\"\n");
        assert!(lacking.contains("`vocabulary.words` must be at least 1"), "{lacking}");
        let unused = shortest(FusionSystem::Early, "pooling = \"max\"")
            .expect_err("no pooling")
            .to_string();
        assert!(unused.contains("`fusion.pooling` has no use"), "{unused}");
    }

    #[test]
    fn the_earlier_name_of_the_classifier_of_images_is_read() {
        let earlier = DEFAULT.replace("[standalone_image]", "[picture]");
        assert_ne!(earlier, DEFAULT);
        let recipe: Recipe = toml::from_str(&earlier).expect("a recipe");
        assert_eq!(recipe.standalone_image.folds, 5);
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(toml::from_str::<Recipe>(&format!("colour = 1\n{DEFAULT}")).is_err());
    }

    #[test]
    fn a_recipe_with_nothing_to_learn_captions_from_is_refused() {
        let mut recipe: Recipe = toml::from_str(DEFAULT).expect("recipes/default.toml parses");
        recipe.data.captions = Some(Vec::new());
        trained(&mut recipe).posts_repeat = 0;
        let reason = recipe.check().expect_err("no captions");
        assert!(
            reason.contains("`data.captions`") && reason.contains("`caption.posts_repeat`"),
            "{reason}"
        );
        trained(&mut recipe).posts_repeat = 1;
        assert_eq!(recipe.check(), Ok(()));
        recipe.data.posts.clear();
        assert!(recipe.check().is_err());
    }

    #[test]
    fn the_image_tower_is_efficientnet_unless_the_recipe_says_otherwise() {
        let tower = |table: &str| {
            let recipe: Recipe = toml::from_str(&format!("{DEFAULT}\n{table}")).expect("a recipe");
            recipe.check().map(|()| recipe.image.tower)
        };
        assert_eq!(tower(""), Ok(ImageArchitecture::EfficientnetLite0));
        let weights = "weights = \"../weights/googlenet.safetensors\"";
        let googlenet = format!("[image]\ntower = \"googlenet\"\n{weights}");
        assert_eq!(tower(&googlenet), Ok(ImageArchitecture::Googlenet));
        assert!(tower("[image]\ntower = \"googlenet\"").is_err());
        assert!(tower(&format!("[image]\n{weights}")).is_err());
    }

    #[test]
    fn the_choices_of_the_paper_can_be_written_down() {
        let text = DEFAULT.replace(
            "auxiliary = {",
            "optimiser = \"sgd\"\nauxiliary = { form = \"logistic\", negatives = 5,",
        );
        let recipe = Recipe::parse(Path::new("r.toml"), &text).expect("a recipe").fusion;
        assert_eq!(recipe.optimiser, Optimiser::Sgd);
        assert_eq!(recipe.auxiliary.form, AuxiliaryForm::Logistic);
        assert_eq!(recipe.auxiliary.negatives, Some(5));
    }

    #[test]
    fn sizes_that_no_model_has_are_refused_before_training() {
        let recipe: Recipe = toml::from_str(DEFAULT).expect("recipes/default.toml parses");
        let refused = |what: &str, change: &dyn Fn(&mut Recipe)| {
            let mut recipe = recipe.clone();
            change(&mut recipe);
            let reason = recipe.check().expect_err(what);
            assert!(reason.contains(what), "{reason}");
        };
        refused("`filters` is 5000", &|recipe| trained(recipe).filters = 5000);
        refused("`kernels` is 99", &|recipe| trained(recipe).kernels = vec![99]);
        refused("`d_common` is 100000", &|recipe| recipe.fusion.d_common = 100_000);
        refused("`image_share` is outside", &|recipe| recipe.fusion.image_share = 1e6);
        refused("`max_tokens` is 5000", &|recipe| recipe.vocabulary.max_tokens = 5000);
    }

    #[test]
    fn a_dropout_of_one_is_refused() {
        let mut recipe: Recipe = toml::from_str(DEFAULT).expect("recipes/default.toml parses");
        trained(&mut recipe).dropout = 1.0;
        assert!(recipe.check().is_err());
    }
}
