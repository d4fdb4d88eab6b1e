//! What the trainer needs to know of a system.

use burn::{
    module::{Module, ModuleDisplay},
    tensor::Tensor,
};

use crate::{
    model::{
        fusion::{
            InputKind, Sides,
            common_space::CommonSpace,
            early::Early,
            joint::Joint,
            late::{Combination, Late},
        },
        n_gram_table::{NGramBatch, NGramTable},
        unimodal::linear::LinearBaseline,
    },
    train::recipe::ModalityWeights,
};

/// A system that scores emotions by features of a picture, of a caption, or of both.
///
/// It works in two steps, so that one pass over the features serves all inputs of a post: with both sides, and with
/// either taken away.
pub trait System: Module + ModuleDisplay {
    /// The inputs that it learns from.
    fn learns_from(&self) -> &'static [InputKind];

    /// Each side in the system's own terms; `None` where it reads nothing of what is there.
    ///
    /// # Shapes
    /// - features: `[batch, d_image]`, `[batch, d_caption]`
    /// - output: `[batch, d]`, whatever `d` the system has
    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>>;

    /// Scores every emotion.
    ///
    /// # Shapes
    /// - encoded: as [`System::encode`] gives them, of one side or of both
    /// - output: `[batch, emotions]`, logits
    fn logits(&self, encoded: Sides<Tensor<2>>) -> Tensor<2>;

    /// How much a deviation of each feature counts for each emotion: what the ridge penalty keeps small.
    ///
    /// # Shapes
    /// - output: `[d_image, emotions]`, `[d_caption, emotions]`, of the sides that it reads
    fn evidence(&self) -> Sides<Tensor<2>>;

    /// How much an input counts in the loss of a system that learns from several. Where those have no weights in
    /// common, each counts the same.
    fn modality_weight(&self, _kind: InputKind, _weights: ModalityWeights) -> f32 {
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
    pub fn logits(&self, encoded: Sides<Tensor<2>>, n_grams: &NGramBatch) -> Tensor<2> {
        let has_caption = encoded.kind() != InputKind::Image;
        let logits = self.system.logits(encoded);
        match &self.n_grams {
            Some(table) if has_caption => logits + table.forward(n_grams),
            _ => logits,
        }
    }
}

impl System for CommonSpace {
    fn learns_from(&self) -> &'static [InputKind] {
        &[InputKind::Image, InputKind::Both, InputKind::Caption]
    }

    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>> {
        Some(features.map(|image| self.image(image), |caption| self.caption(caption)))
    }

    fn logits(&self, encoded: Sides<Tensor<2>>) -> Tensor<2> {
        let kind = encoded.kind();
        let vectors = match encoded {
            Sides::Both { image, caption } => self.both(image, caption),
            Sides::Image(vectors) | Sides::Caption(vectors) => vectors,
        };
        CommonSpace::logits(self, vectors, kind)
    }

    fn evidence(&self) -> Sides<Tensor<2>> {
        CommonSpace::evidence(self)
    }

    fn modality_weight(&self, kind: InputKind, weights: ModalityWeights) -> f32 {
        weights.of(kind)
    }

    fn has_common_space(&self) -> bool {
        true
    }
}

impl System for Early {
    fn learns_from(&self) -> &'static [InputKind] {
        &[InputKind::Both]
    }

    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>> {
        Some(features.map(|image| self.image(image), |caption| self.caption(caption)))
    }

    fn logits(&self, encoded: Sides<Tensor<2>>) -> Tensor<2> {
        Early::logits(self, encoded)
    }

    fn evidence(&self) -> Sides<Tensor<2>> {
        Early::evidence(self)
    }
}

impl System for Joint {
    fn learns_from(&self) -> &'static [InputKind] {
        &[InputKind::Both]
    }

    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>> {
        Some(features.map(|image| self.image(image), |caption| self.caption(caption)))
    }

    fn logits(&self, encoded: Sides<Tensor<2>>) -> Tensor<2> {
        Joint::logits(self, encoded)
    }

    fn evidence(&self) -> Sides<Tensor<2>> {
        Joint::evidence(self)
    }
}

impl System for Late {
    /// The two classifiers learn apart; only a learnt weighting has something to learn from both together.
    fn learns_from(&self) -> &'static [InputKind] {
        match self.combination() {
            Combination::Learnt => &[InputKind::Image, InputKind::Both, InputKind::Caption],
            Combination::Mean | Combination::Product => &[InputKind::Image, InputKind::Caption],
        }
    }

    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>> {
        Some(features.map(|image| self.image(image), |caption| self.caption(caption)))
    }

    fn logits(&self, encoded: Sides<Tensor<2>>) -> Tensor<2> {
        Late::logits(self, encoded)
    }

    fn evidence(&self) -> Sides<Tensor<2>> {
        Late::evidence(self)
    }
}

/// A linear classifier, with the side of a post that it reads.
#[derive(Module, Debug)]
pub struct OneSide {
    classifier: LinearBaseline,
    #[module(skip)]
    side: Sides<()>,
}

impl OneSide {
    /// Of pictures alone.
    #[must_use]
    pub fn picture(classifier: LinearBaseline) -> Self {
        let side = Sides::Image(());
        Self { classifier, side }
    }

    /// Of captions alone.
    #[must_use]
    pub fn caption(classifier: LinearBaseline) -> Self {
        let side = Sides::Caption(());
        Self { classifier, side }
    }

    /// The classifier itself.
    #[must_use]
    pub fn classifier(&self) -> &LinearBaseline {
        &self.classifier
    }

    fn is_of_pictures(&self) -> bool {
        self.side == Sides::Image(())
    }
}

impl System for OneSide {
    fn learns_from(&self) -> &'static [InputKind] {
        if self.is_of_pictures() {
            &[InputKind::Image]
        } else {
            &[InputKind::Caption]
        }
    }

    fn encode(&self, features: Sides<Tensor<2>>) -> Option<Sides<Tensor<2>>> {
        let side = features.only(self.side.kind())?;
        let decide = |features| self.classifier.forward(features);
        Some(side.map(decide, decide))
    }

    /// What is encoded are logits already, and there is no second side.
    fn logits(&self, encoded: Sides<Tensor<2>>) -> Tensor<2> {
        match encoded {
            Sides::Image(logits) | Sides::Caption(logits) => logits,
            Sides::Both { image, .. } => image,
        }
    }

    fn evidence(&self) -> Sides<Tensor<2>> {
        let evidence = |()| self.classifier.evidence();
        self.side.map(evidence, evidence)
    }
}
