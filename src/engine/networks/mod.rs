//! The towers of a model on a device: one question, two ways to answer it.

#[cfg(feature = "flex")]
mod caption_encoder;
#[cfg(feature = "flex")]
mod image_encoder;
#[cfg(feature = "flex")]
mod layers;

#[cfg(feature = "flex")]
pub use layers::Layers;

use emofuse_core::error::Result;

#[cfg(feature = "flex")]
use crate::request::CPU;
#[cfg(feature = "webgpu")]
use crate::request::WEBGPU;
use crate::request::{Answers, Request};
#[cfg(feature = "webgpu")]
use crate::webgpu::WebGpu;

/// Windows of captions that are read at once, some ten megabytes of them: an explanation reads a caption once for each of
/// its words.
const MOST_WINDOWS: usize = 256;

/// Loaded towers.
#[derive(Debug)]
pub enum Networks {
    /// Layers of burn, with own kernels for images, on the CPU.
    #[cfg(feature = "flex")]
    Layers(Box<Layers>),
    /// Own kernels on burn's WebGPU device.
    #[cfg(feature = "webgpu")]
    WebGpu(Box<WebGpu>),
}

impl Networks {
    /// The name of the back end.
    #[must_use]
    pub fn backend(&self) -> &'static str {
        match self {
            #[cfg(feature = "flex")]
            Self::Layers(_) => CPU,
            #[cfg(feature = "webgpu")]
            Self::WebGpu(_) => WEBGPU,
        }
    }

    /// Answers a request.
    ///
    /// # Errors
    /// [`Error::Backend`](emofuse_core::Error::Backend) where the device fails.
    pub async fn answer(&self, request: Request<'_>) -> Result<Answers> {
        if request.windows().count() <= MOST_WINDOWS {
            return self.answer_at_once(request).await;
        }
        let mut answers = Answers::default();
        for part in request.split(MOST_WINDOWS) {
            let found = self.answer_at_once(part).await?;
            answers.images.extend(found.images);
            answers.captions.extend(found.captions);
            answers.cells.extend(found.cells);
        }
        Ok(answers)
    }

    async fn answer_at_once(&self, request: Request<'_>) -> Result<Answers> {
        match self {
            #[cfg(feature = "flex")]
            Self::Layers(networks) => networks.answer(request).await,
            #[cfg(feature = "webgpu")]
            Self::WebGpu(networks) => networks.answer(&request).await,
        }
    }
}
