//! The model file: one file with everything that touches a prediction, in which a wrong byte is an error with a name.
//!
//! # Layout
//! All numbers are little-endian.
//!
//! | bytes | what |
//! | --- | --- |
//! | 8 | `EMOFUSE\0` |
//! | 4 | version of the format, `u32`: [`VERSION`] |
//! | 4 | length of the JSON document, `u32` |
//! | 8 | length of the whole file, `u64` |
//! | … | the JSON document: `{"manifest": …, "tensors": [{"name", "shape", "encoding"}, …]}` |
//! | … | the tensors' numbers, in the order of the table |
//! | 32 | SHA-256 of everything before it, that is of the whole file but for these 32 bytes |
//!
//! Document and tensors are each followed by zeros up to the next multiple of 8 bytes from the start of the file. A
//! tensor's place follows from the shapes and encodings before it. Encodings: `f32`, `f16`, `int8` (scales in `f32` for
//! each entry of the first dimension, then a byte a number: number = byte · scale) and `int8_last_axis` (the same with
//! scales for the last dimension).
//!
//! Reading checks, in this order: magic, version, length, digest, manifest, table of tensors.

mod companion;
mod format;
mod fusion_architecture;
mod manifest;
mod module;
#[cfg(feature = "flex")]
mod packed;
mod ranges;
mod rows;
mod tensor;
pub mod tensor_group;
mod text_architecture;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use emofuse_core::error::{Error, Result};
use tensor::{StoredTensor, checked_len};

pub use companion::{Companion, Reads, Temperatures};
pub use format::{Digests, VERSION};
pub use fusion_architecture::FusionArchitecture;
pub use manifest::{Architecture, Calibrated, Calibration, ImageArchitecture, Manifest, SelfTest};
pub use rows::RowTable;
pub use tensor::Precision;
pub use text_architecture::{ConvolutionArchitecture, FastTextArchitecture, TextArchitecture, TransformerArchitecture};

/// A model file's contents: a manifest and named tensors.
#[derive(Debug)]
pub struct Bundle {
    /// Everything but the weights.
    pub manifest: Manifest,
    tensors: BTreeMap<String, Entry>,
    /// Digest of the file that was read.
    sha256: Option<String>,
}

#[derive(Debug)]
struct Entry {
    tensor: Arc<StoredTensor>,
    /// How many of its numbers have come; the others are zeros until then.
    numbers: usize,
    /// Whether anything has asked for it.
    used: AtomicBool,
}

impl Entry {
    fn new(tensor: StoredTensor) -> Self {
        Self::beginning(tensor, 0)
    }

    /// A tensor of which the last bytes have not come.
    fn beginning(tensor: StoredTensor, missing_bytes: usize) -> Self {
        Self {
            numbers: tensor.numbers_without(missing_bytes),
            tensor: Arc::new(tensor),
            used: AtomicBool::new(false),
        }
    }

    fn is_whole(&self) -> bool {
        self.numbers == self.tensor.len()
    }
}

impl Bundle {
    /// A bundle without tensors.
    #[must_use]
    pub fn new(manifest: Manifest) -> Self {
        Self {
            manifest,
            tensors: BTreeMap::new(),
            sha256: None,
        }
    }

    /// Adds a tensor, or replaces the one of that name.
    ///
    /// # Errors
    /// [`Error::TensorShape`] where there are not as many values as the shape says, [`Error::TensorNotFinite`] for
    /// values that are not finite, or too large for half precision.
    pub fn insert(&mut self, name: &str, shape: &[usize], values: &[f32], precision: Precision) -> Result<()> {
        if checked_len(shape) != Some(values.len()) {
            return Err(Error::TensorShape {
                name: name.into(),
                expected: shape.to_vec(),
                found: vec![values.len()],
            });
        }
        let Some(tensor) = StoredTensor::narrow(shape, values, precision) else {
            return Err(Error::TensorNotFinite { name: name.into() });
        };
        self.tensors.insert(name.into(), Entry::new(tensor));
        self.sha256 = None;
        Ok(())
    }

    /// Removes all tensors of a group; see [`tensor_group`].
    pub fn remove_group(&mut self, group: &str) {
        self.tensors.retain(|name, _| name.split('.').next() != Some(group));
        self.sha256 = None;
    }

    /// The file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        format::write(self)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// In the order of the checks: [`Error::ModelNotRecognised`], [`Error::ModelVersion`], [`Error::ModelLength`],
    /// [`Error::ModelIntegrity`], [`Error::ModelManifest`] (also for a table of tensors that does not fit the file),
    /// [`Error::TensorNotFinite`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        format::read(bytes, Digests::of)
    }

    /// Reads a file whose digests are known: a browser computes them many times as fast as this program would there.
    /// They must be those of these very bytes.
    ///
    /// # Errors
    /// As [`Bundle::from_bytes`].
    pub fn from_digested_bytes(bytes: &[u8], digests: Digests) -> Result<Self> {
        format::read(bytes, |_| digests)
    }

    /// Reads the first bytes of a file of `length` bytes, for captions alone: everything that they need comes first in a
    /// file, the table of words last of that. Rows that have not come are missing in [`RowTable::has`], and what other posts
    /// need is zeros.
    ///
    /// No digest is compared: whoever has only the beginning must know what it should be.
    ///
    /// # Errors
    /// Those of [`Bundle::from_bytes`] but [`Error::ModelIntegrity`], and [`Error::ModelIncomplete`] where no caption can be
    /// classified with so few bytes, or nothing is missing.
    pub fn from_beginning(bytes: Vec<u8>, length: usize) -> Result<Self> {
        format::read_beginning(bytes, length)
    }

    /// SHA-256, in hexadecimal, of the whole file that was read, as `sha256sum` shows it; `None` if no file was read, or
    /// a tensor was added since.
    ///
    /// A change of the manifest after reading does not show in it.
    #[must_use]
    pub fn sha256(&self) -> Option<&str> {
        self.sha256.as_deref()
    }

    /// The tensors' names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    /// Whether there is any tensor of a group; see [`tensor_group`].
    #[must_use]
    pub fn has_group(&self, group: &str) -> bool {
        self.names().any(|name| name.split('.').next() == Some(group))
    }

    /// A tensor's numbers, widened.
    ///
    /// # Errors
    /// [`Error::TensorMissing`], [`Error::TensorShape`].
    pub fn tensor(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        Ok(self.stored(name, shape)?.tensor.widen())
    }

    /// A matrix of `shape` `[rows, columns]` that stays as narrow as in the file.
    ///
    /// # Errors
    /// [`Error::TensorMissing`], [`Error::TensorShape`].
    pub fn rows(&self, name: &str, shape: &[usize; 2]) -> Result<RowTable> {
        let [rows, columns] = *shape;
        let Entry { tensor, numbers, .. } = self.stored(name, shape)?;
        let present = numbers / columns.max(1);
        Ok(RowTable::new(rows, columns, present, Arc::clone(tensor)))
    }

    /// Refuses a file with a tensor that nothing has asked for: it belongs to another architecture.
    ///
    /// # Errors
    /// [`Error::TensorUnknown`] with the first such tensor.
    pub fn check_all_used(&self) -> Result<()> {
        match self
            .tensors
            .iter()
            .find(|(_, entry)| !entry.used.load(Ordering::Relaxed))
        {
            Some((name, _)) => Err(Error::TensorUnknown { name: name.clone() }),
            None => Ok(()),
        }
    }

    fn stored(&self, name: &str, shape: &[usize]) -> Result<&Entry> {
        let Some(entry) = self.tensors.get(name) else {
            return Err(Error::TensorMissing { name: name.into() });
        };
        if entry.tensor.shape != shape {
            return Err(Error::TensorShape {
                name: name.into(),
                expected: shape.to_vec(),
                found: entry.tensor.shape.clone(),
            });
        }
        entry.used.store(true, Ordering::Relaxed);
        Ok(entry)
    }
}
