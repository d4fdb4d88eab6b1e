//! How two vectors of the same size become one.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::fusion::ByModality;

/// The poolings that Duong, Lebret and Aberer compare for joint fusion.
///
/// They take what there is: of one vector alone, the maximum, the mean, the sum and the product are that vector itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// The larger number in each place.
    Max,
    /// The mean of both.
    Mean,
    /// The sum of both.
    Sum,
    /// The product of both.
    Product,
    /// Both side by side, the image first. The place of an absent one holds zeros, by which a linear classifier
    /// leaves its rows of weights out.
    Concatenation,
}

impl Pooling {
    /// All poolings.
    pub const ALL: [Self; 5] = [Self::Max, Self::Mean, Self::Sum, Self::Product, Self::Concatenation];

    /// The name in recipes and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Max => "max",
            Self::Mean => "mean",
            Self::Sum => "sum",
            Self::Product => "product",
            Self::Concatenation => "concatenation",
        }
    }

    /// Length of what comes of two vectors of length `d`.
    #[must_use]
    pub const fn d_output(self, d: usize) -> usize {
        match self {
            Self::Concatenation => 2 * d,
            _ => d,
        }
    }

    /// Pools the vectors that there are.
    ///
    /// # Shapes
    /// - vectors: `[batch, d]` each
    /// - output: `[batch, d_output]`
    #[must_use]
    pub fn pool(self, vectors: ByModality<Tensor<2>>) -> Tensor<2> {
        match (self, vectors) {
            (Self::Max, ByModality::Both { image, caption }) => image.max_pair(caption),
            (Self::Mean, ByModality::Both { image, caption }) => (image + caption) / 2.0,
            (Self::Sum, ByModality::Both { image, caption }) => image + caption,
            (Self::Product, ByModality::Both { image, caption }) => image * caption,
            (Self::Concatenation, ByModality::Both { image, caption }) => Tensor::cat(vec![image, caption], 1),
            (Self::Concatenation, ByModality::Image(image)) => {
                let absent = image.zeros_like();
                Tensor::cat(vec![image, absent], 1)
            }
            (Self::Concatenation, ByModality::Caption(caption)) => Tensor::cat(vec![caption.zeros_like(), caption], 1),
            (_, ByModality::Image(vector) | ByModality::Caption(vector)) => vector,
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    fn vector(values: [f32; 2]) -> Tensor<2> {
        Tensor::from_floats([values], &Device::flex())
    }

    fn pooled(pooling: Pooling, vectors: ByModality<Tensor<2>>) -> Vec<f32> {
        pooling.pool(vectors).into_data().try_to_vec().unwrap()
    }

    #[test]
    fn both_vectors_are_pooled_as_the_name_says() {
        let found = Pooling::ALL.map(|pooling| {
            pooled(
                pooling,
                ByModality::Both {
                    image: vector([1.0, -2.0]),
                    caption: vector([3.0, -4.0]),
                },
            )
        });
        let expected: [&[f32]; 5] = [
            &[3.0, -2.0],
            &[2.0, -3.0],
            &[4.0, -6.0],
            &[3.0, 8.0],
            &[1.0, -2.0, 3.0, -4.0],
        ];
        assert_eq!(found.each_ref().map(Vec::as_slice), expected);
    }

    #[test]
    fn one_vector_alone_is_itself_and_never_pooled_with_zeros() {
        for pooling in Pooling::ALL {
            let image = pooled(pooling, ByModality::Image(vector([-1.0, 2.0])));
            let caption = pooled(pooling, ByModality::Caption(vector([-1.0, 2.0])));
            if pooling == Pooling::Concatenation {
                assert_eq!((image, caption), (vec![-1.0, 2.0, 0.0, 0.0], vec![0.0, 0.0, -1.0, 2.0]));
            } else {
                assert_eq!((image, caption), (vec![-1.0, 2.0], vec![-1.0, 2.0]));
            }
            assert_eq!(
                pooling.d_output(2),
                pooled(pooling, ByModality::Image(vector([0.0, 0.0]))).len()
            );
        }
    }
}
