//! The words that a text tower knows.

use std::collections::HashMap;

use emofuse_core::error::{Error, Result};

/// Row of the padding behind short captions; its vector is zero.
pub const PAD: u32 = 0;
/// Row of every word that the vocabulary lacks.
pub const UNKNOWN: u32 = 1;
/// Rows that are no words.
const RESERVED: usize = 2;

/// Known words, the most frequent first; a word's id is its position + 2.
///
/// The order matters beyond ids: hashtags are split by how frequent the words are.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    words: Vec<String>,
    ids: HashMap<String, u32>,
}

impl Vocabulary {
    /// Takes the words in order of frequency.
    ///
    /// # Errors
    /// [`Error::ModelManifest`] where a word is empty or stands twice, or there are more than ids.
    pub fn new(words: Vec<String>) -> Result<Self> {
        let wrong = |reason: String| Error::ModelManifest { reason, source: None };
        let mut ids = HashMap::with_capacity(words.len());
        for (position, word) in words.iter().enumerate() {
            let id = u32::try_from(position + RESERVED).map_err(|_| wrong("the vocabulary is too large".into()))?;
            if word.is_empty() {
                return Err(wrong(format!("word {position} of the vocabulary is empty")));
            }
            if ids.insert(word.clone(), id).is_some() {
                return Err(wrong(format!("the vocabulary holds `{word}` twice")));
            }
        }
        Ok(Self { words, ids })
    }

    /// A word's id, if it is known.
    #[must_use]
    pub fn id(&self, word: &str) -> Option<u32> {
        self.ids.get(word).copied()
    }

    /// Rows of an embedding: the words, padding and unknown.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "padding and unknown are always there")]
    pub fn len(&self) -> usize {
        self.words.len() + RESERVED
    }

    /// The words, the most frequent first.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn ids_follow_the_order_after_padding_and_unknown() {
        let vocabulary = Vocabulary::new(words(&["the", "joy"])).unwrap();
        assert_eq!(
            (vocabulary.id("the"), vocabulary.id("joy"), vocabulary.id("fear")),
            (Some(2), Some(3), None)
        );
        assert_eq!(vocabulary.len(), 4);
        assert_eq!(vocabulary.words(), ["the", "joy"]);
    }

    #[test]
    fn a_word_that_stands_twice_is_refused() {
        let error = Vocabulary::new(words(&["joy", "fear", "joy"])).unwrap_err();
        assert!(matches!(error, Error::ModelManifest { .. }));
        assert!(error.to_string().contains("`joy` twice"));
    }

    #[test]
    fn an_empty_word_is_refused() {
        assert!(Vocabulary::new(words(&[""])).is_err());
    }
}
