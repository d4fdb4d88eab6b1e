//! The caption towers as steps of a plan.

mod convolution;
mod transformer;

use emofuse_core::error::{Error, Result};

use super::{
    kernel::{Kernel, Storage, THREADS},
    plan::{Buffer, Plan, Step},
    upload::Upload,
    weights::Weights,
};
use crate::bundle::{Bundle, TextArchitecture};
use convolution::Convolution;
use transformer::Transformer;

/// A loaded caption tower: where its weights are.
#[derive(Debug)]
pub enum CaptionTower {
    /// Convolutions over word vectors.
    Convolution(Convolution),
    /// A transformer over word pieces.
    Transformer(Transformer),
    /// The mean of word vectors.
    Mean {
        /// Length of a word vector.
        d_word: usize,
    },
}

impl CaptionTower {
    /// Lays out the tensors below `prefix`.
    ///
    /// # Errors
    /// As [`Bundle::tensor`]; [`Error::Backend`] for a transformer of a width that the kernels do not have.
    pub fn load(bundle: &Bundle, prefix: &str, text: &TextArchitecture, weights: &mut Weights) -> Result<Self> {
        Ok(match text {
            TextArchitecture::Convolution(network) => {
                Self::Convolution(Convolution::load(bundle, prefix, network, weights)?)
            }
            TextArchitecture::Transformer(network) => {
                let widths = [network.d_model, network.d_model / network.heads, network.d_hidden];
                if widths.iter().any(|width| width % 4 != 0)
                    || network.d_model / network.heads > 256
                    || network.max_tokens + 2 > 256
                {
                    return Err(Error::Backend {
                        backend: "webgpu",
                        reason: format!(
                            "its kernels take transformers whose widths are multiples of 4, with heads of at most 256 and \
                             captions of at most 254 word pieces; this model has widths of {widths:?} and {} word pieces",
                            network.max_tokens
                        ),
                    });
                }
                Self::Transformer(Transformer::load(bundle, prefix, network, weights)?)
            }
            TextArchitecture::FastText(network) => Self::Mean { d_word: network.d_word },
        })
    }

    /// The features of a caption, each where it is among the padded ones that the steps make.
    #[must_use]
    pub fn places(&self) -> Vec<usize> {
        match self {
            Self::Convolution(tower) => tower.places(),
            Self::Transformer(tower) => (0..4 * tower.width4() as usize).collect(),
            Self::Mean { d_word } => (0..*d_word).collect(),
        }
    }

    /// Vectors of four features that the steps make of a window.
    #[must_use]
    pub fn features4(&self) -> u32 {
        match self {
            Self::Convolution(tower) => tower.features4(),
            Self::Transformer(tower) => tower.width4(),
            Self::Mean { d_word } => d_word.div_ceil(4) as u32,
        }
    }

    /// Adds the steps from the vectors of tokens to features of windows.
    pub fn plan(&self, plan: &mut Plan, upload: &Upload) {
        match self {
            Self::Convolution(tower) => tower.plan(plan, upload),
            Self::Transformer(tower) => tower.plan(plan, upload),
            Self::Mean { .. } => plan.step(Step {
                kernel: Kernel::TokenMean,
                storage: Storage::Single,
                reads: vec![Buffer::Input, Buffer::Input],
                write: Buffer::CaptionFeatures,
                info: vec![
                    upload.shape.tokens,
                    self.features4(),
                    upload.windows_at,
                    upload.tokens_at,
                ],
                groups: [self.features4().div_ceil(THREADS), upload.shape.windows, 1],
            }),
        }
    }
}
