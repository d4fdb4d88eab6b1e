//! What a training run does, as a TOML file.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    data::{DataRecipe, Label, Post, Rating},
    fusion::Target,
};
use crate::{
    bundle::ImageArchitecture,
    error::{Error, Result},
    model::fusion::InputKind,
    text::NGrams,
};

/// The recipe of the default model.
const DEFAULT: &str = include_str!("../../recipes/default.toml");

/// A training run. Unknown keys are refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Name of the model, kept in its file.
    pub id: String,
    /// Seed of every random choice.
    pub seed: u64,
    /// What to learn from.
    #[serde(default)]
    pub data: DataRecipe,
    /// The picture tower; EfficientNet-Lite0 where a recipe has no such table.
    #[serde(default)]
    pub image: ImageRecipe,
    /// The words that the model knows.
    pub vocabulary: VocabularyRecipe,
    /// The caption tower and its own training.
    pub caption: CaptionRecipe,
    /// The fusion of both towers and its training.
    pub fusion: FusionRecipe,
    /// The classifier of pictures that stand alone and its training.
    #[serde(default)]
    pub picture: PictureRecipe,
    /// The FastText-style baseline and its training; only a comparison of systems reads it.
    #[serde(default)]
    pub fasttext: FastTextRecipe,
    /// What the model file is to say of where it comes from, beside what training knows: who labelled the data, say.
    #[serde(default)]
    pub provenance: BTreeMap<String, String>,
}

/// The pretrained picture tower, which training leaves as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageRecipe {
    /// Which network: `efficientnet_lite0` or `googlenet`.
    #[serde(default)]
    pub tower: ImageArchitecture,
    /// The safetensors file of GoogLeNet's weights, relative to the data folder as the pictures are, or absolute.
    /// EfficientNet-Lite0 has none here: `./build.sh parts` fetches its weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<PathBuf>,
}

/// The words that the model knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VocabularyRecipe {
    /// How many words.
    pub words: usize,
    /// Tokens of a caption beyond this many are not read.
    pub max_tokens: usize,
}

/// Training of the caption tower: eight yes-or-no questions, one for each of Plutchik's emotions.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptionRecipe {
    /// Widths of the convolutions, in words.
    pub kernels: Vec<usize>,
    /// Filters of each width.
    pub filters: usize,
    /// Share of the features that training drops.
    pub dropout: f64,
    /// Captions in a step.
    pub batch: usize,
    /// Passes over the captions at most.
    pub epochs: usize,
    /// Passes without a better dev score before training ends.
    pub patience: usize,
    /// Step size for the convolutions and the output.
    pub learning_rate: f64,
    /// Step size for the word vectors.
    pub word_learning_rate: f32,
    /// Decoupled weight decay.
    pub weight_decay: f32,
    /// How often a pass shows each caption of posts.csv beside those of text.csv, with its labels.
    pub posts_repeat: usize,
    /// A larger sentence encoder to learn from beside the labels; absent for none.
    #[serde(default)]
    pub teacher: Option<TeacherRecipe>,
}

/// Distillation: the tower's features, mapped linearly, are to point where the teacher's embedding points.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeacherRecipe {
    /// Weight of the cosine distance beside the labels' loss.
    pub weight: f32,
    /// How often a pass shows each caption of posts.csv, with the teacher's embedding and without its labels.
    pub posts_repeat: usize,
}

/// Training of the common space, and of what it is compared with, over frozen towers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FusionRecipe {
    /// Length of a vector in the common space.
    pub d_common: usize,
    /// How much the picture counts beside a caption, for which it counts 1.
    pub image_share: f32,
    /// Rows in a step.
    pub batch: usize,
    /// Passes over the posts at most.
    pub epochs: usize,
    /// Passes without a better dev score before training ends.
    pub patience: usize,
    /// Whether what was chosen on dev is trained again, for as many passes, from train and dev together. Temperatures
    /// and thresholds stay those of what has not learnt from dev.
    #[serde(default)]
    pub refit: bool,
    /// Step size.
    pub learning_rate: f64,
    /// What takes the steps.
    #[serde(default)]
    pub optimiser: Optimiser,
    /// The n-grams of captions beside the caption tower; absent for none.
    #[serde(default)]
    pub n_grams: Option<NGramRecipe>,
    /// Ridge penalty of the weights of each feature for each emotion.
    pub ridge: RidgeRecipe,
    /// Weight of the second label, the rest is the first's.
    pub second_label: f32,
    /// A label's weight is its inverse frequency to this power.
    pub class_weight_power: ClassWeightPower,
    /// How much each way of seeing a post counts: modality dropout, taken in expectation.
    pub modality_weights: ModalityWeights,
    /// Weight of the squared error of a picture's valence beside the likelihood of its label; 0 in the file, see
    /// [`PictureRecipe::valence`].
    #[serde(skip)]
    pub(super) valence: f32,
    /// The auxiliary task.
    pub auxiliary: AuxiliaryRecipe,
}

/// The n-grams of captions beside the caption tower.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NGramRecipe {
    /// Which there are.
    pub table: NGrams,
    /// Ridge penalty of what each counts for each emotion.
    pub ridge: f32,
}

/// How much more a rare label counts than a frequent one, from 0 (not at all) to 1 (all labels count the same together).
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassWeightPower {
    /// Where the caption is seen, with or without the picture.
    pub caption: f32,
    /// Where the caption is taken away.
    pub image: f32,
}

/// Training of the classifier of pictures that stand alone; whatever is not here is as in [`FusionRecipe`].
///
/// What the picture of a post says of the post and what it says by itself are two questions: a picture of a ruin may
/// illustrate a joke. The common space answers the first where a caption is taken away; this answers the second.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureRecipe {
    /// Rows in a step.
    pub batch: usize,
    /// Passes over the pictures at most.
    pub epochs: usize,
    /// Passes without a smaller loss on dev before training ends.
    pub patience: usize,
    /// Step size.
    pub learning_rate: f64,
    /// Ridge penalty of the weights of each feature for each emotion.
    pub ridge: f32,
    /// Weight of the second label, the rest is the first's.
    pub second_label: f32,
    /// Share of the label of the picture's post, where it has one; the rest is the picture's own.
    pub post_label: f32,
    /// How much more a rare label counts than a frequent one, as [`ClassWeightPower`].
    pub class_weight_power: f32,
    /// How much more a picture counts for each step of intensity above 1, and less below.
    pub intensity: f32,
    /// Weight of the squared error of the valence beside the likelihood of the label, where pictures are rated.
    pub valence: f32,
}

impl Default for PictureRecipe {
    fn default() -> Self {
        Self {
            batch: 1024,
            epochs: 200,
            patience: 40,
            learning_rate: 4e-3,
            ridge: 0.3,
            second_label: 0.15,
            post_label: 0.2,
            class_weight_power: 0.8,
            intensity: 0.5,
            valence: 1.0,
        }
    }
}

impl PictureRecipe {
    /// What the classifier of pictures is to say of a post's picture.
    pub(super) fn target(&self, post: &Post) -> Option<Target> {
        let target = |label: Label| Target::new(label, self.second_label);
        let own = target(post.picture_label()?);
        let Rating { intensity, valence } = post.image_rating;
        let mixed = match post.post_label {
            Some(label) => own.mixed_with(&target(label), self.post_label),
            None => own,
        };
        Some(Target {
            weight: intensity.map_or(1.0, |intensity| 1.0 + self.intensity * (intensity - 1.0)),
            valence: valence.map(|valence| valence / 2.0),
            ..mixed
        })
    }
}

/// Ridge penalty: the weights that [`System::evidence`] gives, squared, summed and multiplied by this.
///
/// [`System::evidence`]: super::fusion::System::evidence
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RidgeRecipe {
    /// Of the picture's features.
    pub image: f32,
    /// Of the caption's features.
    pub caption: f32,
}

/// How much each way of seeing a post counts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModalityWeights {
    /// With its picture and its caption.
    pub both: f32,
    /// With its caption taken away.
    pub image: f32,
    /// With its picture taken away.
    pub caption: f32,
}

impl ModalityWeights {
    /// The weight of one way.
    #[must_use]
    pub fn of(&self, kind: InputKind) -> f32 {
        match kind {
            InputKind::Both => self.both,
            InputKind::Image => self.image,
            InputKind::Caption => self.caption,
        }
    }
}

/// What takes the steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Optimiser {
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019), here without any: the ridge penalty takes its
    /// place.
    #[default]
    AdamW,
    /// Stochastic gradient descent without momentum, as in the paper. It needs a larger `learning_rate`.
    Sgd,
}

/// The auxiliary task over cosine similarities, with captions of other classes as negatives.
///
/// The paper's exact loss is not known to us; these forms and their constants are ours.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuxiliaryRecipe {
    /// Weight beside the classifier's loss; 0 turns the task off.
    pub weight: f32,
    /// By how much a post's own caption must be nearer than one of another class.
    pub margin: f32,
    /// What is made of the difference between the two similarities.
    #[serde(default)]
    pub form: AuxiliaryForm,
    /// How many captions of other classes stand against each picture, drawn anew in each step; absent: all in the
    /// batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negatives: Option<usize>,
}

/// What the auxiliary task makes of the difference between two similarities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuxiliaryForm {
    /// A hinge: nothing beyond the margin.
    #[default]
    Hinge,
    /// A logistic curve: the hinge, rounded off.
    Logistic,
}

/// Training of the FastText-style baseline.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FastTextRecipe {
    /// Vectors that bigrams share.
    pub buckets: u32,
    /// Share of the mean vector's numbers that training drops.
    pub dropout: f64,
    /// Captions in a step.
    pub batch: usize,
    /// Passes over the captions at most.
    pub epochs: usize,
    /// Passes without a smaller loss on dev before training ends.
    pub patience: usize,
    /// Step size for the output.
    pub learning_rate: f64,
    /// Step size for the vectors of words and bigrams.
    pub word_learning_rate: f32,
    /// Decoupled weight decay of the output.
    pub weight_decay: f32,
}

impl Default for FastTextRecipe {
    fn default() -> Self {
        Self {
            buckets: 1 << 15,
            dropout: 0.3,
            batch: 32,
            epochs: 40,
            patience: 6,
            learning_rate: 1e-2,
            word_learning_rate: 2e-3,
            weight_decay: 1e-2,
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

    /// The fusion's recipe with what is different for pictures that stand alone.
    pub(super) fn for_pictures(&self) -> FusionRecipe {
        let picture = self.picture;
        FusionRecipe {
            batch: picture.batch,
            epochs: picture.epochs,
            patience: picture.patience,
            learning_rate: picture.learning_rate,
            ridge: RidgeRecipe {
                image: picture.ridge,
                ..self.fusion.ridge
            },
            class_weight_power: ClassWeightPower {
                image: picture.class_weight_power,
                ..self.fusion.class_weight_power
            },
            valence: picture.valence,
            ..self.fusion.clone()
        }
    }

    fn parse(path: &Path, text: &str) -> Result<Self> {
        let data_error = |reason: String| Error::Data {
            path: path.into(),
            reason,
        };
        let recipe: Self = toml::from_str(text).map_err(|error| data_error(error.to_string()))?;
        recipe.check().map_err(data_error)?;
        Ok(recipe)
    }

    fn check(&self) -> Result<(), String> {
        let n_grams = |rows: fn(&NGrams) -> u32| self.fusion.n_grams.map_or(1, |n_grams| rows(&n_grams.table) as usize);
        let positive = [
            ("vocabulary.words", self.vocabulary.words),
            ("vocabulary.max_tokens", self.vocabulary.max_tokens),
            ("caption.filters", self.caption.filters),
            ("caption.batch", self.caption.batch),
            ("caption.epochs", self.caption.epochs),
            ("fusion.batch", self.fusion.batch),
            ("fusion.epochs", self.fusion.epochs),
            ("fusion.d_common", self.fusion.d_common),
            ("picture.batch", self.picture.batch),
            ("picture.epochs", self.picture.epochs),
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
        for (name, share) in [
            ("caption.dropout", self.caption.dropout),
            ("fasttext.dropout", self.fasttext.dropout),
        ] {
            if !(0.0..1.0).contains(&share) {
                return Err(format!("`{name}` must lie between 0 and 1"));
            }
        }
        for (name, value) in [
            ("fusion.image_share", self.fusion.image_share),
            ("fusion.ridge.image", self.fusion.ridge.image),
            ("fusion.ridge.caption", self.fusion.ridge.caption),
            ("picture.ridge", self.picture.ridge),
            ("picture.valence", self.picture.valence),
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
            ("picture.second_label", self.picture.second_label),
            ("picture.post_label", self.picture.post_label),
            ("picture.intensity", self.picture.intensity),
        ] {
            if !(0.0..=1.0).contains(&share) {
                return Err(format!("`{name}` must lie between 0 and 1"));
            }
        }
        if self.caption.kernels.is_empty() || self.caption.kernels.iter().any(|width| width % 2 == 0) {
            return Err("`caption.kernels` must be odd widths, at least one".into());
        }
        if self.data.captions.is_empty() && self.caption.posts_repeat == 0 {
            return Err(
                "the caption tower has nothing to learn from; name a table of captions in `data.captions`, or let \
                 those of the posts serve with a `caption.posts_repeat` of 1 or more"
                    .into(),
            );
        }
        if self.data.posts.is_empty() {
            return Err("`data.posts` must name at least one source".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_recipe_is_a_recipe() {
        let recipe: Recipe = toml::from_str(DEFAULT).expect("recipes/default.toml parses");
        assert_eq!(recipe.check(), Ok(()));
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(toml::from_str::<Recipe>(&format!("colour = 1\n{DEFAULT}")).is_err());
    }

    #[test]
    fn a_recipe_with_nothing_to_learn_captions_from_is_refused() {
        let mut recipe: Recipe = toml::from_str(DEFAULT).expect("recipes/default.toml parses");
        recipe.data.captions.clear();
        let reason = recipe.check().expect_err("no captions");
        assert!(
            reason.contains("`data.captions`") && reason.contains("`caption.posts_repeat`"),
            "{reason}"
        );
        recipe.caption.posts_repeat = 1;
        assert_eq!(recipe.check(), Ok(()));
        recipe.data.posts.clear();
        assert!(recipe.check().is_err());
    }

    #[test]
    fn the_picture_tower_is_efficientnet_unless_the_recipe_says_otherwise() {
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
    fn a_dropout_of_one_is_refused() {
        let mut recipe: Recipe = toml::from_str(DEFAULT).expect("recipes/default.toml parses");
        recipe.caption.dropout = 1.0;
        assert!(recipe.check().is_err());
    }
}
