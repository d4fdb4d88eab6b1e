//! The kernels: WGSL text and the constants that are filled into it.
//!
//! The text of a kernel depends on its constants alone, so that it is the same in every run and a browser finds what it has
//! compiled before.

/// How maps and weights of the image tower are stored; sums are in single precision always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Storage {
    /// In 32 bits.
    Single,
    /// In 16 bits, for which the device needs the feature `shader-f16`.
    Half,
}

impl Storage {
    /// Bytes of a vector of four numbers.
    #[must_use]
    pub fn vector_bytes(self) -> u64 {
        match self {
            Self::Single => 16,
            Self::Half => 8,
        }
    }

    fn head(self) -> &'static str {
        match self {
            Self::Single => "alias Half = f32;\n",
            Self::Half => "enable f16;\nalias Half = f16;\n",
        }
    }
}

/// How a matrix product is cut into workgroups; see `convolution.wgsl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Rows of a thread.
    pub rows: u32,
    /// Threads beside each other, each with four outputs.
    pub across: u32,
    /// Threads below each other.
    pub down: u32,
    /// Parts of the sum over the inputs that stand side by side.
    pub slices: u32,
    /// Vectors of four inputs that a slice reads in a step.
    pub depth: u32,
}

impl Tile {
    /// For layers with many rows.
    pub const LARGE: Self = Self {
        rows: 4,
        across: 8,
        down: 8,
        slices: 1,
        depth: 4,
    };
    /// For layers with some hundred rows, which would be too few workgroups for a graphics card.
    pub const SLICED: Self = Self {
        rows: 4,
        across: 8,
        down: 8,
        slices: 4,
        depth: 4,
    };
    /// For layers with fewer rows than that.
    pub const SMALL: Self = Self {
        rows: 2,
        across: 8,
        down: 4,
        slices: 8,
        depth: 2,
    };

    /// The tile of a layer with this many rows and vectors of four outputs.
    #[must_use]
    pub fn of(rows: u32, outputs4: u32) -> Self {
        /// About what keeps a large card busy.
        const ENOUGH_WORKGROUPS: u32 = 100;
        let workgroups = |tile: Self| {
            let [across, down, _] = tile.groups(rows, outputs4);
            across * down
        };
        if workgroups(Self::LARGE) >= ENOUGH_WORKGROUPS {
            Self::LARGE
        } else if workgroups(Self::SLICED) >= ENOUGH_WORKGROUPS / 5 {
            Self::SLICED
        } else {
            Self::SMALL
        }
    }

    /// Workgroups of a layer with this many rows and vectors of four outputs.
    #[must_use]
    pub fn groups(self, rows: u32, outputs4: u32) -> [u32; 3] {
        [outputs4.div_ceil(self.across), rows.div_ceil(self.rows * self.down), 1]
    }
}

/// A kernel with its constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// `stem.wgsl`
    Stem {
        /// Side of the window.
        kernel: u32,
        /// Pixels from one window to the next.
        stride: u32,
    },
    /// `convolution.wgsl`
    Convolution {
        /// Side of the window.
        kernel: u32,
        /// How it is cut into workgroups.
        tile: Tile,
        /// Whether the activation is GELU.
        is_gelu: bool,
    },
    /// `depthwise.wgsl`
    Depthwise {
        /// Side of the window.
        kernel: u32,
        /// Pixels from one window to the next.
        stride: u32,
    },
    /// `moments.wgsl`
    Moments,
    /// `cells.wgsl`
    Cells,
    /// `max_pool.wgsl`
    MaxPool,
    /// `local_response_norm.wgsl`
    LocalResponseNorm,
    /// `caption_convolution.wgsl`
    CaptionConvolution,
    /// `layer_norm.wgsl`
    LayerNorm,
    /// `attention.wgsl`
    Attention,
    /// `token_mean.wgsl`
    TokenMean,
}

/// Columns of a thread in `depthwise.wgsl`.
pub const COLUMNS: u32 = 4;

/// Threads of the kernels whose workgroup has one dimension, but for `moments.wgsl`.
pub const THREADS: u32 = 64;

impl Kernel {
    /// The name of its file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stem { .. } => "stem",
            Self::Convolution { .. } => "convolution",
            Self::Depthwise { .. } => "depthwise",
            Self::Moments => "moments",
            Self::Cells => "cells",
            Self::MaxPool => "max_pool",
            Self::LocalResponseNorm => "local_response_norm",
            Self::CaptionConvolution => "caption_convolution",
            Self::LayerNorm => "layer_norm",
            Self::Attention => "attention",
            Self::TokenMean => "token_mean",
        }
    }

    /// Threads of a workgroup.
    #[must_use]
    pub fn workgroup(self) -> [u32; 3] {
        match self {
            Self::Convolution { tile, .. } => [tile.across, tile.down, tile.slices],
            Self::CaptionConvolution => [4, 16, 1],
            Self::Moments => [256, 1, 1],
            _ => [THREADS, 1, 1],
        }
    }

    /// The WGSL text.
    #[must_use]
    pub fn text(self, storage: Storage) -> String {
        let filled = self
            .constants()
            .into_iter()
            .fold(self.template().to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{{{name}}}}}"), &value.to_string())
            });
        format!("{}{filled}", storage.head())
    }

    fn template(self) -> &'static str {
        match self {
            Self::Stem { .. } => include_str!("kernels/stem.wgsl"),
            Self::Convolution { .. } => include_str!("kernels/convolution.wgsl"),
            Self::Depthwise { .. } => include_str!("kernels/depthwise.wgsl"),
            Self::Moments => include_str!("kernels/moments.wgsl"),
            Self::Cells => include_str!("kernels/cells.wgsl"),
            Self::MaxPool => include_str!("kernels/max_pool.wgsl"),
            Self::LocalResponseNorm => include_str!("kernels/local_response_norm.wgsl"),
            Self::CaptionConvolution => include_str!("kernels/caption_convolution.wgsl"),
            Self::LayerNorm => include_str!("kernels/layer_norm.wgsl"),
            Self::Attention => include_str!("kernels/attention.wgsl"),
            Self::TokenMean => include_str!("kernels/token_mean.wgsl"),
        }
    }

    fn constants(self) -> Vec<(&'static str, u32)> {
        match self {
            Self::Stem { kernel, stride } => vec![("KERNEL", kernel), ("STRIDE", stride)],
            Self::Depthwise { kernel, stride } => vec![("KERNEL", kernel), ("STRIDE", stride), ("COLUMNS", COLUMNS)],
            Self::Convolution { kernel, tile, is_gelu } => vec![
                ("KERNEL", kernel),
                ("TM", tile.rows),
                ("TX", tile.across),
                ("TY", tile.down),
                ("SLICES", tile.slices),
                ("DEPTH", tile.depth),
                ("GELU", is_gelu.into()),
            ],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_keep_to_the_limits_that_every_device_has() {
        for tile in [Tile::LARGE, Tile::SLICED, Tile::SMALL] {
            let bytes = 16 * tile.slices * tile.depth * (tile.down * tile.rows + 4 * tile.across);
            assert!(bytes <= 16 * 1024, "{tile:?} takes {bytes} bytes");
            assert!(tile.across * tile.down * tile.slices <= 256, "{tile:?}");
            assert!(tile.down * tile.rows <= 8 * tile.depth || tile.slices == 1, "{tile:?}");
        }
    }

    #[test]
    fn no_constant_is_left_open_and_no_text_depends_on_anything_else() {
        let tile = Tile::SMALL;
        for kernel in [
            Kernel::Stem { kernel: 3, stride: 2 },
            Kernel::Convolution {
                kernel: 3,
                tile,
                is_gelu: true,
            },
            Kernel::Depthwise { kernel: 5, stride: 1 },
            Kernel::Cells,
        ] {
            let text = kernel.text(Storage::Single);
            assert!(!text.contains("{{"), "{}", kernel.name());
            assert_eq!(text, kernel.text(Storage::Single));
        }
    }
}
