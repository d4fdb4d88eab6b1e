//! Pretrained parts, read from the files in which others publish them.

pub mod efficientnet;
pub mod glove;
pub mod vocabulary;
