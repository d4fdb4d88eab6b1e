//! Late fusion; see [`model::fusion::late`](crate::model::fusion::late).

use emofuse_core::error::Result;

use super::linear::Matrix;
use crate::{
    bundle::Bundle,
    model::fusion::{ByModality, Modality, late::Combination},
};

#[derive(Debug)]
pub(super) struct Late {
    image: Matrix,
    caption: Matrix,
    image_weight: f32,
    caption_weight: f32,
    combination: Combination,
}

impl Late {
    pub(super) fn load(
        bundle: &Bundle,
        group: &str,
        [d_image, d_caption, labels]: [usize; 3],
        combination: Combination,
    ) -> Result<Self> {
        let classifier =
            |name: &str, inputs: usize| Matrix::load(bundle, &[group, name, ".linear"].concat(), [inputs, labels]);
        let weight = |name: &str| Ok(bundle.tensor(&[group, name].concat(), &[1])?[0]);
        Ok(Self {
            image: classifier(".image", d_image)?,
            caption: classifier(".caption", d_caption)?,
            image_weight: weight(".image_weight")?,
            caption_weight: weight(".caption_weight")?,
            combination,
        })
    }

    /// Logits of standardised features.
    pub(super) fn logits(&self, sides: ByModality<&[f32]>) -> Vec<f32> {
        let decisions = sides.map(
            |image| self.image.forward(image),
            |caption| self.caption.forward(caption),
        );
        let (image, caption) = match decisions {
            ByModality::Both { image, caption } => (log_softmax(image), log_softmax(caption)),
            ByModality::Image(decision) | ByModality::Caption(decision) => return decision,
        };
        let pairs = image.iter().zip(&caption);
        match self.combination {
            Combination::Mean => mean(&image, &caption),
            Combination::Product => pairs.map(|(image, caption)| image + caption).collect(),
            Combination::Learnt => pairs
                .map(|(image, caption)| image * self.image_weight + caption * self.caption_weight)
                .collect(),
        }
    }

    /// How logits along a contrast change with each standardised feature of the image; `None` where the combination is not
    /// linear in it.
    ///
    /// The logarithm of a softmax moves all logits by the same, which a contrast does not see: its numbers add up to 0.
    pub(super) fn image_direction(&self, kind: Modality, contrast: &[f32]) -> Option<Vec<f32>> {
        let mut direction = self.image.back(contrast, 0, self.image.inputs());
        match (kind, self.combination) {
            (Modality::Both, Combination::Mean) => return None,
            (Modality::Both, Combination::Learnt) => {
                for value in &mut direction {
                    *value *= self.image_weight;
                }
            }
            _ => {}
        }
        Some(direction)
    }
}

/// The mean of two decisions, of which these are the logarithms, up to a constant.
pub(super) fn mean(image: &[f32], caption: &[f32]) -> Vec<f32> {
    let pairs = image.iter().zip(caption);
    pairs
        .map(|(image, caption)| {
            let larger = image.max(*caption);
            ((image - larger).exp() + (caption - larger).exp()).ln() + larger
        })
        .collect()
}

/// The logarithms of a decision's probabilities.
pub(super) fn log_softmax(mut logits: Vec<f32>) -> Vec<f32> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - highest).exp()).sum();
    let less = highest + sum.ln();
    for logit in &mut logits {
        *logit -= less;
    }
    logits
}
