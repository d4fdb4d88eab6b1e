//! The networks: towers for pictures and captions, and what fuses them.

pub mod text_encoder;
