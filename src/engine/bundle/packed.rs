//! Tensors for the kernels of the CPU, which take 8-bit weights as they are in the file.

use emofuse_core::error::Result;

use super::{Bundle, tensor::Axis};
use crate::model::TensorSource;

impl TensorSource for Bundle {
    fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.tensor(name, shape)
    }

    fn int8(&self, name: &str, shape: &[usize]) -> Result<Option<(&[f32], &[i8])>> {
        Ok(self.stored(name, shape)?.tensor.int8(Axis::First))
    }

    fn int8_by_last(&self, name: &str, shape: &[usize]) -> Result<Option<(&[f32], &[i8])>> {
        Ok(self.stored(name, shape)?.tensor.int8(Axis::Last))
    }
}
