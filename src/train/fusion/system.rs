//! What the trainer needs to know of a system.

use burn::{
    module::{Module, ModuleDisplay},
    tensor::Tensor,
};
use emofuse_engine::model::{
    fusion::{
        ByModality, Modality,
        common_space::CommonSpace,
        early::Early,
        joint::Joint,
        late::{Combination, Late},
    },
    n_gram_table::{NGramBatch, NGramTable},
    unimodal::linear::LinearBaseline,
};

use crate::recipe::ModalityWeights;

/// A system that scores emotions by features of an image, of a caption, or of both.
///
/// It works in two steps, so that one pass over the features serves all inputs of a post: with both modalities, and with
/// either taken away.
pub trait System: Module + ModuleDisplay {
    /// The inputs that it learns from.
    fn learns_from(&self) -> &'static [Modality];

    /// Each modality in the system's own terms; `None` where it uses nothing of what is there.
    ///
    /// # Shapes
    /// - features: `[batch, d_image]`, `[batch, d_caption]`
    /// - output: `[batch, d]`, whatever `d` the system has
    fn encode(&self, features: ByModality<Tensor<2>>) -> Option<ByModality<Tensor<2>>>;

    /// Scores every emotion.
    ///
    /// # Shapes
    /// - encoded: as [`System::encode`] gives them, of one modality or of both
    /// - output: `[batch, emotions]`, logits
    fn logits(&self, encoded: ByModality<Tensor<2>>) -> Tensor<2>;

    /// How much a deviation of each feature counts for each emotion: what the ridge penalty keeps small.
    ///
    /// # Shapes
    /// - output: `[d_image, emotions]`, `[d_caption, emotions]`, of the modalities that it knows
    fn standardised_weights(&self) -> ByModality<Tensor<2>>;

    /// How much an input counts in the loss of a system that learns from several. Where those have no weights in
    /// common, each counts the same.
    fn modality_weight(&self, _kind: Modality, _weights: ModalityWeights) -> f32 {
        1.0
    }

    /// Whether what it encodes lies in one space, in which the auxiliary task has a meaning.
    fn has_common_space(&self) -> bool {
        false
    }
}

/// A system with what the n-grams of captions add to its logits.
#[derive(Module, Debug)]
pub struct WithNGrams<S> {
    /// The system.
    pub system: S,
    /// The table of n-grams; `None` for a system that does without.
    pub n_grams: Option<NGramTable>,
}

impl<S: System> WithNGrams<S> {
    /// Scores every emotion; the n-grams count where the caption is there.
    ///
    /// # Shapes
    /// As [`System::logits`].
    pub fn logits(&self, encoded: ByModality<Tensor<2>>, n_grams: &NGramBatch) -> Tensor<2> {
        let has_caption = encoded.kind() != Modality::Image;
        let logits = self.system.logits(encoded);
        match &self.n_grams {
            Some(table) if has_caption => logits + table.forward(n_grams),
            _ => logits,
        }
    }
}

impl System for CommonSpace {
    fn learns_from(&self) -> &'static [Modality] {
        &[Modality::Image, Modality::Both, Modality::Caption]
    }

    fn encode(&self, features: ByModality<Tensor<2>>) -> Option<ByModality<Tensor<2>>> {
        Some(features.map(|image| self.image(image), |caption| self.caption(caption)))
    }

    fn logits(&self, encoded: ByModality<Tensor<2>>) -> Tensor<2> {
        let kind = encoded.kind();
        let vectors = match encoded {
            ByModality::Both { image, caption } => self.both(image, caption),
            ByModality::Image(vectors) | ByModality::Caption(vectors) => vectors,
        };
        CommonSpace::logits(self, vectors, kind)
    }

    fn standardised_weights(&self) -> ByModality<Tensor<2>> {
        CommonSpace::standardised_weights(self)
    }

    fn modality_weight(&self, kind: Modality, weights: ModalityWeights) -> f32 {
        weights.of(kind)
    }

    fn has_common_space(&self) -> bool {
        true
    }
}

impl System for Early {
    fn learns_from(&self) -> &'static [Modality] {
        &[Modality::Both]
    }

    fn encode(&self, features: ByModality<Tensor<2>>) -> Option<ByModality<Tensor<2>>> {
        Some(features.map(|image| self.image(image), |caption| self.caption(caption)))
    }

    fn logits(&self, encoded: ByModality<Tensor<2>>) -> Tensor<2> {
        Early::logits(self, encoded)
    }

    fn standardised_weights(&self) -> ByModality<Tensor<2>> {
        Early::standardised_weights(self)
    }
}

impl System for Joint {
    fn learns_from(&self) -> &'static [Modality] {
        &[Modality::Both]
    }

    fn encode(&self, features: ByModality<Tensor<2>>) -> Option<ByModality<Tensor<2>>> {
        Some(features.map(|image| self.image(image), |caption| self.caption(caption)))
    }

    fn logits(&self, encoded: ByModality<Tensor<2>>) -> Tensor<2> {
        Joint::logits(self, encoded)
    }

    fn standardised_weights(&self) -> ByModality<Tensor<2>> {
        Joint::standardised_weights(self)
    }
}

impl System for Late {
    /// The two classifiers learn apart; only a learnt weighting has something to learn from both together.
    fn learns_from(&self) -> &'static [Modality] {
        match self.combination() {
            Combination::Learnt => &[Modality::Image, Modality::Both, Modality::Caption],
            Combination::Mean | Combination::Product => &[Modality::Image, Modality::Caption],
        }
    }

    fn encode(&self, features: ByModality<Tensor<2>>) -> Option<ByModality<Tensor<2>>> {
        Some(features.map(|image| self.image(image), |caption| self.caption(caption)))
    }

    fn logits(&self, encoded: ByModality<Tensor<2>>) -> Tensor<2> {
        Late::logits(self, encoded)
    }

    fn standardised_weights(&self) -> ByModality<Tensor<2>> {
        Late::standardised_weights(self)
    }
}

/// A linear classifier, with the modality that it classifies.
#[derive(Module, Debug)]
pub struct Unimodal {
    classifier: LinearBaseline,
    #[module(skip)]
    modality: ByModality<()>,
}

impl Unimodal {
    /// Of images alone.
    #[must_use]
    pub fn image(classifier: LinearBaseline) -> Self {
        let modality = ByModality::Image(());
        Self { classifier, modality }
    }

    /// Of captions alone.
    #[must_use]
    pub fn caption(classifier: LinearBaseline) -> Self {
        let modality = ByModality::Caption(());
        Self { classifier, modality }
    }

    /// The classifier itself.
    #[must_use]
    pub fn classifier(&self) -> &LinearBaseline {
        &self.classifier
    }

    fn is_of_images(&self) -> bool {
        self.modality == ByModality::Image(())
    }
}

impl System for Unimodal {
    fn learns_from(&self) -> &'static [Modality] {
        if self.is_of_images() {
            &[Modality::Image]
        } else {
            &[Modality::Caption]
        }
    }

    fn encode(&self, features: ByModality<Tensor<2>>) -> Option<ByModality<Tensor<2>>> {
        let known = features.only(self.modality.kind())?;
        let decide = |features| self.classifier.forward(features);
        Some(known.map(decide, decide))
    }

    /// What is encoded are logits already, and there is no second modality.
    fn logits(&self, encoded: ByModality<Tensor<2>>) -> Tensor<2> {
        match encoded {
            ByModality::Image(logits) | ByModality::Caption(logits) => logits,
            ByModality::Both { image, .. } => image,
        }
    }

    fn standardised_weights(&self) -> ByModality<Tensor<2>> {
        let standardised_weights = |()| self.classifier.standardised_weights();
        self.modality.map(standardised_weights, standardised_weights)
    }
}
