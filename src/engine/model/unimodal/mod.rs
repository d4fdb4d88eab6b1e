//! Systems that look at the image alone or at the caption alone: what a fusion has to be better than.

pub mod fasttext;
pub mod linear;
