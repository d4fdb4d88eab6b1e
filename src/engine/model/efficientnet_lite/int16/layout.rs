//! Activations: `[channels / 8][pixels][8]`, so that eight channels of a pixel are one or two vectors, and the pixels of a
//! row stand side by side.

/// Eight channels of a pixel.
pub(super) type Block<Number> = [Number; 8];

/// Channels of a block.
pub(super) const BLOCK: usize = 8;

/// Activations in 16 bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Activations<'a> {
    pub(super) blocks: &'a [Block<i16>],
    pub(super) pixels: usize,
    /// What a step is worth.
    pub(super) step: f32,
}

/// Appends `[channels][pixels]`, as tensors have it.
pub(super) fn append_planes(blocks: &[Block<f32>], pixels: usize, planes: &mut Vec<f32>) {
    for block in blocks.chunks_exact(pixels) {
        for channel in 0..BLOCK {
            planes.extend(block.iter().map(|values| values[channel]));
        }
    }
}

/// Makes a buffer at least that long.
pub(super) fn grow<Number: Copy + Default>(buffer: &mut Vec<Block<Number>>, length: usize) {
    if buffer.len() < length {
        buffer.resize(length, Block::default());
    }
}

/// The window of a depthwise convolution over a square image with zeros around it, as TensorFlow's `SAME` has it: half of the zeros
/// that are needed, rounded down, stand before the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) kernel: usize,
    pub(super) stride: usize,
    /// Side of the image.
    pub(super) side: usize,
}

impl Window {
    /// Side of the output.
    pub(super) const fn output(self) -> usize {
        self.side.div_ceil(self.stride)
    }

    /// Zeros before the first pixel.
    pub(super) const fn before(self) -> usize {
        self.reach(self.output()).saturating_sub(self.side) / 2
    }

    /// Pixels a row has with the zeros around it, enough for whole groups of `together` outputs.
    pub(super) fn columns(self, together: usize) -> usize {
        let columns = self.reach(self.output().next_multiple_of(together));
        columns.max(self.before() + self.side)
    }

    /// Rows with the zeros around them.
    pub(super) fn rows(self) -> usize {
        self.reach(self.output()).max(self.before() + self.side)
    }

    /// Pixels that so many outputs are made of.
    const fn reach(self, outputs: usize) -> usize {
        (outputs - 1) * self.stride + self.kernel
    }
}
