//! Captions: text → tokens → word ids.
//!
//! A [`Tokenizer`] reads a caption as people post them, with hashtags, emoji, emoticons, drawn-out words and
//! shorthand, and gives the ids of a [`Vocabulary`]'s words. Nothing here knows of models.

mod emoji;
mod emoji_names;
mod emoji_words;
mod emoticons;
mod escapes;
mod hashtag;
mod kaomoji;
mod kaomoji_face;
mod language;
mod lexer;
mod misspelling;
mod mojibake;
mod n_grams;
mod normalise;
mod number;
mod scan;
mod shorthand;
mod spelling;
mod styled;
mod symbol;
mod token;
mod tokenizer;
mod vocabulary;
mod word_piece;

pub use emoji::{emoji_with_words, emoji_word};
pub use language::{Language, language};
pub use lexer::EmojiNames;
pub use n_grams::{NGrams, fnv_1a};
pub use token::{Token, TokenKind};
pub use tokenizer::{Tokenized, Tokenizer};
pub use vocabulary::{PAD, UNKNOWN, Vocabulary};
pub use word_piece::{CONTINUES, END, START};
