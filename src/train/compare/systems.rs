//! Every system of the paper, and one round of training and answering for each.

use burn::tensor::Device;
use emofuse_engine::model::{fusion::Modality, pooling::Pooling};

use super::data::DataSet;
use crate::{
    fusion::{Answers, Design, Objective, Seen, Training, Weighting},
    recipe::{AuxiliaryForm, FusionRecipe, ModalityWeights, Recipe},
    word_vectors::WordVectors,
};

/// Weight of the auxiliary task where the recipe turns it off and the comparison turns it on.
const AUXILIARY_WEIGHT: f32 = 0.2;

/// One way of telling labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SystemKind {
    /// The mean of word and bigram vectors, and a linear classifier.
    FastText,
    /// The caption tower's features, and a linear classifier.
    CaptionFeatures,
    /// The same with the n-grams of the recipe, as the fusions have them.
    CaptionFeaturesAndNGrams,
    /// A convolutional network's features, and a linear classifier.
    ImageFeatures,
    /// Features side by side.
    Early,
    /// Two decisions combined.
    Late(Weighting),
    /// Vectors of the same size pooled.
    Joint(Pooling),
    /// One space for both.
    CommonSpace(Auxiliary),
}

/// What draws a post's image and caption together in the common space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Auxiliary {
    /// Nothing.
    Off,
    /// A hinge.
    Hinge,
    /// A logistic curve.
    Logistic,
}

impl Auxiliary {
    /// All choices.
    pub const ALL: [Self; 3] = [Self::Off, Self::Hinge, Self::Logistic];

    /// The recipe's own choice.
    #[must_use]
    pub fn of(recipe: &Recipe) -> Self {
        match recipe.fusion.auxiliary.form {
            _ if recipe.fusion.auxiliary.weight <= 0.0 => Self::Off,
            AuxiliaryForm::Hinge => Self::Hinge,
            AuxiliaryForm::Logistic => Self::Logistic,
        }
    }

    /// The name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Hinge => "hinge",
            Self::Logistic => "logistic",
        }
    }

    fn put_into(self, recipe: &mut FusionRecipe) {
        let auxiliary = &mut recipe.auxiliary;
        match self {
            Self::Off => auxiliary.weight = 0.0,
            Self::Hinge => auxiliary.form = AuxiliaryForm::Hinge,
            Self::Logistic => auxiliary.form = AuxiliaryForm::Logistic,
        }
        if self != Self::Off && auxiliary.weight <= 0.0 {
            auxiliary.weight = AUXILIARY_WEIGHT;
        }
    }
}

impl SystemKind {
    /// The systems that look at the caption alone: those with word vectors, and those with a caption tower.
    #[must_use]
    pub fn of_captions(recipe: &Recipe, has_words: bool, has_tower: bool) -> Vec<Self> {
        let n_grams = recipe.fusion.n_grams.map(|_| Self::CaptionFeaturesAndNGrams);
        let words = has_words.then_some(Self::FastText);
        let tower = has_tower.then(|| std::iter::once(Self::CaptionFeatures).chain(n_grams));
        words.into_iter().chain(tower.into_iter().flatten()).collect()
    }

    /// The name in tables.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::FastText => "FastText-style baseline".into(),
            Self::CaptionFeatures => "caption features, linear".into(),
            Self::CaptionFeaturesAndNGrams => "caption features and n-grams, linear".into(),
            Self::ImageFeatures => "image features, linear".into(),
            Self::Early => "early fusion".into(),
            Self::Late(weighting) => format!("late fusion, {}", weighting.name()),
            Self::Joint(pooling) => format!("joint fusion, {}", pooling.name()),
            Self::CommonSpace(Auxiliary::Off) => "common space, no auxiliary task".into(),
            Self::CommonSpace(auxiliary) => format!("common space, {}", auxiliary.name()),
        }
    }

    /// What it sees of a post; it is chosen on dev by what it makes of this.
    #[must_use]
    pub const fn modality(self) -> Modality {
        match self {
            Self::FastText | Self::CaptionFeatures | Self::CaptionFeaturesAndNGrams => Modality::Caption,
            Self::ImageFeatures => Modality::Image,
            Self::Early | Self::Late(_) | Self::Joint(_) | Self::CommonSpace(_) => Modality::Both,
        }
    }

    /// The system itself.
    #[must_use]
    pub const fn design(self) -> Design {
        match self {
            Self::FastText => Design::FastText,
            Self::CaptionFeatures | Self::CaptionFeaturesAndNGrams => Design::Caption,
            Self::ImageFeatures => Design::Image,
            Self::Early => Design::Early,
            Self::Late(weighting) => Design::Late(weighting),
            Self::Joint(pooling) => Design::Joint(pooling),
            Self::CommonSpace(_) => Design::CommonSpace,
        }
    }

    /// Whether it is trained with modality dropout where the tables compare it: the common space is; early and joint
    /// fusion are the paper's, which learn from posts with both sides. `None` for systems without such a choice.
    #[must_use]
    pub const fn modality_dropout(self) -> Option<bool> {
        match self {
            Self::CommonSpace(_) => Some(true),
            Self::Early | Self::Joint(_) => Some(false),
            _ => None,
        }
    }

    /// The recipe of a comparison as this system is trained by it, with or without modality dropout.
    fn recipe(self, recipe: &Recipe, modality_dropout: Option<bool>) -> Recipe {
        let mut recipe = recipe.clone();
        recipe.metadata = None;
        match self {
            Self::CaptionFeatures => recipe.fusion.n_grams = None,
            Self::CommonSpace(auxiliary) => auxiliary.put_into(&mut recipe.fusion),
            _ => {}
        }
        recipe.fusion.modality_weights = modality_dropout.map(|is_on| {
            let weights = recipe.fusion.modality_weights.unwrap_or_default();
            if is_on { weights } else { ModalityWeights::OFF }
        });
        recipe
    }
}

/// One round of a system: trained from one seed, chosen on dev, asked about test.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Accuracy plus macro-F1 on dev.
    pub dev: f64,
    /// Logits of every row of test, by [`Modality::index`]; `None` for inputs that the system does not read.
    pub logits: [Option<Vec<Vec<f32>>>; 3],
}

/// What rounds are run with.
pub struct Ring<'a> {
    /// The recipe that all systems share.
    pub recipe: &'a Recipe,
    /// How many labels there are.
    pub labels: usize,
    /// The data.
    pub data: &'a DataSet,
    /// Pretrained word vectors, for the FastText-style baseline; `None` in a comparison without it.
    pub vectors: Option<&'a WordVectors>,
    /// Where it runs.
    pub device: &'a Device,
}

impl Ring<'_> {
    /// Trains a system from a seed, with or without modality dropout if it has the choice, and has it answer the test rows.
    #[must_use]
    pub fn trial(&self, kind: SystemKind, modality_dropout: Option<bool>, seed: u64) -> Trial {
        let dropout = match modality_dropout {
            Some(true) => ", with modality dropout",
            Some(false) => ", without modality dropout",
            None => "",
        };
        let name = format!("seed {seed}: {}{dropout}", kind.name());
        let started = std::time::Instant::now();
        let DataSet { train, dev, test } = self.data;
        let recipe = kind.recipe(self.recipe, modality_dropout);
        let design = kind.design();
        let training = Training {
            recipe: &recipe,
            labels: self.labels,
            seed,
            examples: &train.examples,
            dev: &dev.examples,
            vectors: self.vectors,
            device: self.device,
        };
        let seen = Seen::from(kind.modality());
        let trained = design.train(training, &name, &Objective::of(seen), design.stop_early(&recipe));
        let answers = |examples, seen| trained.system.logits(examples, seen, self.device);
        let on_dev: Answers = answers(&dev.examples, seen);
        let logits = Modality::ALL.map(|modality| {
            let rows = answers(&test.examples, Seen::from(modality));
            let complete = rows.len() == test.examples.len();
            complete.then(|| rows.into_iter().map(|(_, logits)| logits).collect())
        });
        let trial = Trial {
            dev: dev.score(&on_dev),
            logits,
        };
        tracing::info!(dev = trial.dev, seconds = started.elapsed().as_secs(), "{name}");
        trial
    }
}
