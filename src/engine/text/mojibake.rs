//! Repairs text that was decoded with the wrong encoding.
//!
//! - UTF-8 read as Windows-1252 or Latin-1: `donâ€™t` → `don’t`.
//! - Windows-1252 read as Latin-1: U+0092 → `’`.
//! - GBK read as Latin-1: typographic marks are pairs `¡x`, accented Latin letters pairs `¨x`.
//! - Emoji cut to 16 bits: U+1F602 became U+F602, which is private use.

use super::symbol::Symbol;

/// What Windows-1252 has at 0x80 to 0x9F; the five undefined bytes fall back to Latin-1's controls.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The byte that a character is in Windows-1252 or Latin-1, above ASCII.
fn byte(character: char) -> Option<u8> {
    match character {
        '\u{80}'..='\u{ff}' => u8::try_from(u32::from(character)).ok(),
        _ if character.is_ascii() => None,
        _ => {
            let position = WINDOWS_1252.iter().position(|&known| known == character)?;
            u8::try_from(0x80 + position).ok()
        }
    }
}

/// Whether a character could be part of UTF-8 that was decoded wrongly.
pub(super) fn is_suspect(character: char) -> bool {
    matches!(character, '\u{80}'..='\u{9f}' | 'Â'..='ô')
}

/// Decodes UTF-8 that was read as Windows-1252 or Latin-1; `None` where there is none.
pub(super) fn decode_utf8(symbols: &[Symbol]) -> Option<Vec<Symbol>> {
    if !symbols.iter().any(|symbol| is_suspect(symbol.character)) {
        return None;
    }
    let mut decoded = Vec::with_capacity(symbols.len());
    let mut position = 0;
    let mut changed = false;
    // Where the last sequence ended: mojibake stands in runs, and a neighbour is evidence.
    let mut last_end = usize::MAX;
    while position < symbols.len() {
        let before = position.checked_sub(1).map(|last| symbols[last].character);
        let found = sequence(&symbols[position..]).filter(|&(length, meant)| {
            last_end == position
                || is_certain(symbols, position, length, meant, before)
                || sequence(&symbols[position + length..]).is_some()
        });
        if let Some((length, character)) = found.or_else(|| truncated(&symbols[position..], before)) {
            let source = symbols[position].source.start..symbols[position + length - 1].source.end;
            decoded.push(Symbol { character, source });
            position += length;
            last_end = position;
            changed = true;
        } else {
            decoded.push(symbols[position].clone());
            position += 1;
        }
    }
    changed.then_some(decoded)
}

/// The character that the bytes at the start of `symbols` are in UTF-8, and how many symbols it takes.
fn sequence(symbols: &[Symbol]) -> Option<(usize, char)> {
    let at = |position: usize| symbols.get(position).map(|symbol| symbol.character);
    let lead = at(0)
        .filter(|character| matches!(character, 'Â'..='ô'))
        .and_then(byte)?;
    let length = match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    for (position, slot) in bytes.iter_mut().enumerate().take(length).skip(1) {
        match at(position).and_then(byte) {
            Some(next @ 0x80..=0xbf) => *slot = next,
            _ => return None,
        }
    }
    let text = std::str::from_utf8(&bytes[..length]).ok()?;
    let character = text.chars().next()?;
    // Scripts that captions are hardly written in, so that `ß”` and `×…` stay.
    let is_plausible = !matches!(character, '\u{0530}'..='\u{058f}' | '\u{0700}'..='\u{07ff}');
    is_plausible.then_some((length, character))
}

/// A sequence of which bytes were lost: those that Windows-1252 has no character for, controls, no-break spaces.
fn truncated(symbols: &[Symbol], before: Option<char>) -> Option<(usize, char)> {
    let at = |position: usize| symbols.get(position).map(|symbol| symbol.character);
    let is_end = |position: usize| at(position).is_none_or(|next| !next.is_alphanumeric());
    let begins = before.is_none_or(char::is_whitespace);
    let after_letter = before.is_some_and(|before| before.is_ascii_alphabetic());
    match (at(0)?, at(1), at(2)) {
        // 0x9D: a closing quotation mark, a heart. 0x8F: the selector behind it.
        ('â', Some('€' | '\u{80}'), Some('Â')) => Some((3, '”')),
        ('â', Some('€' | '\u{80}'), _) => Some((2, '”')),
        ('â', Some('¤'), _) => Some((2, '❤')),
        ('ï', Some('¸'), _) => Some((2, '\u{fe0f}')),
        // One of five faces, of which this is by far the most frequent.
        ('ð', Some('Ÿ'), Some('˜')) => Some((3, '😍')),
        ('ð', Some('Ÿ'), _) => Some((2, '\u{fffd}')),
        // The controls of Latin-1: `donât`, `itâs`, `so â really`.
        ('â', Some('t'), _) if before == Some('n') && is_end(2) => Some((1, '’')),
        ('â', Some('s' | 'm' | 'd'), _) if after_letter && is_end(2) => Some((1, '’')),
        ('â', Some('r' | 'v'), Some('e')) | ('â', Some('l'), Some('l')) if after_letter && is_end(3) => {
            Some((1, '’'))
        }
        ('â', Some(' '), _) if begins => Some((1, '–')),
        ('Â', None | Some(' '), _) if begins => Some((1, ' ')),
        // A no-break space became a space.
        ('Ã', Some(' '), Some(' ')) if before.is_some_and(char::is_lowercase) => Some((2, 'à')),
        ('Ã', Some(' '), _) if before.is_some_and(char::is_lowercase) => Some((1, 'à')),
        _ => None,
    }
}

/// Whether a sequence that stands by itself is surely mojibake, and not an accented letter before a mark: `CAFÉ…`.
fn is_certain(symbols: &[Symbol], position: usize, length: usize, meant: char, before: Option<char>) -> bool {
    let lead = symbols[position].character;
    let rest = &symbols[position + 1..position + length];
    let after = symbols.get(position + length).map(|symbol| symbol.character);
    let odd = rest.iter().any(|symbol| !is_ordinary(symbol.character));
    let inside_a_word =
        before.is_some_and(char::is_lowercase) || (length == 2 && after.is_some_and(char::is_lowercase));
    let after_capital = before.is_some_and(char::is_uppercase);
    match lead {
        // Typographic marks, arrows, dingbats; emoji; variation selectors and full-width letters.
        'â' | 'ð' | 'ï' | 'Â' => true,
        'Ã' => odd || !after_capital,
        _ if length == 2 => odd || inside_a_word,
        _ => odd && meant.is_alphanumeric(),
    }
}

/// Marks that stand behind letters in ordinary text.
#[rustfmt::skip]
fn is_ordinary(character: char) -> bool {
    matches!(
        character,
        '…' | '–'
            | '—' | '‘' | '’' | '“' | '”' | '‚' | '„' | '•' | '™' | '‹' | '›' | '«' | '»' | '°' | 'º' | '´' | '·'
            | '\u{a0}' | '¹' | '²' | '³' | '®' | '©' | '\u{ad}'
    )
}

/// Repairs single characters and GBK's pairs, without looking at more than two.
pub(super) fn repair_characters(symbols: Vec<Symbol>) -> Vec<Symbol> {
    let is_wrong =
        |symbol: &Symbol| matches!(symbol.character, '¡' | '¨' | '\u{80}'..='\u{9f}' | '\u{f300}'..='\u{f6ff}');
    if !symbols.iter().any(is_wrong) {
        return symbols;
    }
    let mut repaired = Vec::with_capacity(symbols.len());
    let mut rest = symbols.into_iter().peekable();
    while let Some(Symbol { character, mut source }) = rest.next() {
        let mut meant = character;
        match character {
            '¡' | '¨' => {
                let pair = rest.peek().and_then(|second| gbk(character, second.character));
                if let (Some(known), Some(second)) = (pair, rest.next_if(|_| pair.is_some())) {
                    meant = known;
                    source.end = second.source.end;
                }
            }
            '\u{80}'..='\u{9f}' => {
                meant = WINDOWS_1252[(u32::from(character) - 0x80) as usize];
            }
            '\u{f300}'..='\u{f64f}' | '\u{f680}'..='\u{f6ff}' => {
                meant = char::from_u32(u32::from(character) + 0x1_0000).unwrap_or(character);
            }
            _ => {}
        }
        repaired.push(Symbol {
            character: meant,
            source,
        });
    }
    repaired
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::symbol::symbols;

    fn repaired(text: &str) -> String {
        let mut symbols = symbols(text);
        for _ in 0..2 {
            symbols = decode_utf8(&symbols).unwrap_or(symbols);
        }
        repair_characters(symbols)
            .iter()
            .map(|symbol| symbol.character)
            .collect()
    }

    /// UTF-8 read as Windows-1252.
    fn as_windows_1252(text: &str) -> String {
        let read = |byte: u8| match byte {
            0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
            _ => char::from(byte),
        };
        text.bytes().map(read).collect()
    }

    /// UTF-8 read as Latin-1.
    fn as_latin_1(text: &str) -> String {
        text.bytes().map(char::from).collect()
    }

    #[rustfmt::skip]
    #[test]
    fn utf_8_read_as_another_encoding_is_repaired_once_or_twice() {
        for text in [
            "don’t", "“so” sad…", "café – naïve", "£5 or €5", "I ❤️ you 😂😍🥰", "déjà vu", "¡Hola! ¿Qué?",
            "Привет мир", "日本語です", "żółć się ąę", "Ελλάδα", "مرحبا", "★ ♥ →",
        ] {
            for wrong in [as_windows_1252, as_latin_1] {
                assert_eq!(repaired(&wrong(text)), text);
                assert_eq!(repaired(&wrong(&wrong(text))), text);
            }
        }
    }

    #[test]
    fn sequences_that_lost_a_byte_are_repaired() {
        assert_eq!(repaired("â€œsoâ€ he said"), "“so” he said");
        assert_eq!(repaired("â¤ï¸ ðŸ˜ you"), "❤\u{fe0f} 😍 you");
        assert_eq!(repaired("itâs, donât, weâre, Iâm â so"), "it’s, don’t, we’re, I’m – so");
        assert_eq!(repaired("IÂ’m so Â  voilÃ  VOILÃ€"), "I’m so    voilà VOILÀ");
    }

    #[rustfmt::skip]
    #[test]
    fn ordinary_accents_before_marks_stay() {
        for text in [
            "CAFÉ…", "“café”", "groß”", "São Paulo", "NÃO", "MAÇÃ", "IRMÃ…", "Ä…", "ÜBER", "cité »", "où…", "é…”",
            "Ångström", "ÂGE", "Møller’s", "¡Olé!", "à “la” carte", "naïve", "10°", "½ × ¾", "á—é",
            "crème brûlée…",
        ] {
            assert_eq!(repaired(text), text);
        }
    }

    #[test]
    fn windows_1252_read_as_latin_1_is_repaired() {
        assert_eq!(repaired("don\u{92}t \u{93}so\u{94}\u{85}"), "don’t “so”…");
    }

    #[test]
    fn gbk_read_as_latin_1_is_repaired() {
        assert_eq!(repaired("I¡¯m ¡°here¡± caf¨¦"), "I'm \"here\" café");
        assert_eq!(repaired("¡Hola!"), "¡Hola!");
    }

    #[test]
    fn emoji_cut_to_sixteen_bits_are_repaired() {
        assert_eq!(repaired("\u{f602}"), "😂");
    }

    proptest! {
        #[test]
        fn ascii_stays(text in "[ -~]{0,40}") {
            prop_assert_eq!(repaired(&text), text);
        }
    }
}
