//! Captions: text → tokens → word ids.
//!
//! A [`Tokenizer`] reads a caption as people post them, with hashtags, emoji, emoticons, drawn-out words and
//! shorthand, and gives the ids of a [`Vocabulary`]'s words. Nothing here knows of models.

mod emoji;
mod emoji_words;
mod hashtag;
mod n_grams;
mod normalise;
mod number;
mod reading;
mod scan;
mod shorthand;
mod spelling;
mod tokenizer;
mod vocabulary;
mod word_piece;

pub(crate) use n_grams::fnv_1a;

pub use emoji::{emoji_with_words, emoji_word};
pub use n_grams::NGrams;
pub use reading::EmojiNames;
pub use tokenizer::{Token, Tokenizer};
pub use vocabulary::{PAD, UNKNOWN, Vocabulary};
pub use word_piece::{CONTINUES, END, START};
