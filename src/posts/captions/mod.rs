//! Captions of images: in files beside them, in their own metadata, in the cells of tables.
//!
//! Cameras, phones and programs write texts where captions belong. Such a text is not a caption: the model would judge it as if
//! a person had written it. [`written_caption`] is the one place where that is decided.

mod annotations;
mod automatic;
mod metadata;
mod names;
mod sidecar;
mod written;

pub use metadata::embedded_caption;
pub use names::{SidecarFinder, sidecar_names};
pub use sidecar::{MAX_SIDECAR_BYTES, sidecar_caption};
pub use written::{trimmed, written_caption};
