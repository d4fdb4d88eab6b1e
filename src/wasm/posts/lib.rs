//! The crate `emofuse-posts` for the labelling desk: thin bindings, one module for each part of the crate.

mod images;
mod table;
