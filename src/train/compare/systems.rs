//! Every system of the paper, and one round of training and answering for each.

use burn::tensor::Device;
use emofuse_core::emotion::EMOTIONS;
use emofuse_engine::model::{
    fusion::{
        Modality,
        early::EarlyConfig,
        joint::JointConfig,
        late::{Combination, LateConfig},
    },
    pooling::Pooling,
};

use super::data::DataSet;
use crate::{
    fasttext,
    fusion::{self, Objective, Stop, System, TrainedModel, Trainer, TrainingContext},
    recipe::{AuxiliaryForm, Recipe},
    word_vectors::WordVectors,
};

/// Weight of the auxiliary task where the recipe turns it off and the comparison turns it on.
const AUXILIARY_WEIGHT: f32 = 0.2;

/// One way of telling emotions.
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
    Late(Combination),
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

    fn put_into(self, recipe: &mut Recipe) {
        let auxiliary = &mut recipe.fusion.auxiliary;
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
    /// The systems that look at the caption alone.
    #[must_use]
    pub fn of_captions(recipe: &Recipe) -> Vec<Self> {
        let n_grams = recipe.fusion.n_grams.map(|_| Self::CaptionFeaturesAndNGrams);
        [Self::FastText, Self::CaptionFeatures]
            .into_iter()
            .chain(n_grams)
            .collect()
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
            Self::Late(combination) => format!("late fusion, {}", combination.name()),
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
}

/// One round of a system: trained from one seed, chosen on dev, asked about test.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Accuracy plus macro-F1 on dev.
    pub dev: f64,
    /// Logits of every row of test, by [`Modality::index`]; `None` for inputs that the system does not read.
    pub logits: [Option<Vec<[f32; EMOTIONS]>>; 3],
}

/// What rounds are run with.
pub struct Ring<'a> {
    /// The recipe that all systems share.
    pub recipe: &'a Recipe,
    /// The data.
    pub data: &'a DataSet,
    /// Pretrained word vectors, for the FastText-style baseline.
    pub vectors: &'a WordVectors,
    /// Where it runs.
    pub device: &'a Device,
}

impl Ring<'_> {
    /// Trains a system from a seed and has it answer the test rows.
    #[must_use]
    pub fn trial(&self, kind: SystemKind, seed: u64) -> Trial {
        let name = format!("seed {seed}: {}", kind.name());
        let started = std::time::Instant::now();
        let trial = match kind {
            SystemKind::FastText => self.fasttext(&name, seed),
            SystemKind::CaptionFeatures => {
                let mut recipe = self.recipe.clone();
                recipe.fusion.n_grams = None;
                self.with(&recipe).features(kind, &name, seed, fusion::caption_baseline)
            }
            SystemKind::CaptionFeaturesAndNGrams => self.features(kind, &name, seed, fusion::caption_baseline),
            SystemKind::ImageFeatures => self.features(kind, &name, seed, fusion::image_baseline),
            SystemKind::Early => self.features(kind, &name, seed, |context| {
                EarlyConfig::new(context.d_image(), context.d_caption())
                    .init(context.device)
                    .with_statistics(context.image_statistics(), context.caption_statistics())
            }),
            SystemKind::Late(combination) => self.features(kind, &name, seed, |context| {
                LateConfig::new(context.d_image(), context.d_caption(), combination)
                    .init(context.device)
                    .with_statistics(context.image_statistics(), context.caption_statistics())
            }),
            SystemKind::Joint(pooling) => self.features(kind, &name, seed, |context| {
                JointConfig::new(context.d_image(), context.d_caption(), pooling)
                    .init(context.device)
                    .with_statistics(context.image_statistics(), context.caption_statistics())
            }),
            SystemKind::CommonSpace(auxiliary) => {
                let mut recipe = self.recipe.clone();
                auxiliary.put_into(&mut recipe);
                self.with(&recipe).features(kind, &name, seed, fusion::common_space)
            }
        };
        tracing::info!(dev = trial.dev, seconds = started.elapsed().as_secs(), "{name}");
        trial
    }

    fn with<'a>(&'a self, recipe: &'a Recipe) -> Ring<'a> {
        Ring { recipe, ..*self }
    }

    fn features<S: System>(
        &self,
        kind: SystemKind,
        name: &str,
        seed: u64,
        untrained: impl FnOnce(&TrainingContext) -> S,
    ) -> Trial {
        let DataSet { train, dev, test } = self.data;
        let trainer = Trainer::new(&self.recipe.fusion, seed, &train.examples, untrained, self.device);
        let objective = Objective::Input(kind.modality());
        let stop = Stop::Early {
            patience: self.recipe.fusion.patience,
        };
        let TrainedModel { system, .. } = trainer.train(name, &dev.examples, objective, stop, self.device);
        let on_dev = fusion::logits(&system, &dev.examples, kind.modality(), self.device);
        let logits = Modality::ALL.map(|kind| {
            let rows = fusion::logits(&system, &test.examples, kind, self.device);
            let complete = rows.len() == test.examples.len();
            complete.then(|| rows.into_iter().map(|(_, logits)| logits).collect())
        });
        Trial {
            dev: dev.score(&on_dev),
            logits,
        }
    }

    fn fasttext(&self, name: &str, seed: u64) -> Trial {
        let DataSet { train, dev, test } = self.data;
        let TrainedModel { system, .. } = fasttext::train(
            name,
            self.recipe,
            seed,
            self.vectors,
            [&train.words, &dev.words],
            self.device,
        );
        let captions = system.logits(&test.words, self.device).into_iter().collect();
        let on_dev = system.logits(&dev.words, self.device).into_iter().enumerate();
        let on_dev: Vec<_> = on_dev.filter_map(|(row, logits)| Some((row, logits?))).collect();
        Trial {
            dev: dev.score(&on_dev),
            logits: [None, None, captions],
        }
    }
}
