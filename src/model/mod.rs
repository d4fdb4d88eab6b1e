//! The networks: towers for pictures and captions, what fuses them, and what does with one of them.

pub mod efficientnet_lite;
pub mod fusion;
pub mod picture_features;
pub mod pooling;
pub mod projection;
pub mod text_encoder;
pub mod unimodal;
