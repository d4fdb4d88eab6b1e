//! Where packed networks take their tensors from.

use emofuse_core::error::Result;

/// Where tensors come from: a model file.
pub trait TensorSource {
    /// A tensor's numbers in single precision.
    ///
    /// # Errors
    /// Those of a tensor that is not there or has another shape.
    fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>>;

    /// A tensor of bytes with a scale for each entry of the first dimension: the scales, then the bytes; `None` for one
    /// that is kept otherwise.
    ///
    /// # Errors
    /// As [`TensorSource::floats`].
    fn int8(&self, name: &str, shape: &[usize]) -> Result<Option<(&[f32], &[i8])>>;

    /// The same with a scale for each entry of the last dimension, as burn's linear layers `[inputs, outputs]` have it.
    ///
    /// # Errors
    /// As [`TensorSource::floats`].
    fn int8_by_last(&self, name: &str, shape: &[usize]) -> Result<Option<(&[f32], &[i8])>>;
}
