//! Convolutions over word vectors; see [`TextEncoder`](crate::model::text_encoder::TextEncoder).

use emofuse_core::error::Result;

use crate::{
    bundle::{Bundle, ConvolutionArchitecture},
    webgpu::{
        kernel::{Kernel, Storage},
        plan::{Buffer, Plan, Step},
        upload::Upload,
        weights::Weights,
    },
};

/// Vectors of four filters, and of the mean, that a workgroup makes.
const ACROSS: u32 = 4;

/// Where the weights of the tower are.
#[derive(Debug)]
pub struct Convolution {
    /// The width of each group of filters, and where its weights are.
    sections: Vec<[u32; 2]>,
    d_word: usize,
    filters: usize,
}

impl Convolution {
    pub(super) fn load(
        bundle: &Bundle,
        prefix: &str,
        network: &ConvolutionArchitecture,
        weights: &mut Weights,
    ) -> Result<Self> {
        let (d_word, filters) = (network.d_word, network.filters);
        let section = |(index, width): (usize, &usize)| {
            let layer = format!("{prefix}.convolutions.{index}");
            let numbers = bundle.tensor(&format!("{layer}.weight"), &[width * d_word, filters])?;
            let bias = bundle.tensor(&format!("{layer}.bias"), &[filters])?;
            let at = weights.next();
            for place in numbers.chunks_exact(d_word * filters) {
                weights.rows(place, filters, 0.0);
                weights.zeros((d_word.next_multiple_of(4) - d_word) * filters.div_ceil(4));
            }
            weights.rows(&bias, filters, 0.0);
            Ok([*width as u32, at])
        };
        Ok(Self {
            sections: network.kernels.iter().enumerate().map(section).collect::<Result<_>>()?,
            d_word,
            filters,
        })
    }

    fn filters4(&self) -> u32 {
        self.filters.div_ceil(4) as u32
    }

    fn word4(&self) -> u32 {
        self.d_word.div_ceil(4) as u32
    }

    pub(super) fn features4(&self) -> u32 {
        self.sections.len() as u32 * self.filters4() + self.word4()
    }

    pub(super) fn places(&self) -> Vec<usize> {
        let padded = 4 * self.filters4() as usize;
        let filters =
            (0..self.sections.len()).flat_map(|section| (0..self.filters).map(move |filter| section * padded + filter));
        let mean = (0..self.d_word).map(|number| self.sections.len() * padded + number);
        filters.chain(mean).collect()
    }

    pub(super) fn plan(&self, plan: &mut Plan, upload: &Upload) {
        let sections = self.sections.len() as u32;
        let mut info = vec![
            upload.shape.tokens,
            self.word4(),
            self.filters4(),
            upload.tokens_at,
            upload.windows_at,
            sections,
        ];
        info.extend(self.sections.iter().flatten());
        plan.step(Step {
            kernel: Kernel::CaptionConvolution,
            storage: Storage::Single,
            reads: vec![Buffer::Input, Buffer::CaptionWeights],
            write: Buffer::CaptionFeatures,
            info,
            groups: [
                self.filters4().max(self.word4()).div_ceil(ACROSS),
                upload.shape.windows,
                sections + 1,
            ],
        });
    }
}
