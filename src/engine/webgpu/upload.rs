//! What is uploaded for a batch: one buffer in parts, each a multiple of 16 bytes.

use crate::request::Request;

/// The sizes of a batch: whatever a plan depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Images.
    pub images: u32,
    /// Their side, in pixels.
    pub side: u32,
    /// Whether the features of their cells are wanted.
    pub in_cells: bool,
    /// Captions.
    pub captions: u32,
    /// The windows that they are read in.
    pub windows: u32,
    /// Tokens of a window, with padding.
    pub tokens: u32,
    /// Vectors of four of a token.
    pub word4: u32,
}

/// Where each part begins, in vectors of four numbers; a shape makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The sizes.
    pub shape: Shape,
    /// `[window]`: how many tokens it has. The pixels stand before them.
    pub windows_at: u32,
    /// `[window][token][word4]`
    pub tokens_at: u32,
    /// All of it.
    pub end: u32,
}

impl Shape {
    /// Of a request about images of a side.
    #[must_use]
    pub fn new(request: &Request<'_>, side: u32) -> Self {
        let count = |length: usize| length as u32;
        Self {
            images: count(request.images.len()),
            side,
            in_cells: !request.cells.is_empty(),
            captions: count(request.captions.len()),
            windows: count(request.windows().count()),
            // In steps of four: fewer plans for captions of many lengths.
            tokens: count(request.longest().next_multiple_of(4)),
            word4: count(request.words.map_or(0, |words| words.columns().div_ceil(4))),
        }
    }
}

impl Upload {
    /// Lays the parts out.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let windows_at = (shape.images * shape.side * shape.side).div_ceil(4);
        let tokens_at = windows_at + shape.windows;
        Self {
            shape,
            windows_at,
            tokens_at,
            end: tokens_at + shape.windows * shape.tokens * shape.word4,
        }
    }

    /// The bytes of a request of this shape.
    #[must_use]
    pub fn bytes(&self, request: &Request<'_>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.end as usize * 16);
        for image in &request.images {
            bytes.extend_from_slice(image.pixels.as_flattened());
        }
        bytes.resize(self.windows_at as usize * 16, 0);
        let mut numbers = Vec::with_capacity((self.end - self.windows_at) as usize * 4);
        for window in request.windows() {
            numbers.extend([window.len() as f32, 0.0, 0.0, 0.0]);
        }
        let padded = self.shape.word4 as usize * 4;
        if let Some(words) = request.words {
            for window in request.windows() {
                let start = numbers.len();
                numbers.resize(start + self.shape.tokens as usize * padded, 0.0);
                for (id, token) in window.iter().zip(numbers[start..].chunks_exact_mut(padded)) {
                    words.row_into(*id as usize, &mut token[..words.columns()]);
                }
            }
        }
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        bytes
    }
}
