//! The caption tower on the CPU.

use burn::tensor::{Device, Tensor, TensorData};
use emofuse_core::error::Result;

use crate::{
    bundle::{Bundle, RowTable, TextArchitecture},
    model::{
        caption_encoder::CaptionEncoder as CaptionTower, is_plain_cpu, transformer_encoder::PackedTransformerEncoder,
    },
};

/// A tower that is ready to encode captions.
#[derive(Debug)]
pub(super) enum CaptionEncoder {
    /// Own kernels, for a transformer with 8-bit weights on the CPU.
    Packed(Box<PackedTransformerEncoder>),
    /// The layers of burn, for any weights on any device.
    Layers(Box<CaptionTower>),
}

impl CaptionEncoder {
    /// Loads the tensors below `prefix`, in the way that is fastest on the device.
    ///
    /// # Errors
    /// As [`Bundle::load_module`].
    pub(super) fn load(bundle: &Bundle, prefix: &str, tower: CaptionTower, device: &Device) -> Result<Self> {
        if let Some(TextArchitecture::Transformer(network)) = &bundle.manifest.architecture.text
            && is_plain_cpu(device)
            && let Some(packed) = PackedTransformerEncoder::load(bundle, prefix, &network.config())?
        {
            return Ok(Self::Packed(Box::new(packed)));
        }
        let tower = bundle.load_module(prefix, tower, device)?;
        Ok(Self::Layers(Box::new(tower)))
    }

    /// Encodes windows of captions, given the rows of their words or word pieces.
    ///
    /// # Shapes
    /// - output: `[windows, d_caption]`
    pub(super) fn forward(&self, windows: &[&[u32]], words: &RowTable, device: &Device) -> Tensor<2> {
        match self {
            Self::Packed(tower) => {
                let lengths: Vec<usize> = windows.iter().map(|ids| ids.len()).collect();
                let vectors = rows(windows, lengths.iter().sum(), words);
                let features = tower.forward(&vectors, &lengths);
                Tensor::from_data(TensorData::new(features, [windows.len(), tower.features()]), device)
            }
            Self::Layers(tower) => {
                let (vectors, mask) = padded(windows, words, device);
                tower.forward(vectors, mask)
            }
        }
    }
}

/// The vectors of all windows one after another.
///
/// # Shapes
/// - output: `[tokens, d_word]`
fn rows(windows: &[&[u32]], tokens: usize, words: &RowTable) -> Vec<f32> {
    let d_word = words.columns();
    let mut vectors = vec![0.0; tokens * d_word];
    let ids = windows.iter().copied().flatten();
    for (id, row) in ids.zip(vectors.chunks_exact_mut(d_word)) {
        words.row_into(*id as usize, row);
    }
    vectors
}

/// The vectors of all windows, as many for each as the longest has.
///
/// # Shapes
/// - output: `[windows, tokens, d_word]`, and `[windows, tokens]` with 1 for a token and 0 for padding
fn padded(windows: &[&[u32]], words: &RowTable, device: &Device) -> (Tensor<3>, Tensor<2>) {
    let d_word = words.columns();
    let longest = windows.iter().map(|ids| ids.len()).max().unwrap_or(0).max(1);
    let mut vectors = vec![0.0; windows.len() * longest * d_word];
    let mut mask = vec![0.0; windows.len() * longest];
    for (window, ids) in windows.iter().enumerate() {
        let first = window * longest;
        mask[first..first + ids.len()].fill(1.0);
        for (id, row) in ids.iter().zip(vectors[first * d_word..].chunks_exact_mut(d_word)) {
            words.row_into(*id as usize, row);
        }
    }
    let vectors = TensorData::new(vectors, [windows.len(), longest, d_word]);
    let mask = TensorData::new(mask, [windows.len(), longest]);
    (Tensor::from_data(vectors, device), Tensor::from_data(mask, device))
}
