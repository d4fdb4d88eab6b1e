//! A caption's characters, each with the place that it came from.

use std::ops::Range;

/// Most characters of a caption that are read, runs of one character counted as at most [`LONGEST_RUN`].
pub(super) const MOST_CHARACTERS: usize = 20_000;
/// Most times in a row that a character is read; further ones change nothing.
pub(super) const LONGEST_RUN: usize = 16;

/// A normalised character and the bytes of the original caption that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    /// The character after NFKC.
    pub character: char,
    /// Its bytes in the caption as given.
    pub source: Range<usize>,
}

/// The characters that are read, as they are.
pub(super) fn symbols(caption: &str) -> Vec<Symbol> {
    shorten(caption.char_indices().map(|(start, character)| Symbol {
        character,
        source: start..start + character.len_utf8(),
    }))
}

/// Shortens long runs of a character, and stops after [`MOST_CHARACTERS`].
pub(super) fn shorten(symbols: impl Iterator<Item = Symbol>) -> Vec<Symbol> {
    let mut shortened: Vec<Symbol> = Vec::new();
    let mut run = 0;
    for symbol in symbols {
        match shortened.last_mut() {
            Some(last) if last.character == symbol.character => {
                run += 1;
                if run >= LONGEST_RUN {
                    last.source.end = symbol.source.end;
                    continue;
                }
            }
            _ => run = 0,
        }
        if shortened.len() == MOST_CHARACTERS {
            break;
        }
        shortened.push(symbol);
    }
    shortened
}
