//! Activations: `[channels / 8][pixels][8]`, so that eight channels of a pixel are one or two vectors, and the pixels of a
//! row stand side by side.

/// Eight channels of a pixel.
pub(in crate::model) type Block<Number> = [Number; 8];

/// Channels of a block.
pub(in crate::model) const BLOCK: usize = 8;

/// Activations in 16 bits.
#[derive(Clone, Copy, Debug)]
pub(in crate::model) struct Activations<'a> {
    pub(in crate::model) blocks: &'a [Block<i16>],
    pub(in crate::model) pixels: usize,
    /// What a step is worth.
    pub(in crate::model) step: f32,
}

/// Appends `[channels][pixels]`, as tensors have it.
pub(in crate::model) fn append_planes(blocks: &[Block<f32>], pixels: usize, planes: &mut Vec<f32>) {
    for block in blocks.chunks_exact(pixels) {
        for channel in 0..BLOCK {
            planes.extend(block.iter().map(|values| values[channel]));
        }
    }
}

/// Makes a buffer at least that long.
pub(in crate::model) fn grow<Number: Copy + Default>(buffer: &mut Vec<Block<Number>>, length: usize) {
    if buffer.len() < length {
        buffer.resize(length, Block::default());
    }
}
