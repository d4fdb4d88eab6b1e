//! Where the window of a depthwise convolution stands.

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
