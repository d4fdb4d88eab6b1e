//! Model files, recipes and tokens, which the engine and training read.

use std::{fs, path::Path, sync::LazyLock};

use emofuse_core::Error;
use emofuse_engine::{
    bundle::{Bundle, Precision},
    text::{EmojiNames, Tokenizer, Vocabulary},
};
use emofuse_train::recipe::Recipe;
use sha2::{Digest, Sha256};

/// Where the length of the whole file stands in its header.
const LENGTH: std::ops::Range<usize> = 16..24;
const DIGEST: usize = 32;
/// Tokens that are kept of a caption, and of emoji behind them.
const MAX_TOKENS: usize = 1_024 + 64;

/// A model file: it is refused, or its numbers are finite and it is written as it is read.
///
/// Length and digest are made right, so that what is behind their checks is reached.
pub fn model(bytes: &[u8]) {
    let _ = Bundle::from_bytes(bytes);
    let _ = Bundle::from_beginning(bytes.to_vec(), bytes.len() + 1);
    let Ok(bundle) = Bundle::from_bytes(&sealed(bytes)) else {
        return;
    };
    let names: Vec<String> = bundle.names().map(str::to_owned).collect();
    for name in &names {
        // A shape that no tensor has: the error names the tensor's own.
        let Err(Error::TensorShape { found, .. }) = bundle.tensor(name, &[usize::MAX, 7, 7]) else {
            continue;
        };
        if let Ok(values) = bundle.tensor(name, &found) {
            assert!(values.iter().all(|value| value.is_finite()), "{name}");
        }
    }
    let again = Bundle::from_bytes(&bundle.to_bytes()).expect("what was written is read");
    assert!(
        again.names().eq(names.iter().map(String::as_str)),
        "the tensors are others"
    );
}

/// The bytes with the length and the digest that they should have.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut file = bytes.to_vec();
    if file.len() < LENGTH.end + DIGEST {
        return file;
    }
    let (length, body) = (file.len() as u64, file.len() - DIGEST);
    file[LENGTH].copy_from_slice(&length.to_le_bytes());
    let digest = Sha256::digest(&file[..body]);
    file[body..].copy_from_slice(&digest);
    file
}

/// Words of a small model file, so that changes meet the rest of its manifest.
const FEW_WORDS: usize = 20;

/// Small model files, with the manifest of the package's model.
#[must_use]
pub fn models() -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pkg/model/emofuse-default.emofuse");
    let Some(whole) = fs::read(path).ok().and_then(|bytes| Bundle::from_bytes(&bytes).ok()) else {
        return Vec::new();
    };
    let mut manifest = whole.manifest;
    manifest.vocabulary.truncate(FEW_WORDS);
    let mut bundle = Bundle::new(manifest);
    let mut seeds = vec![bundle.to_bytes()];
    let precisions = [Precision::F32, Precision::F16, Precision::Int8];
    for (number, precision) in (0..).zip(precisions) {
        let values: Vec<f32> = (0..24_u8).map(|value| f32::from(value) - 11.5).collect();
        if bundle
            .insert(&format!("tensor.{number}"), &[4, 6], &values, precision)
            .is_ok()
        {
            seeds.push(bundle.to_bytes());
        }
    }
    seeds
}

/// A recipe: it is refused, or what is written of it is the same recipe.
pub fn recipe(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let path = Path::new("recipe.toml");
    let Ok(recipe) = Recipe::parse(path, text) else { return };
    let written = toml::to_string(&recipe).expect("a recipe can be written");
    let again = Recipe::parse(path, &written).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(toml::to_string(&again).expect("a recipe can be written"), written);
}

/// The recipes of this repository.
#[must_use]
pub fn recipes() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../recipes");
    ["default.toml", "large.toml", "small.toml"]
        .iter()
        .filter_map(|name| fs::read(folder.join(name)).ok())
        .collect()
}

static TOKENIZERS: LazyLock<[Tokenizer; 2]> = LazyLock::new(|| {
    let words = [
        "[CLS]", "[SEP]", "[UNK]", "[PAD]", "the", "so", "happy", "sad", "a", "##a", "not", "!", "?", "love",
    ];
    let words: Vec<String> = words.map(str::to_owned).to_vec();
    let vocabulary = || Vocabulary::new(words.clone()).expect("a vocabulary");
    let pieces = Tokenizer::word_pieces(vocabulary(), EmojiNames::default(), 64).expect("a tokenizer");
    [Tokenizer::new(vocabulary(), 64), pieces]
});

/// The tokens of a caption: not more than are kept.
pub fn tokens(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for tokenizer in &*TOKENIZERS {
        let found = tokenizer.tokenize(&text);
        assert!(found.tokens.len() <= MAX_TOKENS, "{} tokens", found.tokens.len());
        assert!((0.0..=1.0).contains(&found.unknown_share), "{}", found.unknown_share);
        assert_eq!(found.has_content, !found.tokens.is_empty());
    }
}
