//! Characters that were written out: HTML entities (`&#39;`) and the escapes of programming languages (`\u2019`).

use emofuse_core::unicode::{Form, normalise};

use super::symbol::Symbol;

/// Longest name of an entity that is known.
const LONGEST_NAME: usize = 8;
/// Most digits of an entity or of an escape in braces.
const MOST_DIGITS: usize = 8;

/// Decodes what is written out, one level of it; `None` where there is nothing.
pub(super) fn decode(symbols: &[Symbol]) -> Option<Vec<Symbol>> {
    if !symbols.iter().any(|symbol| matches!(symbol.character, '&' | '\\')) {
        return None;
    }
    let mut decoded = Vec::with_capacity(symbols.len());
    let mut position = 0;
    let mut changed = false;
    while position < symbols.len() {
        let rest = &symbols[position..];
        let found = match rest[0].character {
            '&' => entity(rest),
            '\\' => escape(rest),
            _ => None,
        };
        let Some((length, character)) = found else {
            decoded.push(rest[0].clone());
            position += 1;
            continue;
        };
        let source = rest[0].source.start..rest[length - 1].source.end;
        decoded.push(Symbol { character, source });
        position += length;
        changed = true;
    }
    changed.then_some(decoded)
}

fn at(symbols: &[Symbol], position: usize) -> Option<char> {
    symbols.get(position).map(|symbol| symbol.character)
}

/// The number at the start of `symbols` and how many digits it has.
fn number(symbols: &[Symbol], radix: u32, most: usize) -> Option<(usize, u32)> {
    let mut value = 0_u32;
    let mut length = 0;
    while let Some(digit) = at(symbols, length)
        .filter(|_| length < most)
        .and_then(|next| next.to_digit(radix))
    {
        value = value.checked_mul(radix)?.checked_add(digit)?;
        length += 1;
    }
    (length > 0).then_some((length, value))
}

/// Two halves of a character beyond 16 bits, if `high` is the first one.
fn join(high: u32, low: u32) -> Option<u32> {
    let both = (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low);
    both.then(|| 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))
}

/// A code as a character; half of one, and what is none, is U+FFFD.
fn character(code: u32) -> char {
    char::from_u32(code)
        .filter(|&known| known != '\0')
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Reads a code with `one`, and a second half behind a first one.
fn with_second_half(symbols: &[Symbol], one: impl Fn(&[Symbol]) -> Option<(usize, u32)>) -> Option<(usize, char)> {
    let (length, code) = one(symbols)?;
    if let Some((more, low)) = one(&symbols[length..])
        && let Some(whole) = join(code, low)
    {
        return Some((length + more, character(whole)));
    }
    Some((length, character(code)))
}

/// The entity at the start of `symbols`: its length and its character.
fn entity(symbols: &[Symbol]) -> Option<(usize, char)> {
    if at(symbols, 1) == Some('#') {
        return with_second_half(symbols, numeric_entity);
    }
    let name: String = (1..=LONGEST_NAME)
        .map_while(|position| at(symbols, position).filter(char::is_ascii_alphanumeric))
        .collect();
    if at(symbols, name.len() + 1) == Some(';') {
        return Some((name.len() + 2, named(&name)?));
    }
    // The oldest ones are written without `;` too.
    ["amp", "lt", "gt", "quot", "nbsp", "apos"]
        .into_iter()
        .find_map(|known| {
            let begins = name
                .get(..known.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(known));
            let next = at(symbols, known.len() + 1);
            let is_clear = matches!(known, "quot" | "nbsp");
            let ends = is_clear || next.is_none_or(|next| !next.is_ascii_alphabetic() && !matches!(next, '=' | '_'));
            Some((known.len() + 1, named(known)?)).filter(|_| begins && ends)
        })
}

/// `&#39;`, `&#x27;`, also without the `;`.
fn numeric_entity(symbols: &[Symbol]) -> Option<(usize, u32)> {
    if (at(symbols, 0), at(symbols, 1)) != (Some('&'), Some('#')) {
        return None;
    }
    let is_hexadecimal = matches!(at(symbols, 2), Some('x' | 'X'));
    let start = if is_hexadecimal { 3 } else { 2 };
    let (digits, code) = number(symbols.get(start..)?, if is_hexadecimal { 16 } else { 10 }, MOST_DIGITS)?;
    let end = start + digits;
    if at(symbols, end) == Some(';') {
        return Some((end + 1, code));
    }
    let goes_on = at(symbols, end).is_some_and(|next| next.is_numeric() || (is_hexadecimal && next.is_alphabetic()));
    let fewest = if is_hexadecimal { 4 } else { 2 };
    (digits >= fewest && !goes_on && code >= 32).then_some((end, code))
}

#[rustfmt::skip]
fn named(name: &str) -> Option<char> {
    // Accented letters: the letter and the name of its accent.
    const ACCENTS: [(&str, char); 9] = [
        ("acute", '\u{301}'), ("grave", '\u{300}'), ("circ", '\u{302}'), ("uml", '\u{308}'), ("tilde", '\u{303}'),
        ("ring", '\u{30a}'), ("cedil", '\u{327}'), ("caron", '\u{30c}'), ("ogon", '\u{328}'),
    ];
    let exact = match name {
        "apos" | "rsquo" | "lsquo" | "sbquo" | "prime" => '\'',
        "ldquo" | "rdquo" | "bdquo" | "laquo" | "raquo" => '"',
        "nbsp" | "ensp" | "emsp" | "thinsp" | "Tab" | "NewLine" => ' ',
        "hellip" | "mldr" => '…',
        "ndash" => '–', "mdash" | "horbar" => '—', "hyphen" | "dash" => '-', "minus" => '−',
        "hearts" => '♥', "star" => '☆', "starf" => '★', "phone" => '☎', "check" => '✓', "cross" => '✗',
        "bull" => '•', "middot" => '·', "deg" => '°', "times" => '×', "divide" => '÷',
        "euro" => '€', "pound" => '£', "yen" => '¥', "cent" => '¢', "dollar" => '$', "percnt" => '%',
        "copy" => '©', "reg" => '®', "trade" => '™',
        "iexcl" => '¡', "iquest" => '¿', "excl" => '!', "quest" => '?', "num" => '#', "commat" => '@',
        "comma" => ',', "period" => '.', "colon" => ':', "semi" => ';', "sol" => '/', "bsol" => '\\',
        "lpar" => '(', "rpar" => ')', "lsqb" | "lbrack" => '[', "rsqb" | "rbrack" => ']', "lowbar" => '_',
        "ast" => '*', "plus" => '+', "equals" => '=', "Hat" => '^', "tilde" => '~', "acute" => '´',
        "lsaquo" => '‹', "rsaquo" => '›',
        "shy" => '\u{ad}', "zwj" => '\u{200d}', "zwnj" => '\u{200c}', "lrm" => '\u{200e}', "rlm" => '\u{200f}',
        "rarr" => '→', "larr" => '←', "uarr" => '↑', "darr" => '↓', "harr" => '↔',
        "szlig" => 'ß', "oslash" => 'ø', "Oslash" => 'Ø', "aelig" => 'æ', "AElig" => 'Æ', "oelig" => 'œ',
        "OElig" => 'Œ', "eth" => 'ð', "thorn" => 'þ', "inodot" | "imath" => 'ı', "lstrok" => 'ł', "ordf" => 'ª',
        "frac12" => '½', "frac14" => '¼', "frac34" => '¾', "sup2" => '²', "infin" => '∞', "ne" => '≠',
        _ => '\0',
    };
    if exact != '\0' {
        return Some(exact);
    }
    match name.to_ascii_lowercase().as_str() {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        _ => {}
    }
    let letter = name.chars().next()?;
    let (_, accent) = ACCENTS.iter().find(|(accent, _)| name.get(1..) == Some(*accent))?;
    let composed = normalise(&String::from_iter([letter, *accent]), Form::Nfc);
    let mut characters = composed.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// The escape at the start of `symbols`: its length and its character.
fn escape(symbols: &[Symbol]) -> Option<(usize, char)> {
    Some(match at(symbols, 1)? {
        mark @ ('\'' | '"' | '\\' | '/') => (2, mark),
        '’' | '‘' => (2, '\''),
        '“' | '”' => (2, '"'),
        'n' | 'r' | 't' => (2, ' '),
        'u' | 'U' | 'x' => return with_second_half(symbols, coded_escape),
        _ => return None,
    })
}

/// `\u2019`, `\u{2019}`, `\U00002019`, `\x27`.
fn coded_escape(symbols: &[Symbol]) -> Option<(usize, u32)> {
    if at(symbols, 0) != Some('\\') {
        return None;
    }
    let most = match at(symbols, 1)? {
        'x' => 2,
        'u' if at(symbols, 2) == Some('{') => {
            let (digits, code) = number(&symbols[3..], 16, MOST_DIGITS)?;
            return (at(symbols, 3 + digits) == Some('}')).then_some((digits + 4, code));
        }
        'u' => 4,
        'U' => 8,
        _ => return None,
    };
    let (digits, code) = number(&symbols[2..], 16, most)?;
    (digits == most).then_some((digits + 2, code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::symbol::symbols;

    fn decoded(text: &str) -> String {
        let mut symbols = symbols(text);
        for _ in 0..3 {
            symbols = decode(&symbols).unwrap_or(symbols);
        }
        symbols.iter().map(|symbol| symbol.character).collect()
    }

    #[test]
    fn entities_become_their_characters() {
        for (written, meant) in [
            ("Q&amp;A &lt;3 &#128514; &#x1F602;", "Q&A <3 😂 😂"),
            ("&unknown; & &; &#; &#x; &&", "&unknown; & &; &#; &#x; &&"),
            ("don&#39;t don&#39t don&apos;t don&rsquo;t", "don't don't don't don't"),
            ("&#55357;&#56834; &#xD83D;&#xDE02;", "😂 😂"),
            (
                "caf&eacute; &Uuml;ber ni&ntilde;o fran&ccedil;ais",
                "café Über niño français",
            ),
            ("&quotso&quot &lt3 rock &amp roll", "\"so\" <3 rock & roll"),
            ("&AMP; &hellip;&ldquo; &#x1f62d so", "& …\" 😭 so"),
            ("&#1114112;&#55357; &#99999999999;", "\u{fffd}\u{fffd} &#99999999999;"),
        ] {
            assert_eq!(decoded(written), meant, "{written}");
        }
    }

    #[test]
    fn entities_escaped_twice_become_their_characters() {
        assert_eq!(
            decoded("don&amp;#39;t &amp;amp; &amp;lt;3 &amp;#55357;&amp;#56834;"),
            "don't & <3 😂"
        );
        assert_eq!(decoded("&amp;amp;quot;"), "\"");
    }

    #[test]
    fn escapes_become_their_characters() {
        for (written, meant) in [
            (r"don\'t \“so\” \'", "don't \"so\" '"),
            (r"don\u2019t don\x27t don\u{2019}t", "don’t don't don’t"),
            (r"\ud83d\ude02 \U0001F602 \u{1F602}", "😂 😂 😂"),
            (r"one\ntwo\r\nthree\tfour", "one two  three four"),
            (r"http:\/\/t.co", "http://t.co"),
            (r"don\\u2019t don\\\'t", "don’t don't"),
            (
                r"\ud83d alone \u12 \o/ ¯\_(ツ)_/¯ \",
                "\u{fffd} alone \\u12 \\o/ ¯\\_(ツ)_/¯ \\",
            ),
        ] {
            assert_eq!(decoded(written), meant, "{written}");
        }
    }
}
