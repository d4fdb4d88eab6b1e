//! From the device: everything of a batch in one read, for which a device makes one wait.

use std::ops::Range;

use burn::tensor::Tensor;
use emofuse_core::{
    emotion::EMOTIONS,
    error::{Error, Result},
};

use crate::request::CPU;

/// Rows of a number for each emotion that are still on the device.
#[derive(Default)]
pub(super) struct Rows {
    tensors: Vec<Tensor<2>>,
    count: usize,
}

impl Rows {
    /// Adds rows and tells where they will be.
    ///
    /// # Shapes
    /// - rows: `[rows, emotions]`
    pub(super) fn add(&mut self, rows: Tensor<2>) -> Range<usize> {
        let start = self.count;
        self.count += rows.dims()[0];
        self.tensors.push(rows);
        start..self.count
    }

    /// Reads all rows.
    pub(super) async fn readback(self) -> Result<Vec<[f32; EMOTIONS]>> {
        if self.tensors.is_empty() {
            return Ok(Vec::new());
        }
        let values = readback(Tensor::cat(self.tensors, 0)).await?;
        Ok(values.as_chunks().0.to_vec())
    }
}

/// Reads a tensor's numbers.
pub(super) async fn readback(tensor: Tensor<2>) -> Result<Vec<f32>> {
    let failed = |reason: String| Error::Backend { backend: CPU, reason };
    let data = tensor
        .into_data_async()
        .await
        .map_err(|error| failed(format!("{error:?}")))?;
    data.try_to_vec::<f32>().map_err(|error| failed(format!("{error:?}")))
}
