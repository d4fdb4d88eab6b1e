//! The images of a plan.

use crate::webgpu::kernel::Storage;

/// What a plan is to make of images.
#[derive(Clone, Copy, Debug)]
pub struct Images {
    /// How many there are.
    pub count: u32,
    /// Their side in pixels.
    pub side: u32,
    /// Whether the features are wanted for the cells of the last map too.
    pub in_cells: bool,
    /// How the maps are stored.
    pub storage: Storage,
}
