//! Cuts words into pieces that a vocabulary has, with WordPiece as in BERT (Devlin, Chang, Lee and Toutanova, 2019,
//! arXiv 1810.04805): the longest piece that fits, again and again.

use emofuse_core::error::{Error, Result};

use super::{
    lexer::EmojiNames,
    token::Token,
    vocabulary::{UNKNOWN, Vocabulary},
};

/// The piece before the first of a caption.
pub const START: &str = "[CLS]";
/// The piece behind the last of a caption.
pub const END: &str = "[SEP]";
/// Begins a piece that continues a word.
pub const CONTINUES: &str = "##";
/// Characters of a word above which it is unknown, as in BERT.
const LONGEST_WORD: usize = 100;

/// What a tokenizer that cuts words into pieces needs beside its vocabulary.
#[derive(Clone, Debug)]
pub(super) struct WordPieces {
    pub emoji_names: EmojiNames,
    start: u32,
    end: u32,
    /// Bytes of the longest piece.
    longest: usize,
}

impl WordPieces {
    /// # Errors
    /// [`Error::ModelManifest`] if the vocabulary lacks [`START`] or [`END`].
    pub fn new(vocabulary: &Vocabulary, emoji_names: EmojiNames) -> Result<Self> {
        let id = |mark: &str| {
            vocabulary.id(mark).ok_or_else(|| Error::ModelManifest {
                reason: format!("the vocabulary of word pieces lacks `{mark}`"),
                source: None,
            })
        };
        Ok(Self {
            emoji_names,
            start: id(START)?,
            end: id(END)?,
            longest: vocabulary.words().iter().map(String::len).max().unwrap_or(0),
        })
    }

    /// The first `most` pieces of words, each with its word's place in the caption. Empty for words that are all
    /// punctuation other than `!` and `?`.
    pub fn cut(&self, vocabulary: &Vocabulary, words: Vec<Token>, most: usize) -> Vec<Token> {
        let says_something = |word: &Token| {
            word.text
                .contains(|next: char| next.is_alphanumeric() || "!?".contains(next))
        };
        if !words.iter().any(says_something) {
            return Vec::new();
        }
        let mut pieces = Vec::with_capacity(words.len());
        for word in words {
            if pieces.len() >= most {
                break;
            }
            self.cut_word(vocabulary, word, &mut pieces);
        }
        pieces.truncate(most);
        pieces
    }

    /// The ids of a caption's pieces between those of [`START`] and [`END`].
    pub fn ids(&self, pieces: &[Token]) -> Vec<u32> {
        let inner = pieces.iter().map(|piece| piece.id);
        [self.start].into_iter().chain(inner).chain([self.end]).collect()
    }

    /// Adds the pieces of a word; a word with a part that no piece fits is unknown as a whole.
    fn cut_word(&self, vocabulary: &Vocabulary, word: Token, pieces: &mut Vec<Token>) {
        if word.id != UNKNOWN {
            pieces.push(word);
            return;
        }
        let first = pieces.len();
        let mut rest = word.text.as_str();
        let mut candidate = String::new();
        while !rest.is_empty() {
            candidate.clear();
            if pieces.len() > first {
                candidate.push_str(CONTINUES);
            }
            let mark = candidate.len();
            candidate.push_str(&rest[..rest.floor_char_boundary(self.longest)]);
            let id = loop {
                match vocabulary.id(&candidate) {
                    Some(id) => break Some(id),
                    None if candidate.len() <= mark => break None,
                    None => candidate.pop(),
                };
            };
            let known = id.filter(|_| candidate.len() > mark && word.text.len() <= LONGEST_WORD);
            let Some(id) = known else {
                pieces.truncate(first);
                pieces.push(word);
                return;
            };
            rest = &rest[candidate.len() - mark..];
            pieces.push(Token {
                text: candidate.clone(),
                id,
                kind: word.kind,
                source: word.source.clone(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::text::{PAD, Tokenizer, UNKNOWN, Vocabulary};

    fn tokenizer(max_tokens: usize) -> Tokenizer {
        let pieces = [
            "[CLS]", "[SEP]", "!", "?", ".", ",", "'", "-", "don", "t", "i", "love", "my", "cat", "un", "##believ",
            "##able", "##s", "face", "with", "tears", "of", "joy", "so", "##o", "cafe", "smile", "day", "happy", "a",
            "##b",
        ];
        let vocabulary = Vocabulary::new(pieces.map(String::from).to_vec()).unwrap();
        let names = [('😂', "face with tears of joy".to_owned())].into();
        Tokenizer::word_pieces(vocabulary, names, max_tokens).unwrap()
    }

    fn read(caption: &str) -> String {
        let pieces = tokenizer(64).tokens(caption);
        let texts: Vec<_> = pieces.into_iter().map(|piece| piece.text).collect();
        texts.join(" ")
    }

    #[test]
    fn the_longest_pieces_are_taken() {
        assert_eq!(read("Unbelievable cats"), "un ##believ ##able cat ##s");
    }

    #[test]
    fn punctuation_is_kept_and_contractions_are_cut_as_in_bert() {
        assert_eq!(read("I don't, my cat!!!!"), "i don ' t , my cat ! !");
        assert_eq!(read("a-cat..."), "a - cat . .");
    }

    #[test]
    fn emoji_become_their_names_and_hashtags_their_words() {
        assert_eq!(read("cat 😂😂😂"), "cat face with tears of joy");
        assert_eq!(read("my cat <3"), "my cat love");
        assert_eq!(read("#HappyDay #lovemycat"), "happy day love my cat");
        assert_eq!(read("@CatFan love https://example.org"), "love");
    }

    #[test]
    fn drawn_out_letters_are_shortened_and_accents_removed() {
        assert_eq!(read("sooooo café"), "so ##o cafe");
    }

    #[test]
    fn a_word_with_an_unknown_part_is_unknown() {
        let tokens = tokenizer(64).tokens("catxq love");
        assert_eq!(tokens[0].id, UNKNOWN);
        assert_eq!(tokens[1].text, "love");
    }

    #[test]
    fn pieces_keep_the_place_of_their_word() {
        let caption = "Cats, don’t 😂";
        let tokens = tokenizer(64).tokens(caption);
        let sources: Vec<&str> = tokens.iter().map(|token| &caption[token.source.clone()]).collect();
        let emoji = ["😂"; 5];
        assert_eq!(
            sources,
            [&["Cats", "Cats", ",", "don’t", "don’t", "don’t"], &emoji[..]].concat()
        );
    }

    #[test]
    fn a_caption_of_punctuation_alone_is_empty() {
        for caption in ["", " ", "...", "- ,", "?!", "https://example.org"] {
            assert!(tokenizer(64).tokens(caption).is_empty(), "{caption}");
            assert!(tokenizer(64).encode(caption).is_empty(), "{caption}");
        }
    }

    #[test]
    fn ids_stand_between_the_marks_of_beginning_and_end() {
        let ids = tokenizer(64).encode("i love my cat");
        assert_eq!(ids, [2, 12, 13, 14, 15, 3]);
    }

    proptest! {
        #[test]
        fn no_caption_fails_and_sources_lie_in_it(caption in any::<String>()) {
            let tokens = tokenizer(16).tokens(&caption);
            prop_assert!(tokens.len() <= crate::text::lexer::MOST_TOKENS);
            for token in tokens {
                prop_assert!(caption.get(token.source.clone()).is_some_and(|source| !source.is_empty()));
                prop_assert!(token.id != PAD);
            }
        }

        #[test]
        fn pieces_side_by_side_are_the_word(word in "[ab]{1,12}") {
            // Runs of a letter are shortened before.
            let pieces = tokenizer(64).tokens(&word);
            let joined: String = pieces.iter().map(|piece| piece.text.trim_start_matches("##")).collect();
            prop_assert!(pieces.iter().any(|piece| piece.id == UNKNOWN) || joined.len() <= word.len());
        }
    }
}
