//! The networks as layers of burn.

use burn::{
    nn::{Linear, LinearConfig},
    tensor::{Device, Int, Tensor, TensorData, activation::sigmoid},
};
use emofuse_core::{emotion::EMOTIONS, error::Result};

use super::{
    caption_encoder::CaptionEncoder,
    image_encoder::ImageEncoder,
    readback::{Rows, readback},
};
use crate::{
    bundle::{Bundle, FusionArchitecture, RowTable, TextArchitecture, tensor_group},
    model::{
        fusion::{
            Modality,
            common_space::{CommonSpace, CommonSpaceConfig},
        },
        image_features::{ImageFeatures, Layers as Kept},
        parameters::linear,
        unimodal::linear::{LinearBaseline, LinearBaselineConfig},
    },
    preprocessing::{Preprocessing, Square},
    request::{Answers, CellLogits, Logits, Request, shares},
};

/// The networks of a model.
#[derive(Debug)]
pub struct Layers {
    device: Device,
    preprocessing: Preprocessing,
    image: ImageEncoder,
    caption: CaptionEncoder,
    caption_labels: Linear,
    caption_emotion: Option<Linear>,
    fusion: CommonSpace,
    standalone_image: LinearBaseline,
    standalone_caption: LinearBaseline,
}

impl Layers {
    /// Loads the networks of a model file onto a device.
    ///
    /// # Errors
    /// As [`Bundle::load_module`].
    pub fn load(bundle: &Bundle, device: &Device) -> Result<Self> {
        let architecture = &bundle.manifest.architecture;
        let FusionArchitecture::CommonSpace { d_common, image_share } = architecture.fusion;
        let caption = architecture.text.init(device);
        let features = caption.features();
        let emotion = match architecture.text {
            TextArchitecture::Convolution(_) => None,
            TextArchitecture::Transformer(_) => Some(linear(&LinearConfig::new(features, EMOTIONS), device)),
        };
        let labels = linear(&LinearConfig::new(features, 8), device);
        let image = architecture.image.init(device);
        let fusion = CommonSpaceConfig::new(image.d_image(), features)
            .with_d_common(d_common)
            .with_image_share(image_share)
            .init(device);
        let standalone_image = LinearBaselineConfig::new(image.d_image()).init(device);
        let standalone_caption = LinearBaselineConfig::new(features).init(device);
        Ok(Self {
            image: ImageEncoder::load(bundle, tensor_group::IMAGE, image, device)?,
            caption: CaptionEncoder::load(bundle, tensor_group::CAPTION, caption, device)?,
            caption_labels: bundle.load_module(tensor_group::CAPTION_LABELS, labels, device)?,
            caption_emotion: emotion
                .map(|emotion| bundle.load_module(tensor_group::CAPTION_EMOTION, emotion, device))
                .transpose()?,
            fusion: bundle.load_module(tensor_group::FUSION, fusion, device)?,
            standalone_image: bundle.load_module(tensor_group::STANDALONE_IMAGE, standalone_image, device)?,
            standalone_caption: bundle.load_module(tensor_group::STANDALONE_CAPTION, standalone_caption, device)?,
            preprocessing: bundle.manifest.preprocessing.clone(),
            device: device.clone(),
        })
    }

    /// Answers a request.
    ///
    /// # Errors
    /// [`Error::Backend`](emofuse_core::Error::Backend) where the device fails.
    pub async fn answer(&self, request: Request<'_>) -> Result<Answers> {
        let kept = if request.maps.is_empty() {
            Kept::Drop
        } else {
            Kept::Keep
        };
        let mut rows = Rows::default();
        let images = (!request.images.is_empty()).then(|| self.encode_images(&request.images, kept));
        let captions = (!request.captions.is_empty()).then(|| self.encode_captions(&request.captions, request.words));
        let of_images = images
            .as_ref()
            .map(|images| rows.add(self.standalone_image.forward(images.features.clone())));
        let of_captions = captions
            .as_ref()
            .map(|captions| rows.add(self.standalone_caption.forward(captions.clone())));
        let of_pairs = images.as_ref().zip(captions).filter(|_| !request.pairs.is_empty());
        let of_pairs = of_pairs.map(|(images, captions)| {
            let images = self.fusion.image(images.features.clone());
            let captions = self.fusion.caption(captions);
            let (first, second): (Vec<_>, Vec<_>) = request.pairs.iter().map(|pair| (pair.image, pair.caption)).unzip();
            let vectors = self.fusion.both(select(&images, &first), select(&captions, &second));
            rows.add(self.fusion.logits(vectors, Modality::Both))
        });
        let of_maps: Vec<_> = request
            .maps
            .iter()
            .filter_map(|(image, kind)| self.attribute_image(images.as_ref()?, *image, *kind, &mut rows))
            .collect();

        let logits = rows.readback().await?;
        let rows = |range: Option<std::ops::Range<usize>>| range.map_or_else(Vec::new, |range| logits[range].to_vec());
        Ok(Answers {
            images: rows(of_images),
            captions: rows(of_captions),
            pairs: rows(of_pairs),
            maps: of_maps
                .into_iter()
                .map(|(range, [height, width])| CellLogits {
                    height,
                    width,
                    cells: logits[range].to_vec(),
                })
                .collect(),
        })
    }

    /// Logits of a post of which only the image is known, and of the image alone.
    ///
    /// # Errors
    /// [`Error::Backend`](emofuse_core::Error::Backend) where the device fails.
    pub async fn image_of_post(&self, image: Square) -> Result<[Logits; 2]> {
        let features = self.encode_images(&[image], Kept::Drop).features;
        let of_post = self.fusion.logits(self.fusion.image(features.clone()), Modality::Image);
        two_rows(of_post, self.standalone_image.forward(features)).await
    }

    /// Logits of a post of which only the caption is known, and of the caption alone.
    ///
    /// # Errors
    /// [`Error::Backend`](emofuse_core::Error::Backend) where the device fails.
    pub async fn caption_of_post(&self, windows: Vec<Vec<u32>>, words: &RowTable) -> Result<[Logits; 2]> {
        let features = self.encode_captions(&[windows], words);
        let of_post = self
            .fusion
            .logits(self.fusion.caption(features.clone()), Modality::Caption);
        two_rows(of_post, self.standalone_caption.forward(features)).await
    }

    /// Probabilities of the eight primary emotions for a caption, each on its own.
    ///
    /// # Errors
    /// [`Error::Backend`](emofuse_core::Error::Backend) where the device fails.
    pub async fn caption_labels(&self, windows: Vec<Vec<u32>>, words: &RowTable) -> Result<[f32; 8]> {
        let logits = self.caption_labels.forward(self.encode_captions(&[windows], words));
        let values = readback(sigmoid(logits)).await?;
        Ok(std::array::from_fn(|label| values[label]))
    }

    /// Logits of a caption by the caption tower's own classifier; `None` where it has none.
    ///
    /// # Errors
    /// [`Error::Backend`](emofuse_core::Error::Backend) where the device fails.
    pub async fn caption_emotion(&self, windows: Vec<Vec<u32>>, words: &RowTable) -> Result<Option<Logits>> {
        let Some(emotion) = &self.caption_emotion else {
            return Ok(None);
        };
        let mut rows = Rows::default();
        rows.add(emotion.forward(self.encode_captions(&[windows], words)));
        Ok(rows.readback().await?.first().copied())
    }

    fn encode_images(&self, images: &[Square], kept: Kept) -> ImageFeatures {
        self.image.forward(images, &self.preprocessing, &self.device, kept)
    }

    /// Features of captions. Those of a caption that is read in windows are those of its windows, which count by their
    /// words.
    ///
    /// # Shapes
    /// - output: `[captions, d_caption]`
    fn encode_captions(&self, captions: &[Vec<Vec<u32>>], words: &RowTable) -> Tensor<2> {
        let windows: Vec<&[u32]> = captions.iter().flatten().map(Vec::as_slice).collect();
        let features = self.caption.forward(&windows, words, &self.device);
        if windows.len() == captions.len() {
            return features;
        }
        let mut matrix = vec![0.0; captions.len() * windows.len()];
        let mut column = 0;
        for (caption, of_caption) in captions.iter().enumerate() {
            for share in shares(of_caption) {
                matrix[caption * windows.len() + column] = share;
                column += 1;
            }
        }
        let matrix = TensorData::new(matrix, [captions.len(), windows.len()]);
        Tensor::<2>::from_data(matrix, &self.device).matmul(features)
    }

    /// What each cell of an image adds to the logits: a row a cell, and how many rows and columns of cells there are.
    fn attribute_image(
        &self,
        images: &ImageFeatures,
        image: usize,
        kind: Modality,
        rows: &mut Rows,
    ) -> Option<(std::ops::Range<usize>, [usize; 2])> {
        let maps = images.maps(image)?; // [1, d_image, height, width]
        let [_, _, height, width] = maps.dims();
        let shares = match kind {
            Modality::Both => self.fusion.image_shares(maps),
            Modality::Image | Modality::Caption => self.standalone_image.shares(maps),
        }; // [1, emotions, cells]
        Some((rows.add(shares.squeeze_dim::<2>(0).transpose()), [height, width]))
    }
}

/// Reads two rows at once.
async fn two_rows(first: Tensor<2>, second: Tensor<2>) -> Result<[Logits; 2]> {
    let mut rows = Rows::default();
    rows.add(first);
    rows.add(second);
    let rows = rows.readback().await?;
    Ok([rows[0], rows[1]])
}

/// Some rows of a matrix.
///
/// # Shapes
/// - matrix: `[rows, columns]`
/// - output: `[indices, columns]`
fn select(matrix: &Tensor<2>, indices: &[usize]) -> Tensor<2> {
    if indices.iter().copied().eq(0..matrix.dims()[0]) {
        return matrix.clone();
    }
    let indices: Vec<i32> = indices.iter().map(|index| *index as i32).collect();
    let count = indices.len();
    let indices = Tensor::<1, Int>::from_data(TensorData::new(indices, [count]), &matrix.device());
    matrix.clone().select(0, indices)
}
