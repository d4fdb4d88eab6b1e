//! The characters of a caption after normalisation, each with the place it came from.
//!
//! Three steps, in this order: text whose encoding was mistaken is repaired; Unicode NFKC folds wide, mathematical
//! and composed forms into plain ones; HTML entities become the characters that they name. Upper case is kept here,
//! because hashtags are split at it.

use std::ops::Range;

use unicode_normalization::{IsNormalized, UnicodeNormalization, char as unicode, is_nfkc_quick};

/// A normalised character and the bytes of the original caption that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    /// The character after NFKC.
    pub character: char,
    /// Its bytes in the caption as given.
    pub source: Range<usize>,
}

/// Normalises a caption.
pub(super) fn normalise(caption: &str) -> Vec<Symbol> {
    decode_entities(compose(&repair(caption)))
}

/// Undoes two wrong decodings that collections of tweets are full of.
///
/// GBK read as Latin-1: typographic marks are the pairs `¡x`, accented Latin letters the pairs `¨x`. And emoji that
/// were cut to 16 bits: U+1F602 became U+F602, which is private use and means nothing.
fn repair(caption: &str) -> Vec<Symbol> {
    let mut symbols = Vec::with_capacity(caption.len());
    let mut characters = caption.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        let mut end = start + character.len_utf8();
        let mut repaired = character;
        if matches!(character, '¡' | '¨') {
            let pair = characters.peek().and_then(|&(_, second)| gbk(character, second));
            if let (Some(meant), Some((position, second))) = (pair, characters.next_if(|_| pair.is_some())) {
                repaired = meant;
                end = position + second.len_utf8();
            }
        } else if matches!(character, '\u{f300}'..='\u{f64f}') {
            repaired = char::from_u32(u32::from(character) + 0x1_0000).unwrap_or(character);
        }
        symbols.push(Symbol {
            character: repaired,
            source: start..end,
        });
    }
    symbols
}

/// The character that two Latin-1 characters were in GBK.
fn gbk(first: char, second: char) -> Option<char> {
    Some(match (first, second) {
        ('¡', '®' | '¯') => '\'',
        ('¡', '°' | '±') => '"',
        ('¡', 'ª') => '—',
        ('¡', '\u{ad}') => '…',
        ('¡', 'ú') => '→',
        ('¨', 'C') => '–',
        ('¨', '¢') => 'á',
        ('¨', '¤') => 'à',
        ('¨', '¦') => 'é',
        ('¨', '¨') => 'è',
        ('¨', 'º') => 'ê',
        ('¨', 'ª') => 'í',
        ('¨', '¬') => 'ì',
        ('¨', '®') => 'ó',
        ('¨', '°') => 'ò',
        ('¨', '²') => 'ú',
        ('¨', '´') => 'ù',
        ('¨', '¹') => 'ü',
        _ => return None,
    })
}

/// NFKC, a segment at a time so that sources stay narrow.
///
/// A segment may end before any character whose decomposition begins with a starter that composes with nothing
/// before it (Unicode Standard Annex 15, section 9.1), so the segments' forms side by side are the whole's form.
fn compose(symbols: &[Symbol]) -> Vec<Symbol> {
    let mut composed = Vec::with_capacity(symbols.len());
    let mut start = 0;
    while start < symbols.len() {
        let mut end = start + 1;
        while end < symbols.len() && !begins_segment(symbols[end].character) {
            end += 1;
        }
        let segment = &symbols[start..end];
        if let [
            Symbol {
                character: '\0'..='\u{7f}',
                ..
            },
        ] = segment
        {
            composed.push(segment[0].clone());
        } else {
            let source = segment[0].source.start..segment[segment.len() - 1].source.end;
            let characters = segment.iter().map(|symbol| symbol.character).nfkc();
            composed.extend(characters.map(|character| Symbol {
                character,
                source: source.clone(),
            }));
        }
        start = end;
    }
    composed
}

/// Whether nothing before `character` changes with it under NFKC.
fn begins_segment(character: char) -> bool {
    if character.is_ascii() {
        return true;
    }
    let mut first = None;
    unicode::decompose_compatible(character, |part| {
        first.get_or_insert(part);
    });
    first.is_some_and(|part| {
        unicode::canonical_combining_class(part) == 0 && is_nfkc_quick([part].into_iter()) == IsNormalized::Yes
    })
}

/// Replaces HTML entities: the named ones that posts hold, and numbers.
fn decode_entities(symbols: Vec<Symbol>) -> Vec<Symbol> {
    if !symbols.iter().any(|symbol| symbol.character == '&') {
        return symbols;
    }
    let mut decoded = Vec::with_capacity(symbols.len());
    let mut position = 0;
    while position < symbols.len() {
        if let Some((length, character)) = entity(&symbols[position..]) {
            let source = symbols[position].source.start..symbols[position + length - 1].source.end;
            decoded.extend([character].into_iter().nfkc().map(|character| Symbol {
                character,
                source: source.clone(),
            }));
            position += length;
        } else {
            decoded.push(symbols[position].clone());
            position += 1;
        }
    }
    decoded
}

/// Longest entity read, `&` and `;` included: `&#x1F602;`.
const LONGEST_ENTITY: usize = 10;

/// The entity at the start of `symbols`: its length and its character.
fn entity(symbols: &[Symbol]) -> Option<(usize, char)> {
    if symbols.first()?.character != '&' {
        return None;
    }
    let end = symbols
        .iter()
        .take(LONGEST_ENTITY)
        .position(|symbol| symbol.character == ';')?;
    let name: String = symbols[1..end].iter().map(|symbol| symbol.character).collect();
    let character = match name.as_str() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "nbsp" => ' ',
        "hellip" => '…',
        "hearts" => '♥',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((end + 1, character))
}

/// Lower case, with accents taken off: how words are looked up when they are not known as written.
pub(super) fn without_accents(word: &str) -> String {
    word.nfkd()
        .filter(|&character| !unicode::is_combining_mark(character))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(caption: &str) -> String {
        normalise(caption).iter().map(|symbol| symbol.character).collect()
    }

    #[test]
    fn compatibility_forms_become_plain() {
        assert_eq!(text("ＬＯＶＥ 𝓵𝓸𝓿𝓮 ﬁne e\u{301}"), "LOVE love fine é");
    }

    #[test]
    fn each_mathematical_letter_keeps_its_own_source() {
        let symbols = normalise("𝓵𝓸");
        assert_eq!(
            symbols.iter().map(|symbol| symbol.source.clone()).collect::<Vec<_>>(),
            [0..4, 4..8]
        );
    }

    #[test]
    fn entities_become_their_characters() {
        assert_eq!(
            text("Q&amp;A &lt;3 &#128514; &#x1F602; &unknown; & &;"),
            "Q&A <3 😂 😂 &unknown; & &;"
        );
        let symbols = normalise("a&amp;b");
        assert_eq!(
            symbols[1],
            Symbol {
                character: '&',
                source: 1..6
            }
        );
    }

    #[test]
    fn gbk_read_as_latin_1_is_repaired() {
        assert_eq!(text("I¡¯m ¡°here¡± caf¨¦"), "I'm \"here\" café");
        assert_eq!(text("¡Hola!"), "¡Hola!");
    }

    #[test]
    fn emoji_cut_to_sixteen_bits_are_repaired() {
        assert_eq!(text("\u{f602}"), "😂");
    }

    proptest! {
        #[test]
        fn sources_lie_in_order_on_character_boundaries(caption in any::<String>()) {
            let mut last = 0;
            for symbol in normalise(&caption) {
                prop_assert!(caption.get(symbol.source.clone()).is_some_and(|source| !source.is_empty()));
                prop_assert!(symbol.source.start >= last);
                last = symbol.source.start;
            }
        }

        #[test]
        fn segments_side_by_side_are_the_form_of_the_whole(caption in any::<String>()) {
            let plain: Vec<_> = caption
                .char_indices()
                .map(|(start, character)| Symbol { character, source: start..start + character.len_utf8() })
                .collect();
            let composed: String = compose(&plain).iter().map(|symbol| symbol.character).collect();
            prop_assert_eq!(composed, caption.nfkc().collect::<String>());
        }
    }
}
