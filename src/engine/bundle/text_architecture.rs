//! The caption tower in a manifest: one of three kinds.

use std::ops::RangeInclusive;

use burn::tensor::Device;
use emofuse_core::error::Result;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::ranges::{LARGEST, number, size, wrong};
use crate::{
    model::{
        caption_encoder::CaptionEncoder,
        text_encoder::TextEncoderConfig,
        transformer_encoder::TransformerEncoderConfig,
        unimodal::fasttext::{WordMean, with_bigrams},
    },
    text::{EmojiNames, NGrams, Tokenizer, Vocabulary},
};

/// Tokens before and behind a caption's word pieces.
const FRAME: usize = 2;

const N_GRAM_ROWS: RangeInclusive<usize> = 1..=1 << 24;
const MOST_CHARACTERS: usize = 32;
const MOST_LAYERS: usize = 64;
const MOST_KERNELS: usize = 16;
const WIDEST_KERNEL: usize = 63;

/// The caption tower.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TextArchitecture {
    /// A convolutional network over word vectors.
    Convolution(ConvolutionArchitecture),
    /// A transformer over word pieces.
    Transformer(TransformerArchitecture),
    /// The mean of the vectors of words and bigrams, which the system `caption` reads alone.
    #[serde(rename = "fasttext")]
    FastText(FastTextArchitecture),
}

/// The mean of the vectors of words and bigrams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FastTextArchitecture {
    /// Length of a vector, 1 to 4096.
    pub d_word: usize,
    /// Rows that the bigrams share, behind those of the words, 1 to 16777216.
    pub buckets: u32,
    /// Words that are read of a caption at once, 1 to 4096.
    pub max_tokens: usize,
}

/// A convolutional network over word vectors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvolutionArchitecture {
    /// Length of a word vector, 1 to 4096.
    pub d_word: usize,
    /// How many words each group of filters spans: 1 to 16 odd numbers, none above 63.
    pub kernels: Vec<usize>,
    /// Filters of each group, 1 to 4096.
    pub filters: usize,
    /// Tokens that are read of a caption at once, 1 to 4096.
    pub max_tokens: usize,
    /// The n-grams that posts are classified by beside the network, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_grams: Option<NGrams>,
    /// The same for captions that stand alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standalone_n_grams: Option<NGrams>,
}

/// A transformer over word pieces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransformerArchitecture {
    /// Length of a word piece's vector, and of the features, 1 to 4096.
    pub d_model: usize,
    /// Number of layers, 1 to 64.
    pub layers: usize,
    /// Heads of each layer's attention.
    pub heads: usize,
    /// Width between the two linear layers behind each attention, 1 to 16384.
    pub d_hidden: usize,
    /// Positions that have a vector, at most 4096.
    pub max_positions: usize,
    /// Keeps layer normalisation from dividing by zero, 1e-20 to 1.
    pub layer_norm_epsilon: f64,
    /// Word pieces that are read of a caption at once, at least 1.
    pub max_tokens: usize,
    /// The n-grams that posts are classified by beside the network, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_grams: Option<NGrams>,
    /// The same for captions that stand alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standalone_n_grams: Option<NGrams>,
    /// Names of emoji, whose words are read.
    pub emoji_names: EmojiNames,
}

impl TextArchitecture {
    /// Length of the vector of a word or a word piece.
    #[must_use]
    pub fn d_word(&self) -> usize {
        match self {
            Self::Convolution(network) => network.d_word,
            Self::Transformer(network) => network.d_model,
            Self::FastText(network) => network.d_word,
        }
    }

    /// Length of a caption's feature vector.
    #[must_use]
    pub fn d_caption(&self) -> usize {
        match self {
            Self::Convolution(network) => network.kernels.len() * network.filters + network.d_word,
            Self::Transformer(network) => network.d_model,
            Self::FastText(network) => network.d_word,
        }
    }

    /// Rows of the table of words behind those of the vocabulary.
    #[must_use]
    pub fn more_rows(&self) -> usize {
        match self {
            Self::FastText(network) => network.buckets as usize,
            _ => 0,
        }
    }

    /// The rows of the table of words that a window of a caption has, given the ids of its tokens and how many the
    /// vocabulary has.
    #[must_use]
    pub fn rows(&self, ids: Vec<u32>, vocabulary: usize) -> Vec<u32> {
        match self {
            Self::FastText(network) => with_bigrams(&ids, vocabulary as u32, network.buckets),
            _ => ids,
        }
    }

    /// Tokens that are read of a caption at once; a longer one is read in several windows.
    #[must_use]
    pub fn max_tokens(&self) -> usize {
        match self {
            Self::Convolution(network) => network.max_tokens,
            Self::Transformer(network) => network.max_tokens,
            Self::FastText(network) => network.max_tokens,
        }
    }

    /// The n-grams that posts are classified by beside the network, if any.
    #[must_use]
    pub fn n_grams(&self) -> Option<NGrams> {
        match self {
            Self::Convolution(network) => network.n_grams,
            Self::Transformer(network) => network.n_grams,
            Self::FastText(_) => None,
        }
    }

    /// The same for captions that stand alone.
    #[must_use]
    pub fn standalone_n_grams(&self) -> Option<NGrams> {
        match self {
            Self::Convolution(network) => network.standalone_n_grams,
            Self::Transformer(network) => network.standalone_n_grams,
            Self::FastText(_) => None,
        }
    }

    /// The tokenizer that belongs to the tower.
    ///
    /// # Errors
    /// [`Error::ModelManifest`](emofuse_core::Error::ModelManifest) if the words cannot be its vocabulary.
    pub fn tokenizer(&self, words: Vec<String>) -> Result<Tokenizer> {
        let vocabulary = Vocabulary::new(words)?;
        match self {
            Self::Convolution(network) => Ok(Tokenizer::new(vocabulary, network.max_tokens)),
            Self::Transformer(network) => network.tokenizer(vocabulary),
            Self::FastText(network) => Ok(Tokenizer::new(vocabulary, network.max_tokens)),
        }
    }

    /// The tower with random weights.
    #[must_use]
    pub fn init(&self, device: &Device) -> CaptionEncoder {
        match self {
            Self::Convolution(network) => CaptionEncoder::Convolution(
                TextEncoderConfig::new()
                    .with_d_word(network.d_word)
                    .with_kernels(network.kernels.clone())
                    .with_filters(network.filters)
                    .init(device),
            ),
            Self::Transformer(network) => CaptionEncoder::Transformer(network.config().init(device)),
            Self::FastText(network) => CaptionEncoder::Mean(WordMean { d_word: network.d_word }),
        }
    }

    /// Refuses what the types let through and no network can be.
    ///
    /// # Errors
    /// [`Error::ModelManifest`](emofuse_core::Error::ModelManifest) with what is wrong.
    pub fn check(&self) -> Result<()> {
        for NGrams {
            word_rows,
            character_rows,
            characters: [least, greatest],
        } in [self.n_grams(), self.standalone_n_grams()].into_iter().flatten()
        {
            size("word_rows", word_rows as usize, N_GRAM_ROWS)?;
            size("character_rows", character_rows as usize, N_GRAM_ROWS)?;
            size("characters", greatest, 1..=MOST_CHARACTERS)?;
            size("characters", least, 1..=greatest)?;
        }
        size("max_tokens", self.max_tokens(), 1..=LARGEST)?;
        match self {
            Self::Convolution(network) => network.check(),
            Self::Transformer(network) => network.check(),
            Self::FastText(network) => {
                size("d_word", network.d_word, 1..=LARGEST)?;
                size("buckets", network.buckets as usize, N_GRAM_ROWS)
            }
        }
    }

    /// Reads any kind. Files without `kind` are from the time when there was only the convolutional network.
    pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let mut fields = serde_json::Map::deserialize(deserializer)?;
        fields.entry("kind").or_insert_with(|| "convolution".into());
        let text = <Self as Deserialize>::deserialize(serde_json::Value::from(fields)).map_err(D::Error::custom)?;
        Ok(Some(text))
    }
}

impl TransformerArchitecture {
    /// Takes a network's configuration, the most word pieces to read, and the names of emoji.
    #[must_use]
    pub fn new(config: &TransformerEncoderConfig, max_tokens: usize, emoji_names: EmojiNames) -> Self {
        Self {
            d_model: config.d_model,
            layers: config.layers,
            heads: config.heads,
            d_hidden: config.d_hidden,
            max_positions: config.max_positions,
            layer_norm_epsilon: config.layer_norm_epsilon,
            max_tokens,
            n_grams: None,
            standalone_n_grams: None,
            emoji_names,
        }
    }

    /// The tokenizer that belongs to the tower.
    ///
    /// # Errors
    /// [`Error::ModelManifest`](emofuse_core::Error::ModelManifest) if the vocabulary lacks `[CLS]` or `[SEP]`.
    pub fn tokenizer(&self, vocabulary: Vocabulary) -> Result<Tokenizer> {
        Tokenizer::word_pieces(vocabulary, self.emoji_names.clone(), self.max_tokens)
    }

    /// The configuration of the network.
    #[must_use]
    pub fn config(&self) -> TransformerEncoderConfig {
        TransformerEncoderConfig {
            d_model: self.d_model,
            layers: self.layers,
            heads: self.heads,
            d_hidden: self.d_hidden,
            max_positions: self.max_positions,
            layer_norm_epsilon: self.layer_norm_epsilon,
        }
    }

    /// Refuses sizes that no network has, or that do not fit each other.
    ///
    /// # Errors
    /// [`Error::ModelManifest`](emofuse_core::Error::ModelManifest) with what is wrong.
    pub fn check(&self) -> Result<()> {
        size("d_model", self.d_model, 1..=LARGEST)?;
        size("layers", self.layers, 1..=MOST_LAYERS)?;
        size("d_hidden", self.d_hidden, 1..=4 * LARGEST)?;
        size("max_positions", self.max_positions, FRAME + 1..=LARGEST)?;
        number(
            "layer_norm_epsilon",
            &[self.layer_norm_epsilon as f32],
            1e-20..=1.0,
            "1e-20 to 1",
        )?;
        if self.heads == 0 || !self.d_model.is_multiple_of(self.heads) {
            return Err(wrong("the `heads` of its caption tower do not divide `d_model`".into()));
        }
        if self.max_tokens > self.max_positions - FRAME {
            return Err(wrong(
                "its `max_tokens` and the two marks around them are more than `max_positions`".into(),
            ));
        }
        Ok(())
    }
}

impl ConvolutionArchitecture {
    fn check(&self) -> Result<()> {
        size("d_word", self.d_word, 1..=LARGEST)?;
        size("filters", self.filters, 1..=LARGEST)?;
        size("kernels", self.kernels.len(), 1..=MOST_KERNELS)?;
        for width in &self.kernels {
            size("kernels", *width, 1..=WIDEST_KERNEL)?;
            if width % 2 == 0 {
                return Err(wrong(format!("its `kernels` hold {width}, which is even")));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transformer() -> TransformerArchitecture {
        TransformerArchitecture {
            d_model: 8,
            layers: 1,
            heads: 2,
            d_hidden: 16,
            max_positions: 10,
            layer_norm_epsilon: 1e-12,
            max_tokens: 8,
            n_grams: None,
            standalone_n_grams: None,
            emoji_names: [('😂', "face with tears of joy".to_owned())].into(),
        }
    }

    fn read(json: &str) -> serde_json::Result<TextArchitecture> {
        let text = TextArchitecture::read(&mut serde_json::Deserializer::from_str(json))?;
        Ok(text.expect("it is there"))
    }

    #[test]
    fn every_kind_is_written_and_read() {
        let convolution = ConvolutionArchitecture {
            d_word: 4,
            kernels: vec![1, 3],
            filters: 2,
            max_tokens: 8,
            n_grams: None,
            standalone_n_grams: None,
        };
        for architecture in [
            TextArchitecture::Convolution(convolution),
            TextArchitecture::Transformer(transformer()),
            TextArchitecture::FastText(FastTextArchitecture {
                d_word: 4,
                buckets: 100,
                max_tokens: 8,
            }),
        ] {
            let json = serde_json::to_string(&architecture).unwrap();
            assert_eq!(read(&json).unwrap(), architecture);
        }
    }

    #[test]
    fn a_tower_without_a_kind_is_convolutional_and_another_kind_is_refused() {
        let convolution = r#""d_word":4,"kernels":[1],"filters":2,"max_tokens":8"#;
        assert!(matches!(
            read(&format!("{{{convolution}}}")),
            Ok(TextArchitecture::Convolution(_))
        ));
        assert!(read(&format!(r#"{{"kind":"recurrent",{convolution}}}"#)).is_err());
        assert!(read(&format!(r#"{{"layers":2,{convolution}}}"#)).is_err());
    }

    #[test]
    fn networks_that_cannot_be_are_refused() {
        let check = |network| TextArchitecture::Transformer(network).check();
        let good = transformer();
        check(good.clone()).unwrap();
        assert!(
            check(TransformerArchitecture {
                heads: 3,
                ..good.clone()
            })
            .is_err()
        );
        assert!(
            check(TransformerArchitecture {
                max_tokens: 9,
                ..good.clone()
            })
            .is_err()
        );
        assert!(
            check(TransformerArchitecture {
                layer_norm_epsilon: 0.0,
                ..good
            })
            .is_err()
        );
    }
}
