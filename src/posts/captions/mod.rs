//! Captions of images: in files beside them, in their own metadata, in the cells of tables.
//!
//! Which text is a caption that a person wrote is decided by [`emofuse_core::caption`].

mod annotations;
mod metadata;
mod names;
mod sidecar;

pub use metadata::embedded_caption;
pub use names::{SidecarFinder, sidecar_names};
pub use sidecar::{MAX_SIDECAR_BYTES, sidecar_caption};
