//! Early fusion; see [`model::fusion::early`](crate::model::fusion::early).

use emofuse_core::error::Result;

use super::linear::{Matrix, add};
use crate::{
    bundle::Bundle,
    model::fusion::{ByModality, Modality},
};

#[derive(Debug)]
pub(super) struct Early {
    output: Matrix,
    priors: Priors,
    d_image: usize,
}

impl Early {
    pub(super) fn load(bundle: &Bundle, group: &str, [d_image, d_caption, labels]: [usize; 3]) -> Result<Self> {
        let inputs = d_image + d_caption;
        Ok(Self {
            output: Matrix::load(bundle, &[group, ".output"].concat(), [inputs, labels])?,
            priors: Priors::load(bundle, group, labels)?,
            d_image,
        })
    }

    /// Logits of standardised features.
    pub(super) fn logits(&self, sides: ByModality<&[f32]>) -> Vec<f32> {
        let mut logits = self.output.bias().to_vec();
        if let Some(image) = sides.image() {
            add(&mut logits, &self.output.product(image, 0));
        }
        if let Some(caption) = sides.caption() {
            add(&mut logits, &self.output.product(caption, self.d_image));
        }
        self.priors.add(&mut logits, sides.kind());
        logits
    }

    /// How logits along a contrast change with each standardised feature of the image.
    pub(super) fn image_direction(&self, contrast: &[f32]) -> Vec<f32> {
        self.output.back(contrast, 0, self.d_image)
    }
}

/// What is added to the logits of an image alone and of a caption alone.
#[derive(Debug)]
pub(super) struct Priors(Vec<f32>);

impl Priors {
    pub(super) fn load(bundle: &Bundle, group: &str, labels: usize) -> Result<Self> {
        let shape = [Modality::ALONE.len(), labels];
        Ok(Self(bundle.tensor(&[group, ".priors"].concat(), &shape)?))
    }

    pub(super) fn add(&self, logits: &mut [f32], kind: Modality) {
        if kind != Modality::Both {
            let labels = logits.len();
            add(logits, &self.0[kind.row_alone() * labels..]);
        }
    }
}
