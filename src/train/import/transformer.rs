//! A finetuned transformer for captions, out of the safetensors file that `tools/teacher/prune.py` writes.
//!
//! Tensors have the names and the layout of the crate's own modules: `encoder.layers.0.expand.weight` is
//! `[d_model, d_hidden]`. Beside them are `words`, a row for each entry of the vocabulary, and two linear layers,
//! `labels` and `emotion`. The metadata holds what the tensors cannot:
//!
//! | key | value |
//! | --- | --- |
//! | `vocabulary` | the word pieces of the rows behind those of padding and unknown words, one a line |
//! | `emoji_names` | a JSON object: the name of each emoji |
//! | `heads` | heads of each layer's attention |
//! | `layer_norm_epsilon` | what keeps layer normalisation from dividing by zero |
//! | `origin` | where the weights come from, in words |

use std::{collections::HashMap, fs, path::Path, str::FromStr};

use burn::{
    nn::{Linear, LinearConfig},
    tensor::Device,
};
use emofuse_core::{
    Emotion,
    error::{Error, Result, WeightsProblem},
};
use emofuse_engine::{
    bundle::TransformerArchitecture,
    model::transformer_encoder::{TransformerEncoder, TransformerEncoderConfig},
    text::{EmojiNames, Tokenizer, Vocabulary},
};
use safetensors::{SafeTensors, tensor::TensorView};
use sha2::{Digest, Sha256};

use super::weights::Weights;

/// Name of the table of vectors in the file.
const WORDS: &str = "words";

/// A finetuned caption tower and all that a model file says of it.
#[derive(Clone, Debug)]
pub struct FinetunedTransformer {
    /// The network, and how captions are read for it.
    pub architecture: TransformerArchitecture,
    /// The tokenizer that belongs to it.
    pub tokenizer: Tokenizer,
    /// The vectors of the word pieces, row by row.
    pub words: Vec<f32>,
    /// The network with its weights.
    pub encoder: TransformerEncoder,
    /// From features to a logit for each of the labels that it was finetuned for, by itself; Plutchik's eight.
    pub labels: Linear,
    /// From features to logits of all labels that it was finetuned for; Plutchik's eight and `neutral`.
    pub emotion: Linear,
    /// Where the weights come from, in words.
    pub origin: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

impl FinetunedTransformer {
    /// Reads the tower, of which a caption's first `max_tokens` word pieces will be read.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read, [`Error::Weights`] if it is not a safetensors file or its tensors are
    /// not those of such a network, [`Error::Data`] if its metadata is wrong or the network has too few positions.
    pub fn read(path: &Path, max_tokens: usize, device: &Device) -> Result<Self> {
        let bytes = fs::read(path).map_err(Error::io(path))?;
        let wrong = |problem| Error::Weights {
            path: path.into(),
            problem,
        };
        let unreadable = |error: safetensors::SafeTensorError| {
            wrong(WeightsProblem::Unreadable {
                reason: error.to_string(),
            })
        };
        let (_, header) = SafeTensors::read_metadata(&bytes).map_err(unreadable)?;
        let tensors = SafeTensors::deserialize(&bytes).map_err(unreadable)?;
        let tensors = tensors.iter().collect::<std::collections::BTreeMap<&str, TensorView>>();
        let metadata = Metadata {
            path,
            entries: header.metadata().as_ref(),
        };

        let vocabulary: Vec<String> = metadata.text("vocabulary")?.lines().map(String::from).collect();
        let emoji_names = serde_json::from_str::<EmojiNames>(metadata.text("emoji_names")?)
            .map_err(|error| metadata.wrong(format!("`emoji_names` in its metadata: {error}")))?;
        let length = |name: &str, dimension: usize| {
            let shape = tensors.get(name).map(TensorView::shape);
            let missing = || WeightsProblem::Missing { name: name.into() };
            shape
                .and_then(|shape| shape.get(dimension).copied())
                .ok_or_else(missing)
                .map_err(wrong)
        };
        let config = TransformerEncoderConfig {
            d_model: length(WORDS, 1)?,
            layers: (0..)
                .take_while(|layer| tensors.contains_key(format!("encoder.layers.{layer}.norm.gamma").as_str()))
                .count(),
            heads: metadata.number("heads")?,
            d_hidden: length("encoder.layers.0.expand.bias", 0)?,
            max_positions: length("encoder.positions.weight", 0)?,
            layer_norm_epsilon: metadata.number("layer_norm_epsilon")?,
        };
        let architecture = TransformerArchitecture::new(&config, max_tokens, emoji_names);
        architecture.check().map_err(|error| {
            let reason = match error {
                Error::ModelManifest { reason, .. } => reason,
                other => other.to_string(),
            };
            metadata.wrong(format!("{reason}; lower `vocabulary.max_tokens`"))
        })?;

        let d_model = config.d_model;
        let rows = Vocabulary::new(vocabulary.clone())?.len();
        let mut weights = Weights(tensors);
        let linear = |outputs| LinearConfig::new(d_model, outputs).init(device);
        let mut read = || {
            Ok::<_, WeightsProblem>((
                weights.take(WORDS, &[rows, d_model])?,
                weights.module(Some("encoder"), config.init(device), device)?,
                weights.module(Some("labels"), linear(Emotion::PRIMARY.len()), device)?,
                weights.module(Some("emotion"), linear(Emotion::ALL.len()), device)?,
            ))
        };
        let (words, encoder, labels, emotion) = read().map_err(wrong)?;
        weights.check_all_taken().map_err(wrong)?;
        Ok(Self {
            tokenizer: architecture.tokenizer(Vocabulary::new(vocabulary)?)?,
            architecture,
            words,
            encoder,
            labels,
            emotion,
            origin: metadata.text("origin")?.into(),
            sha256: format!("{:x}", Sha256::digest(&bytes)),
        })
    }
}

/// The strings beside the tensors.
struct Metadata<'a> {
    path: &'a Path,
    entries: Option<&'a HashMap<String, String>>,
}

impl<'a> Metadata<'a> {
    fn text(&self, key: &str) -> Result<&'a str> {
        self.entries
            .and_then(|entries| entries.get(key))
            .map(String::as_str)
            .ok_or_else(|| {
                self.wrong(format!(
                    "its metadata lacks `{key}`; write such a file with tools/teacher/prune.py"
                ))
            })
    }

    fn number<N: FromStr>(&self, key: &str) -> Result<N> {
        self.text(key)?
            .parse()
            .map_err(|_| self.wrong(format!("`{key}` in its metadata is not a number")))
    }

    fn wrong(&self, reason: String) -> Error {
        Error::Data {
            path: self.path.into(),
            reason,
        }
    }
}
