//! Training: data sets, losses, loops, and the import of pretrained parts.

pub mod import;
