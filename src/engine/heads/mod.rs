//! What follows the towers: the system that classifies posts, and the classifiers of what stands alone.
//!
//! They are a few thousand numbers, and computed in plain arithmetic: the same code serves every back end, and training
//! compares its own modules ([`model::fusion`](crate::model::fusion)) with it.

mod attribution;
mod common_space;
mod companions;
mod early;
mod joint;
mod late;
mod linear;
mod system;
#[cfg(test)]
mod tests;

use emofuse_core::error::Result;

pub use self::{companions::Companion, system::System};
use self::{linear::Matrix, system::single};
use crate::{
    bundle::{Bundle, Calibrated, Calibration, tensor_group},
    model::fusion::{ByModality, Modality},
};

/// All that reads the features of a model's towers.
#[derive(Debug)]
pub struct Heads {
    system: System,
    standalone_image: Option<System>,
    standalone_caption: Option<System>,
    caption_labels: Option<Matrix>,
    caption_emotion: Option<Matrix>,
    companions: Vec<Companion>,
}

/// Which of the heads answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// The system.
    System,
    /// The classifier of images, or of captions, that stand alone.
    Standalone,
}

impl Heads {
    /// Reads the heads of a model file.
    ///
    /// # Errors
    /// As [`Bundle::tensor`].
    pub fn load(bundle: &Bundle) -> Result<Self> {
        let architecture = &bundle.manifest.architecture;
        let labels = bundle.manifest.labels.len();
        let standalone = |group: &str, features: Option<usize>, reads: Modality| {
            let features = features.filter(|_| bundle.has_group(group));
            let load = |features| single(bundle, group, [features, labels], reads);
            features.map(load).transpose()
        };
        let own = |is_there: bool, group: &str, outputs: usize| {
            let features = architecture.d_caption().filter(|_| is_there);
            let load = |features| Matrix::load(bundle, group, [features, outputs]);
            features.map(load).transpose()
        };
        let primary = bundle.manifest.caption_thresholds.len();
        let has_emotion = bundle.has_group(tensor_group::CAPTION_EMOTION);
        Ok(Self {
            system: System::load(bundle)?,
            standalone_image: standalone(tensor_group::STANDALONE_IMAGE, architecture.d_image(), Modality::Image)?,
            standalone_caption: standalone(
                tensor_group::STANDALONE_CAPTION,
                architecture.d_caption(),
                Modality::Caption,
            )?,
            caption_labels: own(primary > 0, tensor_group::CAPTION_LABELS, primary)?,
            caption_emotion: own(has_emotion, tensor_group::CAPTION_EMOTION, labels)?,
            companions: Companion::load_all(bundle)?,
        })
    }

    /// The system that classifies posts.
    #[must_use]
    pub fn system(&self) -> &System {
        &self.system
    }

    /// Which head answers to a whole post: to one of a single side, the classifier of what stands alone, if there is one.
    #[must_use]
    pub fn of_whole(&self, kind: Modality) -> Head {
        match self.standalone(kind) {
            Some(_) => Head::Standalone,
            None => Head::System,
        }
    }

    fn standalone(&self, kind: Modality) -> Option<&System> {
        match kind {
            Modality::Both => None,
            Modality::Image => self.standalone_image.as_ref(),
            Modality::Caption => self.standalone_caption.as_ref(),
        }
    }

    /// A head.
    #[must_use]
    pub(crate) fn get(&self, head: Head, kind: Modality) -> &System {
        match head {
            Head::System => &self.system,
            Head::Standalone => self.standalone(kind).unwrap_or(&self.system),
        }
    }

    /// Logits of a post by the features of its sides, one for each label.
    ///
    /// # Errors
    /// [`Error::ModalityMissing`](emofuse_core::Error::ModalityMissing) if the head reads the other side alone.
    pub fn logits(&self, head: Head, features: ByModality<&[f32]>) -> Result<Vec<f32>> {
        self.get(head, features.kind()).logits(features)
    }

    /// Further systems over the same features, in the order of the manifest.
    #[must_use]
    pub fn companions(&self) -> &[Companion] {
        &self.companions
    }

    /// The standardised features of a post: what the system and its companions are functions of.
    ///
    /// # Errors
    /// As [`Heads::logits`].
    pub fn standardised(&self, features: ByModality<&[f32]>) -> Result<ByModality<Vec<f32>>> {
        self.system.standardised(features)
    }

    /// Logits of a companion for standardised features, with the temperature to divide them by; `None` if it reads none of
    /// the sides.
    #[must_use]
    pub fn companion_logits(&self, companion: &Companion, sides: ByModality<&[f32]>) -> Option<(Vec<f32>, f32)> {
        companion.logits(sides, &self.companions)
    }

    /// Probabilities of each label but the `none` label, each on its own; `None` without the classifier for it.
    #[must_use]
    pub fn caption_labels(&self, features: &[f32]) -> Option<Vec<f32>> {
        let logits = self.caption_labels.as_ref()?.forward(features).into_iter();
        Some(logits.map(|logit| 1.0 / (1.0 + (-logit).exp())).collect())
    }

    /// Logits of a caption by the caption tower's own classifier; `None` where it has none.
    #[must_use]
    pub fn caption_emotion(&self, features: &[f32]) -> Option<Vec<f32>> {
        Some(self.caption_emotion.as_ref()?.forward(features))
    }
}

impl Head {
    /// What its logits are calibrated with.
    #[must_use]
    pub fn calibrated(self, kind: Modality, calibration: &Calibration) -> Calibrated {
        match (self, kind) {
            (Self::Standalone, Modality::Image) => calibration.standalone_image,
            (Self::Standalone, Modality::Caption) => calibration.standalone_caption,
            _ => calibration.of(kind),
        }
    }
}
