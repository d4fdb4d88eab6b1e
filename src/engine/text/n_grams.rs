//! Words, pairs of words and n-grams of characters as rows of a table that is far smaller than their number.
//!
//! Which row is whose, a hash decides (feature hashing; Weinberger, Dasgupta, Langford, Smola and Attenberg, *Feature
//! Hashing for Large Scale Multitask Learning*, 2009). What word vectors do not know, names and tags, misspellings and
//! word endings, tells emotions here.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::token::Token;

/// How much n-grams of characters count beside words and pairs of words, for which it is 1.
const CHARACTERS: f32 = 0.7;

/// Which rows of a table a caption stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NGrams {
    /// Rows that words and pairs of words share, the first of the table; 1 to 2²⁴.
    pub word_rows: u32,
    /// Rows that n-grams of characters share, after those; 1 to 2²⁴.
    pub character_rows: u32,
    /// The least and the greatest length of n-grams of characters, the marks of a word's beginning and end among them; 1 to
    /// 32.
    pub characters: [usize; 2],
}

impl NGrams {
    /// Rows of the table.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.word_rows as usize + self.character_rows as usize
    }

    /// The rows of a caption's words, pairs of words and n-grams of characters, each row once, with their weights: those
    /// of words have length 1 together, those of characters 0.7.
    #[must_use]
    pub fn weighted_rows(&self, tokens: &[Token]) -> Vec<(u32, f32)> {
        let row_of_word = |text: &str| fnv_1a(text.bytes()) % self.word_rows;
        let words = tokens.iter().map(|token| row_of_word(&token.text));
        let pairs = tokens
            .windows(2)
            .map(|pair| row_of_word(&format!("{} {}", pair[0].text, pair[1].text)));
        let words: BTreeSet<u32> = words.chain(pairs).collect();
        let characters: BTreeSet<u32> = tokens
            .iter()
            .flat_map(|token| self.of_characters(&token.text))
            .collect();
        let weighted = |rows: BTreeSet<u32>, length: f32| {
            let weight = length / (rows.len().max(1) as f32).sqrt();
            rows.into_iter().map(move |row| (row, weight))
        };
        weighted(words, 1.0).chain(weighted(characters, CHARACTERS)).collect()
    }

    /// The n-grams of a word between marks of its beginning and end (as in Bojanowski, Grave, Joulin and Mikolov,
    /// *Enriching Word Vectors with Subword Information*, 2017).
    fn of_characters(&self, word: &str) -> Vec<u32> {
        let marked: Vec<char> = std::iter::once('<').chain(word.chars()).chain(['>']).collect();
        let [least, greatest] = self.characters;
        (least..=greatest)
            .flat_map(|length| marked.windows(length))
            .map(|n_gram| {
                let text: String = n_gram.iter().collect();
                self.word_rows + fnv_1a(text.bytes()) % self.character_rows
            })
            .collect()
    }
}

/// FNV-1a, 32 bits (Fowler, Noll and Vo).
#[must_use]
pub fn fnv_1a(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(2_166_136_261_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const N_GRAMS: NGrams = NGrams {
        word_rows: 1 << 12,
        character_rows: 1 << 12,
        characters: [3, 5],
    };

    fn tokens(words: &[&str]) -> Vec<Token> {
        let token = |text: &&str| Token {
            text: (*text).into(),
            id: 0,
            kind: crate::text::TokenKind::Word,
            source: 0..0,
        };
        words.iter().map(token).collect()
    }

    fn rows(words: &[&str]) -> Vec<u32> {
        N_GRAMS
            .weighted_rows(&tokens(words))
            .into_iter()
            .map(|(row, _)| row)
            .collect()
    }

    #[test]
    fn the_hash_is_that_of_its_authors() {
        assert_eq!(fnv_1a("".bytes()), 0x811c_9dc5);
        assert_eq!(fnv_1a("foobar".bytes()), 0xbf9c_f968);
    }

    #[test]
    fn pairs_depend_on_the_order_of_words_and_repeated_words_count_once() {
        let of_words = |words: &[&str]| rows(words).into_iter().filter(|row| *row < 1 << 12).count();
        assert_eq!(of_words(&["so", "sad"]), 3, "two words and a pair");
        assert_ne!(rows(&["so", "sad"]), rows(&["sad", "so"]));
        assert_eq!(of_words(&["so", "so", "so"]), 2, "a word and a pair");
    }

    #[test]
    fn words_that_share_a_stem_share_n_grams_of_characters() {
        // <sa sad ad> <sad sad> <sad>
        let of_characters = |word| N_GRAMS.of_characters(word);
        assert_eq!(of_characters("sad").len(), 6);
        let shared = |word| {
            let other = of_characters(word);
            of_characters("sad").iter().filter(|row| other.contains(row)).count()
        };
        assert_eq!((shared("sadly"), shared("mad")), (3, 1), "<sa, sad and <sad; ad>");
        assert!(of_characters("").is_empty());
    }

    proptest! {
        #[test]
        fn weights_have_their_lengths_and_rows_lie_in_the_table(
            words in prop::collection::vec("[a-zé!]{1,8}", 1..12),
        ) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let rows = N_GRAMS.weighted_rows(&tokens(&words));
            prop_assert!(rows.iter().all(|(row, _)| (*row as usize) < N_GRAMS.rows()));
            prop_assert!(rows.is_sorted_by(|(a, _), (b, _)| a < b));
            let length = |of_words: bool| -> f32 {
                let block = rows.iter().filter(|(row, _)| (*row < N_GRAMS.word_rows) == of_words);
                block.map(|(_, weight)| weight * weight).sum::<f32>().sqrt()
            };
            prop_assert!((length(true) - 1.0).abs() < 1e-4);
            prop_assert!((length(false) - CHARACTERS).abs() < 1e-4);
        }
    }
}
