//! Early fusion: the features of image and caption side by side, and one classifier.
//!
//! Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017, arXiv 1708.02099).

use burn::{
    config::Config,
    module::{Module, Param},
    nn::Linear,
    tensor::{Device, Tensor},
};

use super::{ByModality, Modality};
use crate::model::{
    parameters::{classifier, constant},
    projection::Standardiser,
};

/// Sizes of an [`Early`].
#[derive(Config, Debug)]
pub struct EarlyConfig {
    /// Length of an image's feature vector.
    pub d_image: usize,
    /// Length of a caption's feature vector.
    pub d_caption: usize,
    /// How many labels there are.
    pub labels: usize,
}

impl EarlyConfig {
    /// A classifier that does not prefer any label yet.
    #[must_use]
    pub fn init(&self, device: &Device) -> Early {
        Early {
            image: Standardiser::new(self.d_image, device),
            caption: Standardiser::new(self.d_caption, device),
            output: classifier(self.d_image + self.d_caption, self.labels, device),
            priors: constant(0.0, [Modality::ALONE.len(), self.labels], device),
            d_image: self.d_image,
        }
    }
}

/// The early-fusion classifier.
#[derive(Module, Debug)]
pub struct Early {
    image: Standardiser,
    caption: Standardiser,
    /// `[d_image + d_caption, labels]`
    output: Linear,
    /// What is added to the logits of an image alone and of a caption alone: `[2, labels]`
    priors: Param<Tensor<2>>,
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

    /// Scores every label by the parts that there are.
    ///
    /// A modality that is absent counts as the mean of what was learnt from: standardised that is zeros, so that its rows
    /// of the classifier's matrix take no part. Each modality alone has a prior of its own beside the bias.
    ///
    /// # Shapes
    /// - parts: `[batch, d_image]`, `[batch, d_caption]`
    /// - output: `[batch, labels]`, logits
    pub fn logits(&self, parts: ByModality<Tensor<2>>) -> Tensor<2> {
        match parts {
            ByModality::Both { image, caption } => self.output.forward(Tensor::cat(vec![image, caption], 1)),
            ByModality::Image(image) => self.by_rows(image, 0) + self.prior(Modality::Image),
            ByModality::Caption(caption) => self.by_rows(caption, self.d_image) + self.prior(Modality::Caption),
        }
    }

    /// How much a deviation of each of the image's and of the caption's features counts for each label.
    ///
    /// # Shapes
    /// - output: `[d_image, labels]` and `[d_caption, labels]`
    #[must_use]
    pub fn standardised_weights(&self) -> ByModality<Tensor<2>> {
        let weights = self.output.weight.val();
        let d_caption = weights.dims()[0] - self.d_image;
        ByModality::Both {
            image: weights.clone().narrow(0, 0, self.d_image),
            caption: weights.narrow(0, self.d_image, d_caption),
        }
    }

    /// What is added for a modality alone: `[1, labels]`.
    fn prior(&self, kind: Modality) -> Tensor<2> {
        self.priors.val().narrow(0, kind.row_alone(), 1)
    }

    fn by_rows(&self, part: Tensor<2>, first: usize) -> Tensor<2> {
        let rows = self.output.weight.val().narrow(0, first, part.dims()[1]); // [d_part, labels]
        let logits = part.matmul(rows); // [batch, labels]
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

    const LABELS: usize = 3;

    fn model(device: &Device) -> Early {
        let mut model = EarlyConfig::new(7, 5, LABELS).init(device);
        model.output = LinearConfig::new(7 + 5, LABELS).init(device);
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
    #[test]
    fn either_side_alone_has_its_own_prior_and_both_together_have_none() {
        let device = Device::flex();
        let mut model = model(&device);
        let parts = |model: &Early| {
            let (image, caption) = (Tensor::ones([1, 7], &device), Tensor::ones([1, 5], &device));
            [
                ByModality::Image(image.clone()),
                ByModality::Caption(caption.clone()),
                ByModality::Both { image, caption },
            ]
            .map(|parts| model.logits(parts))
        };
        let before = parts(&model);
        model.priors = Param::from_tensor(Tensor::from_floats([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], &device));
        let added = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [0.0; 3]];
        for ((after, before), added) in parts(&model).into_iter().zip(before).zip(added) {
            assert_close(after, before + Tensor::from_floats([added], &device));
        }
    }
}
