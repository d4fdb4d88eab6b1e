//! The towers on the CPU: as layers of burn, or by own kernels.

use burn::tensor::{Device, Tensor};
use emofuse_core::error::{Error, Result};

use super::{caption_encoder::CaptionEncoder, image_encoder::ImageEncoder};
use crate::{
    bundle::{Bundle, tensor_group},
    model::image_features::{ImageFeatures, Layers as Kept},
    preprocessing::Preprocessing,
    request::{Answers, CPU, CellFeatures, Request, of_captions},
};

/// The towers of a model.
#[derive(Debug)]
pub struct Layers {
    device: Device,
    preprocessing: Preprocessing,
    image: Option<ImageEncoder>,
    caption: Option<CaptionEncoder>,
}

impl Layers {
    /// Loads the towers of a model file onto a device.
    ///
    /// # Errors
    /// As [`Bundle::load_module`].
    pub fn load(bundle: &Bundle, device: &Device) -> Result<Self> {
        let architecture = &bundle.manifest.architecture;
        let image = architecture.image.map(|image| {
            let tower = image.init(device);
            ImageEncoder::load(bundle, tensor_group::IMAGE, tower, device)
        });
        let caption = architecture.text.as_ref().map(|text| {
            let tower = text.init(device);
            CaptionEncoder::load(bundle, tensor_group::CAPTION, tower, device)
        });
        Ok(Self {
            image: image.transpose()?,
            caption: caption.transpose()?,
            preprocessing: bundle.manifest.preprocessing.clone(),
            device: device.clone(),
        })
    }

    /// Answers a request.
    ///
    /// # Errors
    /// [`Error::Backend`](emofuse_core::Error::Backend) where the device fails.
    pub async fn answer(&self, request: Request<'_>) -> Result<Answers> {
        let mut answers = Answers::default();
        if let (Some(tower), false) = (&self.image, request.images.is_empty()) {
            let kept = if request.cells.is_empty() {
                Kept::Drop
            } else {
                Kept::Keep
            };
            let images = tower.forward(&request.images, &self.preprocessing, &self.device, kept);
            for image in &request.cells {
                if let Some(cells) = cells(&images, *image).await? {
                    answers.cells.push(cells);
                }
            }
            answers.images = rows(images.features).await?;
        }
        if let (Some(tower), Some(words), false) = (&self.caption, request.words, request.captions.is_empty()) {
            let windows: Vec<&[u32]> = request.windows().collect();
            let features = rows(tower.forward(&windows, words, &self.device)).await?;
            answers.captions = of_captions(features, &request.captions);
        }
        Ok(answers)
    }
}

/// The features of an image's cells.
async fn cells(images: &ImageFeatures, image: usize) -> Result<Option<CellFeatures>> {
    let Some(maps) = images.maps(image) else {
        return Ok(None);
    };
    let [_, d_image, height, width] = maps.dims();
    let by_cell = maps.reshape([d_image, height * width]).transpose();
    Ok(Some(CellFeatures {
        height,
        width,
        features: readback(by_cell).await?,
    }))
}

/// Reads a matrix row by row.
async fn rows(matrix: Tensor<2>) -> Result<Vec<Vec<f32>>> {
    let length = matrix.dims()[1].max(1);
    let values = readback(matrix).await?;
    Ok(values.chunks_exact(length).map(<[f32]>::to_vec).collect())
}

/// Reads a tensor's numbers.
async fn readback(tensor: Tensor<2>) -> Result<Vec<f32>> {
    let failed = |reason: String| Error::Backend { backend: CPU, reason };
    let data = tensor
        .into_data_async()
        .await
        .map_err(|error| failed(format!("{error:?}")))?;
    data.try_to_vec::<f32>().map_err(|error| failed(format!("{error:?}")))
}
