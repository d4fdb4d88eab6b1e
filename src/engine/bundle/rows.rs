//! A table that stays as narrow as in the file and is widened a row at a time.

use std::sync::Arc;

use super::tensor::StoredTensor;

/// A matrix of which few rows are needed at a time, such as the word vectors: in int8 it takes a quarter of the memory.
#[derive(Clone, Debug)]
pub struct RowTable {
    rows: usize,
    columns: usize,
    /// How many rows have come, of a file of which only the beginning is there.
    present: usize,
    tensor: Arc<StoredTensor>,
}

impl RowTable {
    pub(super) fn new(rows: usize, columns: usize, present: usize, tensor: Arc<StoredTensor>) -> Self {
        Self {
            rows,
            columns,
            present,
            tensor,
        }
    }

    /// Whether a row has come: all have, unless only the beginning of the file was read.
    #[must_use]
    pub fn has(&self, index: usize) -> bool {
        index < self.present
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How long a row is.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Widens a row into `target`.
    ///
    /// # Panics
    /// Where there is no such row, or `target` is not as long as a row.
    pub fn row_into(&self, index: usize, target: &mut [f32]) {
        assert!(index < self.rows, "row {index} of a table of {}", self.rows);
        assert_eq!(target.len(), self.columns, "the length of a row");
        self.tensor.widen_into(index * self.columns, target);
    }
}
