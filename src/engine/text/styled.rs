//! Letters that are drawn in another style, and characters that are not drawn at all.
//!
//! Small capitals, squared, circled, parenthesised and flag letters become plain letters where they spell a word;
//! NFKC does the same for wide and mathematical letters afterwards. Soft hyphens, zero-width characters and marks of
//! direction vanish. The joiner and the selectors stay inside emoji.

use emofuse_core::unicode::is_mark;

use super::{
    emoji::{ZERO_WIDTH_JOINER, is_modifier, is_pictograph, is_region},
    symbol::Symbol,
};

/// Most marks on one letter; more are decoration.
const MOST_MARKS: usize = 6;

/// Regional indicators, two of which are a flag.
pub(super) fn is_regional_indicator(character: char) -> bool {
    matches!(character, '\u{1f1e6}'..='\u{1f1ff}')
}

/// The letter that a small capital is drawn for.
fn small_capital(character: char) -> Option<char> {
    Some(match character {
        'ᴀ' => 'a',
        'ʙ' | 'ᴃ' => 'b',
        'ᴄ' => 'c',
        'ᴅ' => 'd',
        'ᴇ' => 'e',
        'ꜰ' => 'f',
        'ɢ' => 'g',
        'ʜ' => 'h',
        'ɪ' => 'i',
        'ᴊ' => 'j',
        'ᴋ' => 'k',
        'ʟ' => 'l',
        'ᴍ' => 'm',
        'ɴ' => 'n',
        'ᴏ' => 'o',
        'ᴘ' => 'p',
        'ꞯ' => 'q',
        'ʀ' => 'r',
        'ꜱ' => 's',
        'ᴛ' => 't',
        'ᴜ' => 'u',
        'ᴠ' => 'v',
        'ᴡ' => 'w',
        'ʏ' => 'y',
        'ᴢ' => 'z',
        _ => return None,
    })
}

/// The letter inside a square, a circle, brackets or a flag's half.
fn enclosed(character: char) -> Option<char> {
    let first = match character {
        '\u{249c}'..='\u{24b5}' => '\u{249c}',
        '\u{24b6}'..='\u{24cf}' => '\u{24b6}',
        '\u{24d0}'..='\u{24e9}' => '\u{24d0}',
        '\u{1f110}'..='\u{1f129}' => '\u{1f110}',
        '\u{1f130}'..='\u{1f149}' => '\u{1f130}',
        '\u{1f150}'..='\u{1f169}' => '\u{1f150}',
        '\u{1f170}'..='\u{1f189}' => '\u{1f170}',
        '\u{1f1e6}'..='\u{1f1ff}' => '\u{1f1e6}',
        _ => return None,
    };
    char::from_u32(u32::from('a') + u32::from(character) - u32::from(first))
}

/// Letters that are emoji where they stand alone.
fn is_emoji_letter(character: char) -> bool {
    matches!(character, 'Ⓜ' | '🅰' | '🅱' | '🅾' | '🅿')
}

/// Characters that are not drawn.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{e0001}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}' | '\u{1f3fb}'..='\u{1f3ff}'
    )
}

/// Whether a character stands for an apostrophe.
pub(super) fn is_apostrophe(character: char) -> bool {
    matches!(
        character,
        '\'' | '`' | '´' | '\u{2b9}'..='\u{2bd}' | '\u{2c8}' | '\u{2ca}' | '\u{2cb}' | '\u{2f4}' | '\u{374}' | '\u{384}'
            | '\u{55a}' | '\u{5f3}' | '\u{7f4}' | '\u{7f5}' | '\u{1fbd}' | '\u{1fbf}' | '\u{1fef}' | '\u{1ffd}'
            | '\u{1ffe}' | '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2035}' | '\u{275b}' | '\u{275c}' | '\u{a78b}'
            | '\u{a78c}' | '\u{ff07}' | '\u{ff40}'
    ) && character != '\u{201a}'
}

/// Writes styled letters and apostrophes plainly.
pub(super) fn plain_letters(symbols: &[Symbol]) -> Vec<Symbol> {
    let mut plain = Vec::with_capacity(symbols.len());
    let mut position = 0;
    while position < symbols.len() {
        let character = symbols[position].character;
        if is_regional_indicator(character) {
            let length = flags(&symbols[position..]);
            if length > 0 {
                plain.extend_from_slice(&symbols[position..position + length]);
                position += length;
                continue;
            }
        }
        if enclosed(character).is_some() {
            position += spelled(&symbols[position..], &mut plain);
            continue;
        }
        let meant = small_capital(character).unwrap_or(character);
        // NFKC would make a space and a mark of some of them.
        let meant = if is_apostrophe(meant) && !meant.is_ascii() {
            '\''
        } else {
            meant
        };
        plain.push(Symbol {
            character: meant,
            source: symbols[position].source.clone(),
        });
        position += 1;
    }
    plain
}

/// The length of the flags at the start of `symbols`; 0 where the letters are no flags.
fn flags(symbols: &[Symbol]) -> usize {
    let length = symbols
        .iter()
        .take_while(|symbol| is_regional_indicator(symbol.character))
        .count();
    let are_flags = symbols[..length]
        .chunks(2)
        .all(|pair| pair.len() == 2 && is_region([pair[0].character, pair[1].character]));
    if are_flags { length } else { 0 }
}

/// Reads enclosed letters at the start of `symbols`; gives how many symbols were read. A single one that is an emoji
/// stays. Single letters with one space between each spell a word too.
fn spelled(symbols: &[Symbol], plain: &mut Vec<Symbol>) -> usize {
    let mut letters = Vec::new();
    let mut end = group(symbols, &mut letters);
    if letters.len() == 1 {
        let mut spaced = letters.clone();
        let mut spaced_end = end;
        while symbols
            .get(spaced_end)
            .is_some_and(|gap| matches!(gap.character, ' ' | '\u{a0}'))
        {
            let mut next = Vec::new();
            let length = group(&symbols[spaced_end + 1..], &mut next);
            if next.len() != 1 {
                break;
            }
            spaced.append(&mut next);
            spaced_end += 1 + length;
        }
        let fewest = if is_regional_indicator(symbols[0].character) {
            2
        } else {
            3
        };
        if spaced.len() >= fewest {
            (letters, end) = (spaced, spaced_end);
        }
    }
    let before = plain.last().is_some_and(|symbol| symbol.character.is_alphabetic());
    let after = symbols.get(end).is_some_and(|symbol| symbol.character.is_alphabetic());
    // `🅰️🅰️` is an emoji twice.
    let are_one = letters.iter().all(|letter| letter.character == letters[0].character);
    if are_one && is_emoji_letter(symbols[0].character) && !before && !after {
        plain.extend_from_slice(&symbols[..end]);
    } else {
        plain.append(&mut letters);
    }
    end
}

/// Adds the enclosed letters at the start of `symbols` that nothing drawn separates; gives how many symbols they take.
fn group(symbols: &[Symbol], letters: &mut Vec<Symbol>) -> usize {
    let is_between = |symbol: &Symbol| {
        matches!(
            symbol.character,
            '\u{fe0e}' | '\u{fe0f}' | '\u{200b}' | '\u{200c}' | '\u{2060}'
        )
    };
    let mut end = 0;
    while let Some(letter) = symbols.get(end).and_then(|symbol| enclosed(symbol.character)) {
        letters.push(Symbol {
            character: letter,
            source: symbols[end].source.clone(),
        });
        end += 1;
        while symbols.get(end).is_some_and(is_between) {
            end += 1;
        }
    }
    end
}

/// Leaves out what is not drawn, except inside emoji, and marks beyond the sixth on a letter.
pub(super) fn visible(symbols: Vec<Symbol>) -> Vec<Symbol> {
    let mut seen: Vec<Symbol> = Vec::with_capacity(symbols.len());
    let mut marks = 0;
    let mut rest = symbols.into_iter().peekable();
    while let Some(symbol) = rest.next() {
        let before = seen.last().map(|last| last.character);
        let is_emoji = before.is_some_and(|before| is_pictograph(before) || is_modifier(before));
        let stays = match symbol.character {
            ZERO_WIDTH_JOINER => is_emoji && rest.peek().is_some_and(|next| is_pictograph(next.character)),
            // Behind a digit, a selector begins a keycap; behind © it makes an emoji.
            '\u{fe0e}' | '\u{fe0f}' => {
                let is_letter = |before: char| before.is_alphabetic() || is_mark(before);
                is_emoji || before.is_some_and(|before| !is_letter(before) && !before.is_whitespace())
            }
            '\u{1f3fb}'..='\u{1f3ff}' => true,
            '\u{e0020}'..='\u{e007f}' => is_emoji,
            other => !is_invisible(other),
        };
        marks = if is_mark(symbol.character) { marks + 1 } else { 0 };
        if stays && marks <= MOST_MARKS {
            seen.push(symbol);
        } else if !stays {
            marks = marks.min(1);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::symbol::symbols;

    fn plain(text: &str) -> String {
        visible(plain_letters(&symbols(text)))
            .iter()
            .map(|symbol| symbol.character)
            .collect()
    }

    #[test]
    fn small_capitals_are_letters() {
        assert_eq!(plain("ɪ ʟᴏᴠᴇ ʏᴏᴜ ꜱᴏ ᴍᴜᴄʜ"), "i love you so much");
    }

    #[test]
    fn enclosed_letters_spell_words() {
        for text in [
            "🅻🅾🆅🅴",
            "🄻🄾🅅🄴",
            "🅛🅞🅥🅔",
            "ⓁⓄⓋⒺ",
            "ⓛⓞⓥⓔ",
            "⒧⒪⒱⒠",
            "🇱 🇴 🇻 🇪",
            "🇱\u{200b}🇴\u{200b}🇻\u{200b}🇪",
            "🅻 🅾 🆅 🅴",
        ] {
            assert_eq!(plain(text), "love", "{text}");
        }
        assert_eq!(plain("🇱🇴🇱, 🅱️ad"), "lol, bad");
        assert_eq!(plain("🅸 🅰🅼 🆂🅰🅳 🇮 🇱🇴🇻🇪 🇺🇸"), "i am sad i love 🇺🇸");
        assert_eq!(plain("🇸 🇴   🇸 🇦 🇩"), "so   sad");
    }

    #[test]
    fn flags_and_lone_letters_stay_emoji() {
        for text in ["🇫🇷", "🇺🇸🇬🇧", "🆘", "🆗", "🅰", "🅿️ lot", "blood 🅾️", "Ⓜ", "🇳🇴 way"]
        {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn what_is_not_drawn_vanishes_but_not_inside_emoji() {
        assert_eq!(
            plain("so\u{ad}ft l\u{200b}o\u{200c}v\u{200d}e\u{2060} \u{feff}\u{202e}x\u{202c}"),
            "soft love x"
        );
        assert_eq!(plain("a\u{fe0f}b"), "ab");
        for text in [
            "👩🏽‍🚀",
            "❤️‍🔥",
            "1\u{fe0f}\u{20e3}",
            "🏳️‍🌈",
            "🏴\u{e0067}\u{e0062}\u{e007f}",
            "🤷🏼‍♀️",
        ] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn apostrophes_of_any_kind_are_one() {
        for apostrophe in "'´’‘‛ʼʹʻ′＇".chars() {
            assert_eq!(plain(&format!("don{apostrophe}t")), "don't", "{apostrophe}");
        }
    }

    #[test]
    fn many_marks_on_a_letter_are_cut() {
        assert_eq!(
            plain(&format!("a{}", "\u{301}".repeat(50))).chars().count(),
            1 + MOST_MARKS
        );
    }
}
