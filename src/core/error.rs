//! The one error type of the crate; its variants say who can mend what.

use std::{io, path::PathBuf};

/// The result of anything here that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A cause kept beneath an [`Error`].
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// What an image has too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageUnit {
    /// Bytes of the encoded image.
    Bytes,
    /// Pixels of the decoded image.
    Pixels,
    /// Bytes of memory that decoding it takes.
    DecodingBytes,
    /// Samples that the scans of a JPEG file go over.
    ScannedSamples,
}

impl std::fmt::Display for ImageUnit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Bytes => "bytes",
            Self::Pixels => "pixels",
            Self::DecodingBytes => "bytes while it is decoded",
            Self::ScannedSamples => "samples in its scans",
        })
    }
}

/// In which way pretrained weights do not fit the network that they are read into.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsProblem {
    /// Not a safetensors file, or a damaged one.
    #[error("it cannot be read as safetensors: {reason}")]
    Unreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// The weights of a network that looks alike and computes something else.
    #[error("these are the weights of {found}, which is another network: {difference}; use {wanted}")]
    OtherNetwork {
        /// Which network they belong to.
        found: &'static str,
        /// How it differs from the one that is needed.
        difference: &'static str,
        /// What to use instead.
        wanted: &'static str,
    },
    /// A tensor that the network needs is absent.
    #[error("the tensor `{name}` is missing")]
    Missing {
        /// Its name.
        name: String,
    },
    /// A tensor that the network has no place for.
    #[error("the network has no place for the tensor `{name}`")]
    Unknown {
        /// Its name.
        name: String,
    },
    /// A tensor of another shape than the network needs.
    #[error("the tensor `{name}` has shape {found:?}, the network needs {expected:?}")]
    Shape {
        /// Its name.
        name: String,
        /// What the network needs.
        expected: Vec<usize>,
        /// What the file has.
        found: Vec<usize>,
    },
    /// A tensor of numbers that are not read.
    #[error("the tensor `{name}` is of type {found}; convert it to F32")]
    NumberType {
        /// Its name.
        name: String,
        /// The type.
        found: String,
    },
    /// A tensor with a number that is infinite or none.
    #[error("the tensor `{name}` holds a number that is not finite")]
    NotFinite {
        /// Its name.
        name: String,
    },
}

/// Everything that can go wrong, by cause.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    // The post
    /// The image cannot be decoded: not an image, a format not known here, or damaged.
    #[error("the image cannot be read: {reason}; use a JPEG, PNG, WebP, GIF or BMP file")]
    UnsupportedImage {
        /// What is wrong with it.
        reason: String,
        /// The decoder's own error.
        #[source]
        source: Option<Source>,
    },
    /// The image is larger than the limits, which are checked before decoding.
    #[error("the image has {found} {unit}, more than the {limit} allowed; make it smaller")]
    ImageTooLarge {
        /// What there is too much of.
        unit: ImageUnit,
        /// How much the image has.
        found: u64,
        /// How much is allowed.
        limit: u64,
    },
    /// Neither an image nor a caption with a word in it.
    #[error("the post is empty; give an image, a caption, or both")]
    EmptyPost,
    /// The post lacks what the model classifies: its image, or its caption.
    #[error("this model classifies {needed}; add one to the post")]
    ModalityMissing {
        /// What the model classifies: `images` or `captions`.
        needed: &'static str,
    },

    // The model file
    /// The file does not begin as a model file does.
    #[error("this is not an emofuse model file; make one with `emofuse train`")]
    ModelNotRecognised,
    /// The file was written by a newer or an older emofuse.
    #[error(
        "the model file has format version {found}, this emofuse reads version {supported}; {}",
        if found > supported { "update emofuse" } else { "train the model again with `emofuse train`" }
    )]
    ModelVersion {
        /// The file's version.
        found: u32,
        /// The version that can be read.
        supported: u32,
    },
    /// The file ends too early, or goes on after its end.
    #[error("the model file should have {expected} bytes but has {found}; fetch it again")]
    ModelLength {
        /// Bytes that the header announces.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// Only the beginning of the file is there, and what is asked for needs more of it.
    #[error("the part of the model file that this post needs has not come yet; wait for the rest of the file")]
    ModelIncomplete,
    /// The file's contents do not match its digest.
    #[error("the model file is altered: SHA-256 {found}, expected {expected}; fetch it again")]
    ModelIntegrity {
        /// The digest in the file.
        expected: String,
        /// The digest of what is there.
        found: String,
    },
    /// The manifest is not what this version understands.
    #[error("the model file's manifest is wrong: {reason}")]
    ModelManifest {
        /// What is wrong with it.
        reason: String,
        /// The parser's own error.
        #[source]
        source: Option<Source>,
    },
    /// A tensor that the architecture needs is absent.
    #[error("the model file lacks the tensor `{name}`")]
    TensorMissing {
        /// Its name.
        name: String,
    },
    /// A tensor that the architecture has no place for.
    #[error("the model file holds a tensor `{name}` that its architecture has no place for")]
    TensorUnknown {
        /// Its name.
        name: String,
    },
    /// A tensor of another shape than the architecture needs.
    #[error("the tensor `{name}` has shape {found:?}, the architecture needs {expected:?}")]
    TensorShape {
        /// Its name.
        name: String,
        /// What the architecture needs.
        expected: Vec<usize>,
        /// What the file has.
        found: Vec<usize>,
    },
    /// A tensor with a number that is infinite or none.
    #[error("the tensor `{name}` holds a number that is not finite; train the model anew")]
    TensorNotFinite {
        /// Its name.
        name: String,
    },

    // The device
    /// The back end cannot be used: no adapter, a lost device, a failed self-test.
    #[error("the {backend} back end cannot be used: {reason}")]
    Backend {
        /// Which one.
        backend: &'static str,
        /// Why.
        reason: String,
    },

    // The caller's files
    /// A set of labels that cannot be used.
    #[error("the labels cannot be used: {reason}")]
    Labels {
        /// What is wrong with them.
        reason: String,
    },
    /// A name that no label has.
    #[error("`{name}` is not a label; the labels are {expected}")]
    UnknownLabel {
        /// The name as found.
        name: String,
        /// The names of the labels, with commas between them.
        expected: String,
    },
    /// A row of a table that cannot be used.
    #[error("{}, line {line}: {reason}", path.display())]
    Row {
        /// The table.
        path: PathBuf,
        /// Its line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// A data set, recipe or pretrained part that cannot be used.
    #[error("{}: {reason}", path.display())]
    Data {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// Pretrained weights that do not fit the network that they are read into.
    #[error("{}: {problem}", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// In which way.
        problem: WeightsProblem,
    },
    /// A file that cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// Wraps an operating system's error with the path it is about.
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    /// The stable name under which JavaScript sees the error.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::UnsupportedImage { .. } => "UnsupportedImageError",
            Self::ImageTooLarge { .. } => "ImageTooLargeError",
            Self::EmptyPost => "EmptyPostError",
            Self::ModalityMissing { .. } => "ModalityError",
            Self::ModelIntegrity { .. } => "IntegrityError",
            Self::ModelIncomplete => "ModelIncompleteError",
            Self::ModelNotRecognised
            | Self::ModelVersion { .. }
            | Self::ModelLength { .. }
            | Self::ModelManifest { .. }
            | Self::TensorMissing { .. }
            | Self::TensorUnknown { .. }
            | Self::TensorShape { .. }
            | Self::TensorNotFinite { .. } => "ModelFormatError",
            Self::Backend { .. } => "BackendError",
            Self::Labels { .. }
            | Self::UnknownLabel { .. }
            | Self::Row { .. }
            | Self::Data { .. }
            | Self::Weights { .. }
            | Self::Io { .. } => "DataError",
        }
    }
}
