//! The networks: picture towers, text encoders and what fuses them.

pub mod efficientnet_lite;
