//! Early fusion: the features of image and caption side by side, and one classifier.
//!
//! Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017, arXiv 1708.02099).

use burn::{
    config::Config,
    module::Module,
    nn::Linear,
    tensor::{Device, Tensor},
};
use emofuse_core::emotion::EMOTIONS;

use super::ByModality;
use crate::model::{parameters::classifier, projection::Standardiser};

/// Sizes of an [`Early`].
#[derive(Config, Debug)]
pub struct EarlyConfig {
    /// Length of an image's feature vector.
    pub d_image: usize,
    /// Length of a caption's feature vector.
    pub d_caption: usize,
}

impl EarlyConfig {
    /// A classifier that does not prefer any label yet.
    #[must_use]
    pub fn init(&self, device: &Device) -> Early {
        Early {
            image: Standardiser::new(self.d_image, device),
            caption: Standardiser::new(self.d_caption, device),
            output: classifier(self.d_image + self.d_caption, EMOTIONS, device),
            d_image: self.d_image,
        }
    }
}

/// The early-fusion classifier.
#[derive(Module, Debug)]
pub struct Early {
    image: Standardiser,
    caption: Standardiser,
    /// `[d_image + d_caption, emotions]`
    output: Linear,
    d_image: usize,
}

impl Early {
    /// Sets the means and deviations by which the features of either modality are standardised.
    #[must_use]
    pub fn with_statistics(mut self, image: [Tensor<1>; 2], caption: [Tensor<1>; 2]) -> Self {
        self.image = self.image.with_statistics(image);
        self.caption = self.caption.with_statistics(caption);
        self
    }

    /// The image's part of the features side by side.
    ///
    /// # Shapes
    /// - features, output: `[batch, d_image]`
    pub fn image(&self, features: Tensor<2>) -> Tensor<2> {
        self.image.forward(features)
    }

    /// The caption's part of the features side by side.
    ///
    /// # Shapes
    /// - features, output: `[batch, d_caption]`
    pub fn caption(&self, features: Tensor<2>) -> Tensor<2> {
        self.caption.forward(features)
    }

    /// Scores every emotion by the parts that there are.
    ///
    /// Where a modality is absent, its rows of the classifier's matrix take no part. The classifier was not trained for
    /// it: early fusion has no better prediction to a missing modality.
    ///
    /// # Shapes
    /// - parts: `[batch, d_image]`, `[batch, d_caption]`
    /// - output: `[batch, emotions]`, logits
    pub fn logits(&self, parts: ByModality<Tensor<2>>) -> Tensor<2> {
        match parts {
            ByModality::Both { image, caption } => self.output.forward(Tensor::cat(vec![image, caption], 1)),
            ByModality::Image(image) => self.by_rows(image, 0),
            ByModality::Caption(caption) => self.by_rows(caption, self.d_image),
        }
    }

    /// How much a deviation of each of the image's and of the caption's features counts for each emotion.
    ///
    /// # Shapes
    /// - output: `[d_image, emotions]` and `[d_caption, emotions]`
    #[must_use]
    pub fn standardised_weights(&self) -> ByModality<Tensor<2>> {
        let weights = self.output.weight.val();
        let d_caption = weights.dims()[0] - self.d_image;
        ByModality::Both {
            image: weights.clone().narrow(0, 0, self.d_image),
            caption: weights.narrow(0, self.d_image, d_caption),
        }
    }

    fn by_rows(&self, part: Tensor<2>, first: usize) -> Tensor<2> {
        let rows = self.output.weight.val().narrow(0, first, part.dims()[1]); // [d_part, emotions]
        let logits = part.matmul(rows); // [batch, emotions]
        match &self.output.bias {
            Some(bias) => logits + bias.val().unsqueeze(),
            None => logits,
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::{
        nn::LinearConfig,
        tensor::{Distribution, Tolerance},
    };

    use super::*;

    fn model(device: &Device) -> Early {
        let mut model = EarlyConfig::new(7, 5).init(device);
        model.output = LinearConfig::new(7 + 5, EMOTIONS).init(device);
        model
    }

    fn noise(shape: [usize; 2]) -> Tensor<2> {
        Tensor::random(shape, Distribution::Normal(0.0, 1.0), &Device::flex())
    }

    fn assert_close(left: Tensor<2>, right: Tensor<2>) {
        left.into_data()
            .assert_approx_eq::<f32>(&right.into_data(), Tolerance::absolute(1e-5));
    }

    #[test]
    fn a_batch_of_one_equals_its_row_of_many() {
        let model = model(&Device::flex());
        let (images, captions) = (noise([6, 7]), noise([6, 5]));
        let logits = |images, captions| {
            model.logits(ByModality::Both {
                image: model.image(images),
                caption: model.caption(captions),
            })
        };
        let many = logits(images.clone(), captions.clone());
        let one = logits(images.narrow(0, 2, 1), captions.narrow(0, 2, 1));
        assert_close(one, many.narrow(0, 2, 1));
    }

    #[test]
    fn an_absent_side_takes_no_part_so_the_standardised_weights_of_both_adds_up() {
        let device = Device::flex();
        let model = model(&device);
        let (image, caption) = (model.image(noise([3, 7])), model.caption(noise([3, 5])));
        let both = model.logits(ByModality::Both {
            image: image.clone(),
            caption: caption.clone(),
        });
        let bias = model.output.bias.as_ref().unwrap().val().unsqueeze();
        let apart = model.logits(ByModality::Image(image)) + model.logits(ByModality::Caption(caption)) - bias;
        assert_close(both, apart);
    }

    #[test]
    fn an_absent_caption_is_not_a_caption_of_zeros() {
        let device = Device::flex();
        let mean = Tensor::ones([5], &device);
        let model = model(&device).with_statistics(
            [Tensor::zeros([7], &device), Tensor::ones([7], &device)],
            [mean.clone(), mean],
        );
        let image = model.image(noise([3, 7]));
        let absent = model.logits(ByModality::Image(image.clone()));
        let zeros = model.logits(ByModality::Both {
            image,
            caption: model.caption(Tensor::zeros([3, 5], &device)),
        });
        assert!((absent - zeros).abs().max().into_scalar::<f32>() > 1e-3);
    }
}
