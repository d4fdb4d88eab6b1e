//! What captions consist of.

use std::ops::Range;

/// What a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A word or a number.
    Word,
    /// Punctuation, or a sign that is read as a word.
    Mark,
    /// An emoji, an emoticon, or a flag.
    Emoji,
}

/// A word, mark or emoji of a caption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The word as the vocabulary would have it.
    pub text: String,
    /// Its id, [`UNKNOWN`](super::UNKNOWN) where the vocabulary lacks it.
    pub id: u32,
    /// What it stands for.
    pub kind: TokenKind,
    /// The bytes of the caption as given that it came from; words of one contraction share theirs.
    pub source: Range<usize>,
}
