//! The caption tower of a model file: training it takes longer than all the rest of a comparison.

use std::path::Path;

use burn::{nn::LinearConfig, tensor::Device};
use emofuse_core::error::{Error, Result};
use emofuse_engine::{
    bundle::{Bundle, TextArchitecture, tensor_group},
    text::Tokenizer,
};

use crate::{
    captions::{CaptionNetwork, CaptionTower},
    word_vectors::WordVectors,
};

/// Reads the caption tower of a model file, with the tokenizer that belongs to it. It may have learnt other labels: a
/// comparison reads its features alone.
///
/// # Errors
/// [`Error::Io`] where the file cannot be read, otherwise as [`Bundle::from_bytes`].
pub fn from_model(path: &Path, device: &Device) -> Result<(Tokenizer, CaptionTower)> {
    let bytes = std::fs::read(path).map_err(Error::io(path))?;
    let bundle = Bundle::from_bytes(&bytes)?;
    let manifest = &bundle.manifest;
    let lacking = |what: &str| Error::Data {
        path: path.into(),
        reason: format!("the model has {what}; name one whose system reads a caption tower"),
    };
    let text = manifest
        .architecture
        .text
        .as_ref()
        .ok_or_else(|| lacking("no caption tower"))?;
    if matches!(text, TextArchitecture::FastText(_)) {
        return Err(lacking("word vectors alone"));
    }
    let tokenizer = text.tokenizer(manifest.vocabulary.clone())?;
    let shape = [tokenizer.vocabulary().len(), text.d_word()];
    let encoder = text.init(device);
    let labels = LinearConfig::new(encoder.features(), manifest.caption_thresholds.len()).init(device);
    let tower = CaptionTower {
        network: CaptionNetwork {
            encoder: bundle.load_module(tensor_group::CAPTION, encoder, device)?,
            labels: bundle.load_module(tensor_group::CAPTION_LABELS, labels, device)?,
            emotion: None,
            embedding: None,
        },
        vectors: WordVectors::new(bundle.tensor(tensor_group::WORDS, &shape)?, text.d_word()),
        pretrained: None,
        thresholds: manifest.caption_thresholds.clone(),
        dev_macro_f1: f64::NAN,
    };
    Ok((tokenizer, tower))
}
