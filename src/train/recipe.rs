//! What a training run does, as a TOML file.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    model::fusion::common_space::Activation,
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
    /// The words that the model knows.
    pub vocabulary: VocabularyRecipe,
    /// The caption tower and its own training.
    pub caption: CaptionRecipe,
    /// The fusion of both towers and its training.
    pub fusion: FusionRecipe,
    /// The FastText-style baseline and its training.
    #[serde(default)]
    pub fasttext: FastTextRecipe,
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
    /// How often a pass shows each caption of posts.csv beside those of text.csv.
    pub posts_repeat: usize,
}

/// Training of a fusion over frozen towers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FusionRecipe {
    /// Length of a vector in the common space, over all members.
    pub d_common: usize,
    /// Classifiers trained from different seeds and folded into one, side by side in the common space.
    pub members: usize,
    /// Share of the features that training drops.
    pub dropout: f64,
    /// Rows in a step.
    pub batch: usize,
    /// Passes over the posts at most.
    pub epochs: usize,
    /// Passes without a better dev score before training ends.
    pub patience: usize,
    /// Step size.
    pub learning_rate: f64,
    /// Weight decay: decoupled for AdamW, a penalty on the squares of the weights for SGD.
    pub weight_decay: f32,
    /// What takes the steps.
    #[serde(default)]
    pub optimiser: Optimiser,
    /// What bounds the vectors of the common space.
    #[serde(default)]
    pub activation: Activation,
    /// What a picture's standardised features are multiplied by: below 1, they count for less.
    #[serde(default = "one")]
    pub image_scale: f32,
    /// What a caption's standardised features are multiplied by.
    #[serde(default = "one")]
    pub caption_scale: f32,
    /// Weight of the second label, the rest is the first's.
    pub second_label: f32,
    /// Share of the post's label (the rest is the picture's own) where a picture of a post stands alone.
    pub post_label_for_image: f32,
    /// A label's weight is its inverse frequency to this power.
    pub class_weight_power: f32,
    /// How much each way of seeing a post counts: modality dropout, taken in expectation.
    pub modality_weights: ModalityWeights,
    /// The auxiliary task.
    pub auxiliary: AuxiliaryRecipe,
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

/// What takes the steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Optimiser {
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
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
    /// Passes without a better dev score before training ends.
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

fn one() -> f32 {
    1.0
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
        let positive = [
            ("vocabulary.words", self.vocabulary.words),
            ("vocabulary.max_tokens", self.vocabulary.max_tokens),
            ("caption.filters", self.caption.filters),
            ("caption.batch", self.caption.batch),
            ("caption.epochs", self.caption.epochs),
            ("fusion.batch", self.fusion.batch),
            ("fusion.epochs", self.fusion.epochs),
            ("fusion.members", self.fusion.members),
            ("fusion.d_common", self.fusion.d_common),
            ("fasttext.buckets", self.fasttext.buckets as usize),
            ("fasttext.batch", self.fasttext.batch),
            ("fasttext.epochs", self.fasttext.epochs),
            (
                "fusion.auxiliary.negatives",
                self.fusion.auxiliary.negatives.unwrap_or(usize::MAX),
            ),
        ];
        if let Some((name, _)) = positive.into_iter().find(|(_, value)| *value == 0) {
            return Err(format!("`{name}` must be at least 1"));
        }
        if !self.fusion.d_common.is_multiple_of(self.fusion.members) {
            return Err("`fusion.d_common` must be a multiple of `fusion.members`".into());
        }
        for (name, share) in [
            ("caption.dropout", self.caption.dropout),
            ("fusion.dropout", self.fusion.dropout),
            ("fasttext.dropout", self.fasttext.dropout),
        ] {
            if !(0.0..1.0).contains(&share) {
                return Err(format!("`{name}` must lie between 0 and 1"));
            }
        }
        for (name, scale) in [
            ("fusion.image_scale", self.fusion.image_scale),
            ("fusion.caption_scale", self.fusion.caption_scale),
        ] {
            if !(scale.is_finite() && scale > 0.0) {
                return Err(format!("`{name}` must be above 0"));
            }
        }
        if self.caption.kernels.is_empty() || self.caption.kernels.iter().any(|width| width % 2 == 0) {
            return Err("`caption.kernels` must be odd widths, at least one".into());
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
    fn the_recipe_of_the_comparison_is_a_recipe() {
        let text = include_str!("../../recipes/compare.toml");
        assert!(Recipe::parse(Path::new("recipes/compare.toml"), text).is_ok());
    }

    #[test]
    fn an_unknown_key_is_refused() {
        assert!(toml::from_str::<Recipe>(&format!("colour = 1\n{DEFAULT}")).is_err());
    }

    #[test]
    fn a_dropout_of_one_is_refused() {
        let mut recipe: Recipe = toml::from_str(DEFAULT).expect("recipes/default.toml parses");
        recipe.fusion.dropout = 1.0;
        assert!(recipe.check().is_err());
    }

    #[test]
    fn what_a_recipe_leaves_out_is_as_it_always_was() {
        let recipe: Recipe = toml::from_str(DEFAULT).expect("recipes/default.toml parses");
        let fusion = &recipe.fusion;
        assert_eq!(
            (fusion.optimiser, fusion.activation),
            (Optimiser::AdamW, Activation::Tanh)
        );
        assert_eq!((fusion.image_scale, fusion.caption_scale), (1.0, 1.0));
        assert_eq!(
            (fusion.auxiliary.form, fusion.auxiliary.negatives),
            (AuxiliaryForm::Hinge, None)
        );
    }

    #[test]
    fn the_choices_of_the_paper_can_be_written_down() {
        let text = DEFAULT.replace(
            "auxiliary = {",
            "optimiser = \"sgd\"\nactivation = \"linear\"\nimage_scale = 0.4\nauxiliary = { form = \"logistic\", negatives = 5,",
        );
        let recipe: Recipe = toml::from_str(&text).expect("parses");
        assert_eq!(recipe.check(), Ok(()));
        assert_eq!(recipe.fusion.optimiser, Optimiser::Sgd);
        assert_eq!(recipe.fusion.activation, Activation::Linear);
        assert_eq!(recipe.fusion.auxiliary.form, AuxiliaryForm::Logistic);
        assert_eq!(recipe.fusion.auxiliary.negatives, Some(5));
    }
}
