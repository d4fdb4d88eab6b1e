//! The networks: towers for pictures and captions, and what fuses them.

pub mod efficientnet_lite;
pub mod fusion;
pub mod googlenet;
pub mod image_tower;
pub mod picture_features;
pub mod text_encoder;
