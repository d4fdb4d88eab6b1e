//! The crate `emofuse-posts` for the labelling desk: thin bindings, one module for each part of the crate.

mod captions;
mod images;
mod table;
