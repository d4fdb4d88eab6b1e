//! Training: data sets, losses, loops, metrics, and the import of pretrained parts.

pub mod import;
