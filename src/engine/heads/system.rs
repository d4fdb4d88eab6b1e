//! A system: what it standardises, and how it fuses.

use emofuse_core::error::{Error, Result};

use super::{
    common_space::CommonSpace,
    early::Early,
    joint::Joint,
    late::Late,
    linear::{Matrix, Standardiser},
};
use crate::{
    bundle::{Bundle, FusionArchitecture, TextArchitecture, tensor_group},
    model::fusion::{ByModality, Modality},
};

/// A system that scores labels by the features of an image, of a caption, or of both.
#[derive(Debug)]
pub struct System {
    image: Option<Standardiser>,
    caption: Option<Standardiser>,
    fusion: Fusion,
    reads: Modality,
}

#[derive(Debug)]
enum Fusion {
    CommonSpace(CommonSpace),
    Joint(Joint),
    Early(Early),
    Late(Late),
    /// A classifier of one side.
    Single(Matrix),
}

/// A linear classifier of one side; see [`LinearBaseline`](crate::model::unimodal::linear::LinearBaseline).
pub(super) fn single(bundle: &Bundle, group: &str, shape: [usize; 2], reads: Modality) -> Result<System> {
    let standard = Standardiser::load(bundle, &[group, ".output.standard"].concat(), shape[0])?;
    let fusion = Fusion::Single(Matrix::load(bundle, &[group, ".output.linear"].concat(), shape)?);
    let (image, caption) = match reads {
        Modality::Caption => (None, Some(standard)),
        _ => (Some(standard), None),
    };
    Ok(System {
        image,
        caption,
        fusion,
        reads,
    })
}

impl System {
    /// Reads the system of a model file.
    ///
    /// # Errors
    /// As [`Bundle::tensor`].
    pub(super) fn load(bundle: &Bundle) -> Result<Self> {
        let architecture = &bundle.manifest.architecture;
        let group = tensor_group::FUSION;
        let labels = bundle.manifest.labels.len();
        // A manifest whose system lacks a tower it reads was refused.
        let d_image = architecture.d_image().unwrap_or_default();
        let d_caption = architecture.d_caption().unwrap_or_default();
        let sizes = [d_image, d_caption, labels];
        let standard = |name: &str, features: usize| Standardiser::load(bundle, &[group, name].concat(), features);
        let (image, caption, fusion) = match architecture.fusion {
            FusionArchitecture::CommonSpace { d_common, image_share } => {
                let sizes = [d_image, d_caption, d_common, labels];
                (
                    standard(".image.standard", d_image)?,
                    standard(".caption.standard", d_caption)?,
                    Fusion::CommonSpace(CommonSpace::load(bundle, group, sizes, image_share)?),
                )
            }
            FusionArchitecture::Joint { pooling } => (
                standard(".image.standard", d_image)?,
                standard(".caption", d_caption)?,
                Fusion::Joint(Joint::load(bundle, group, sizes, pooling)?),
            ),
            FusionArchitecture::Early => (
                standard(".image", d_image)?,
                standard(".caption", d_caption)?,
                Fusion::Early(Early::load(bundle, group, sizes)?),
            ),
            FusionArchitecture::Late { weighting } => (
                standard(".image.standard", d_image)?,
                standard(".caption.standard", d_caption)?,
                Fusion::Late(Late::load(bundle, group, sizes, weighting)?),
            ),
            FusionArchitecture::Image => return single(bundle, group, [d_image, labels], Modality::Image),
            FusionArchitecture::Caption => {
                if !matches!(architecture.text, Some(TextArchitecture::FastText(_))) {
                    return single(bundle, group, [d_caption, labels], Modality::Caption);
                }
                // The mean of words as it is; see `FastText`.
                let output = Matrix::load(bundle, &[group, ".output"].concat(), [d_caption, labels])?;
                return Ok(Self {
                    image: None,
                    caption: None,
                    fusion: Fusion::Single(output),
                    reads: Modality::Caption,
                });
            }
        };
        Ok(Self {
            image: Some(image),
            caption: Some(caption),
            fusion,
            reads: Modality::Both,
        })
    }

    /// Logits of a post by the features of its sides, one for each label.
    ///
    /// A side that the system does not read takes no part. What it makes of a post without the other side is its own:
    /// see [`FusionArchitecture`].
    ///
    /// # Errors
    /// [`Error::ModalityMissing`] if the post lacks the only side that the system reads.
    pub fn logits(&self, features: ByModality<&[f32]>) -> Result<Vec<f32>> {
        let sides = self.standardised(features)?;
        Ok(self.fuse(sides.as_ref().map(Vec::as_slice, Vec::as_slice)))
    }

    /// The sides of a post that the system reads.
    ///
    /// # Errors
    /// [`Error::ModalityMissing`] if there are none.
    pub(crate) fn known<I, C>(&self, sides: ByModality<I, C>) -> Result<ByModality<I, C>> {
        if self.reads == Modality::Both {
            return Ok(sides);
        }
        let needed = match self.reads {
            Modality::Caption => "captions",
            _ => "images",
        };
        sides.only(self.reads).ok_or(Error::ModalityMissing { needed })
    }

    pub(super) fn standardised(&self, features: ByModality<&[f32]>) -> Result<ByModality<Vec<f32>>> {
        let standardise = |by: Option<&Standardiser>, features: &[f32]| match by {
            Some(standard) => standard.forward(features),
            None => features.to_vec(),
        };
        Ok(self.known(features)?.map(
            |image| standardise(self.image.as_ref(), image),
            |caption| standardise(self.caption.as_ref(), caption),
        ))
    }

    /// Mean and deviation of the features by which it standardises: of images and of captions; `None` for a side that it does
    /// not read, and for features that it takes as they are.
    #[must_use]
    pub fn statistics(&self) -> [Option<[&[f32]; 2]>; 2] {
        [&self.image, &self.caption].map(|standard| standard.as_ref().map(Standardiser::statistics))
    }

    pub(super) fn image_standardiser(&self) -> Option<&Standardiser> {
        self.image.as_ref()
    }

    /// Logits of standardised features.
    pub(super) fn fuse(&self, sides: ByModality<&[f32]>) -> Vec<f32> {
        match &self.fusion {
            Fusion::CommonSpace(fusion) => fusion.logits(sides),
            Fusion::Joint(fusion) => fusion.logits(sides),
            Fusion::Early(fusion) => fusion.logits(sides),
            Fusion::Late(fusion) => fusion.logits(sides),
            Fusion::Single(classifier) => match sides {
                ByModality::Image(side) | ByModality::Caption(side) | ByModality::Both { image: side, .. } => {
                    classifier.forward(side)
                }
            },
        }
    }

    /// How logits along a contrast, whose numbers add up to 0, change with each standardised feature of the image; `None`
    /// where the system is not linear in it.
    pub(super) fn image_direction(&self, sides: ByModality<&[f32]>, contrast: &[f32]) -> Option<Vec<f32>> {
        let kind = sides.kind();
        match &self.fusion {
            Fusion::CommonSpace(fusion) => Some(fusion.image_direction(kind, contrast)),
            Fusion::Joint(fusion) => fusion.image_direction(sides, contrast),
            Fusion::Early(fusion) => Some(fusion.image_direction(contrast)),
            Fusion::Late(fusion) => fusion.image_direction(kind, contrast),
            Fusion::Single(classifier) => Some(classifier.back(contrast, 0, classifier.inputs())),
        }
    }
}
