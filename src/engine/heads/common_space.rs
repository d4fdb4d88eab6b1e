//! The common space; see [`model::fusion::common_space`](crate::model::fusion::common_space).

use emofuse_core::error::Result;

use super::linear::{Matrix, add};
use crate::{
    bundle::Bundle,
    model::fusion::{ByModality, Modality},
};

#[derive(Debug)]
pub(super) struct CommonSpace {
    image: Matrix,
    caption: Matrix,
    output: Matrix,
    /// `[kinds, labels]`
    priors: Vec<f32>,
    image_share: f32,
}

impl CommonSpace {
    pub(super) fn load(
        bundle: &Bundle,
        group: &str,
        [d_image, d_caption, d_common, labels]: [usize; 4],
        image_share: f32,
    ) -> Result<Self> {
        let layer = |name: &str| [group, name].concat();
        Ok(Self {
            image: Matrix::without_bias(bundle, &layer(".image.linear"), [d_image, d_common])?,
            caption: Matrix::without_bias(bundle, &layer(".caption.linear"), [d_caption, d_common])?,
            output: Matrix::without_bias(bundle, &layer(".output"), [d_common, labels])?,
            priors: bundle.tensor(&layer(".priors"), &[Modality::ALL.len(), labels])?,
            image_share,
        })
    }

    /// Logits of standardised features.
    pub(super) fn logits(&self, sides: ByModality<&[f32]>) -> Vec<f32> {
        let vector = match sides {
            ByModality::Both { image, caption } => {
                let mut vector = self.image.forward(image);
                for value in &mut vector {
                    *value *= self.image_share;
                }
                add(&mut vector, &self.caption.forward(caption));
                vector
            }
            ByModality::Image(image) => self.image.forward(image),
            ByModality::Caption(caption) => self.caption.forward(caption),
        };
        let mut logits = self.output.forward(&vector);
        let labels = logits.len();
        add(&mut logits, &self.priors[sides.kind().index() * labels..]);
        logits
    }

    /// How logits along a contrast change with each standardised feature of the image.
    pub(super) fn image_direction(&self, kind: Modality, contrast: &[f32]) -> Vec<f32> {
        let mut in_space = self.output.back(contrast, 0, self.output.inputs());
        if kind == Modality::Both {
            for value in &mut in_space {
                *value *= self.image_share;
            }
        }
        self.image.back(&in_space, 0, self.image.inputs())
    }
}
