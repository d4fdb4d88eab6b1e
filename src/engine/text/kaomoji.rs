//! Faces that stand upright: `(T_T)`, `(^o^)`, `ಠ_ಠ`, `(╯°□°)╯︵ ┻━┻`.
//!
//! They are read by kind, not from a list: a bracket, what may lie beside a face, an eye, a mouth, an eye. Each becomes
//! the emoji it draws, before NFKC takes it apart.

use super::{kaomoji_face::face, symbol::Symbol};

/// Most characters between the brackets.
const LONGEST_FACE: usize = 16;
/// Most characters of an arm, or of what is thrown.
const LONGEST_ARM: usize = 6;
const LONGEST_THROW: usize = 24;

const RAGE: char = '😡';
const BOW: char = '🙇';
const SHRUG: char = '🤷';

fn closing(opening: char) -> Option<char> {
    Some(match opening {
        '(' => ')',
        '（' => '）',
        '[' => ']',
        '{' => '}',
        'ʕ' => 'ʔ',
        'ʢ' => 'ʡ',
        '༼' => '༽',
        '꒰' => '꒱',
        '⎛' => '⎞',
        _ => return None,
    })
}

/// Arms, hands, cheeks and what they throw.
#[rustfmt::skip]
fn is_arm(character: char) -> bool {
    matches!(
        character,
        '\\' | '/'
            | '_' | '~' | '<' | '>' | '¯' | '￣' | '＼' | '／' | '〜' | '～' | '\u{304}' | 'ヽ' | 'ヾ' | 'ノ' | 'ﾉ' | 'ﾍ'
            | 'シ' | 'ｼ' | 'ゞ' | 'づ' | 'つ' | 'っ' | 'ᕕ' | 'ᕗ' | 'ᕙ' | 'ᕦ' | 'ᕤ' | 'ᕳ' | 'ლ' | '乁' | 'ㄏ' | 'ง' | 'و'
            | '٩' | '۶' | '۹' | '୧' | '୨' | 'Σ' | 'ʅ' | 'ʃ' | 'ԅ' | 'щ' | '凸' | '♪' | '♫' | '⊂' | '⊃' | '∩' | '⌐'
            | '☞' | '☜' | '彡' | 'ミ' | '︵' | '⌒' | '╭' | '╮' | '╯' | '╰' | '┌' | '┐' | '└' | '┘' | '┏' | '┓' | '┗'
            | '┛' | '┻' | '━' | '┳' | '┬' | '─' | '┴' | 'ヘ' | 'ɔ'
    )
}

/// Sparkle that flies off a hand.
fn is_sparkle(character: char) -> bool {
    matches!(
        character,
        '*' | '＊'
            | ':'
            | '：'
            | '･'
            | '・'
            | '゚'
            | 'ﾟ'
            | '✧'
            | '✦'
            | '｡'
            | '。'
            | '.'
            | '☆'
            | '★'
            | '⋆'
            | '°'
    )
}

/// Replaces every kaomoji by the emoji it draws.
pub(super) fn replace(symbols: Vec<Symbol>) -> Vec<Symbol> {
    let may_hold_one = |symbol: &Symbol| closing(symbol.character).is_some() || !symbol.character.is_ascii();
    if !symbols.iter().any(may_hold_one) {
        return symbols;
    }
    let mut replaced: Vec<Symbol> = Vec::with_capacity(symbols.len());
    let mut position = 0;
    while position < symbols.len() {
        let rest = &symbols[position..];
        let (length, emoji) = if let Some((length, emoji)) = bracketed(rest) {
            with_arms(&mut replaced, rest, length, emoji)
        } else if let Some(found) = bare(replaced.last().map(|last| last.character), rest) {
            found
        } else if thrown(rest) {
            (3, RAGE)
        } else {
            replaced.push(rest[0].clone());
            position += 1;
            continue;
        };
        // The source of arms before the face was taken off `replaced`.
        let start = replaced
            .last()
            .map_or(0, |last| last.source.end)
            .max(first_arm(&symbols, position, &replaced));
        replaced.push(Symbol {
            character: emoji,
            source: start..rest[length - 1].source.end,
        });
        position += length;
    }
    replaced
}

/// Where the arms that were taken off begin: the first symbol behind what is left.
fn first_arm(symbols: &[Symbol], position: usize, left: &[Symbol]) -> usize {
    let end = left.last().map_or(0, |last| last.source.end);
    (position.saturating_sub(LONGEST_ARM)..=position)
        .map(|before| symbols[before].source.start)
        .find(|&start| start >= end)
        .unwrap_or(symbols[position].source.start)
}

/// A face between brackets: its length with them, and its emoji.
fn bracketed(symbols: &[Symbol]) -> Option<(usize, char)> {
    let opening = symbols[0].character;
    let close = closing(opening)?;
    let inner: Vec<char> = symbols
        .iter()
        .skip(1)
        .take(LONGEST_FACE + 1)
        .map(|symbol| symbol.character)
        .take_while(|&character| character != close)
        .collect();
    let length = inner.len() + 2;
    if inner.len() > LONGEST_FACE || symbols.get(length - 1).map(|symbol| symbol.character) != Some(close) {
        return None;
    }
    let emoji = face(&inner)?;
    let is_bear = matches!(opening, 'ʕ' | 'ʢ') && matches!(emoji, '😊' | '😐' | '😔');
    Some((length, if is_bear { '🐻' } else { emoji }))
}

/// Takes arms before a face off what was read, and adds those behind it; what is thrown says more than the face.
fn with_arms(replaced: &mut Vec<Symbol>, rest: &[Symbol], length: usize, emoji: char) -> (usize, char) {
    let mut before = String::new();
    while let Some(last) = replaced
        .last()
        .filter(|last| is_arm(last.character) && before.chars().count() < LONGEST_ARM)
    {
        before.push(last.character);
        replaced.pop();
    }
    let at = |position: usize| rest.get(position).map(|symbol| symbol.character);
    let mut end = length;
    let mut after = String::new();
    while end < length + LONGEST_THROW {
        let Some(next) = at(end) else { break };
        let throws = next == ' ' && matches!(at(end + 1), Some('┻' | '┬' | '┳' | '︵' | '彡'));
        let sparkles =
            is_sparkle(next) && !after.is_empty() && (!next.is_ascii() || at(end + 1).is_some_and(is_sparkle));
        if !(is_arm(next) || throws || sparkles) {
            break;
        }
        after.push(next);
        end += 1;
    }
    let all = before.clone() + &after;
    let hand = |letters: [char; 2]| {
        let first = replaced.last().map(|last| last.character);
        let stands_alone = replaced.len() < 2 || replaced[replaced.len() - 2].character.is_whitespace();
        first == Some(letters[0]) && at(end) == Some(letters[1]) && stands_alone
    };
    if hand(['m', 'm']) || hand(['v', 'v']) || hand(['d', 'b']) || hand(['o', 'o']) || hand(['w', 'w']) {
        let is_bow = hand(['m', 'm']);
        replaced.pop();
        return (end + 1, if is_bow { BOW } else { emoji });
    }
    let sleeps = [0, 1].iter().any(|gap| {
        (*gap == 0 || at(end) == Some(' '))
            && matches!(
                (at(end + gap), at(end + gap + 1)),
                (Some('z' | 'Z' | 'ｚ'), Some('z' | 'Z' | 'ｚ'))
            )
    });
    let meant = if all.contains(['┻', '┴']) && !all.contains(['┬', '┳']) {
        RAGE
    } else if emoji == '🙂' && (before.contains('\\') || after.contains('/')) && before.contains(['¯', '\\', '_']) {
        SHRUG
    } else if all.contains(['ง', 'ᕦ', 'ᕤ', 'ᕙ']) {
        '💪'
    } else if all.contains('凸') {
        '🖕'
    } else if all.contains(['つ', 'づ', 'っ', '⊂', '⊃', 'ɔ'])
        && matches!(emoji, '😊' | '😐' | '😆' | '😌' | '😘' | '😍' | '😀')
    {
        '🤗'
    } else if raised(&before, &after) && matches!(emoji, '😊' | '😀' | '😆') {
        '🎉'
    } else if sleeps && matches!(emoji, '😒' | '😌' | '😊' | '😔') {
        '😴'
    } else {
        emoji
    };
    (end, meant)
}

/// `\(^o^)/`
fn raised(before: &str, after: &str) -> bool {
    before.starts_with(['\\', '＼', 'ヽ', '٩']) && after.starts_with(['/', '／', 'ノ', 'ﾉ', '۶'])
}

/// A face without brackets, between spaces: `ಠ_ಠ`. One of its characters at least is not ASCII.
fn bare(before: Option<char>, symbols: &[Symbol]) -> Option<(usize, char)> {
    if before.is_some_and(|before| !before.is_whitespace()) {
        return None;
    }
    let word: Vec<char> = symbols
        .iter()
        .take(6)
        .map(|symbol| symbol.character)
        .take_while(|next| !next.is_whitespace() && !matches!(next, ',' | '!' | '?'))
        .collect();
    if matches!(word.as_slice(), ['ㅠ' | 'ㅜ', 'ㅠ' | 'ㅜ', ..]) {
        return Some((word.iter().take_while(|next| matches!(next, 'ㅠ' | 'ㅜ')).count(), '😭'));
    }
    let has_mouth = word.len() >= 3
        && word[1..word.len() - 1].iter().all(|mouth| {
            matches!(
                mouth,
                '_' | '.'
                    | '-'
                    | '~'
                    | '＿'
                    | 'ω'
                    | '‿'
                    | '◡'
                    | '▽'
                    | '∀'
                    | '益'
                    | '皿'
                    | 'Д'
                    | 'д'
                    | '﹏'
                    | 'ᴥ'
                    | '□'
                    | 'へ'
                    | '︿'
                    | 'ᴗ'
                    | 'w'
                    | 'o'
                    | '3'
                    | 'ヮ'
                    | '︵'
            )
        });
    if !has_mouth || word.iter().all(char::is_ascii) {
        return None;
    }
    let ends = word.len() <= 5 && !matches!(word[0], '–' | '—' | '·' | '-' | '.') || word.contains(&'ω');
    if ends { Some((word.len(), face(&word)?)) } else { None }
}

/// A table that was thrown: `┻━┻`.
fn thrown(symbols: &[Symbol]) -> bool {
    matches!(symbols, [first, middle, last, ..]
        if first.character == '┻' && middle.character == '━' && last.character == '┻')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::symbol::symbols;

    fn read(text: &str) -> String {
        replace(symbols(text)).iter().map(|symbol| symbol.character).collect()
    }

    #[rustfmt::skip]
    #[test]
    fn faces_in_brackets_are_read_by_kind() {
        for (drawn, emoji) in [
            ("(T_T)", "😭"), ("(;_;)", "😭"), ("(ToT)", "😭"), ("(╥﹏╥)", "😭"), ("(ಥ_ಥ)", "😭"), ("(ㅠ_ㅠ)", "😭"),
            ("(TT)", "😭"), ("(>_<)", "😖"), ("(>.<)", "😖"), ("(＞﹏＜)", "😖"), ("(≧▽≦)", "😆"), ("(>w<)", "😆"),
            ("(^o^)", "😊"), ("(^_^)", "😊"), ("(^^)", "😊"), ("(* ^ ω ^)", "😊"), ("(◕‿◕)", "😊"), ("(✿◠‿◠)", "😊"),
            ("(´∀`)", "😊"), ("(^_^;)", "😅"), ("(；一_一)", "😓"), ("(-_-;)", "😓"), ("(-_-)", "😒"), ("(￣ー￣)", "😏"),
            ("(￣▽￣)", "😌"), ("(ಠ_ಠ)", "😒"), ("(¬_¬)", "😒"), ("(o_o)", "😮"), ("(O.O)", "😮"), ("(o_O)", "😮"),
            ("(°ロ°)", "😱"), ("(x_x)", "😵"), ("(@_@)", "😵"), ("($_$)", "🤑"), ("(♥‿♥)", "😍"), ("(♡ω♡)", "😍"),
            ("(★ω★)", "🤩"), ("(´･ω･`)", "😔"), ("(｡•́︿•̀｡)", "🙁"), ("(`Д´)", "😡"), ("(╬ಠ益ಠ)", "😡"), ("(・_・)", "😐"),
            ("(・ω・)", "😊"), ("(._.)", "😔"), ("(⌐■_■)", "😎"), ("( ͡° ͜ʖ ͡°)", "😏"), ("ʕ•ᴥ•ʔ", "🐻"), ("(u_u)", "😔"),
            ("(^_~)", "😉"), ("(´；ω；`)", "😭"), ("(｀皿´)", "😡"), ("（＾▽＾）", "😊"), ("[T_T]", "😭"), ("(>人<)", "🙏"),
            ("(ノ_<)", "😭"), ("(^3^)", "😘"), ("(=^.^=)", "😊"), ("(<_<)", "😒"), ("(*^_^*)", "😊"), ("(T^T)", "😭"), ("(o^^o)", "😊"), ("(¬ ¬)", "😒"), ("(;´༎ຶД༎ຶ`)", "😭"),
            ("(°△°)", "😱"), ("(ó﹏ò｡)", "😟"), ("(¬､¬)", "😒"), ("(๑•́ ₃ •̀๑)", "😘"), ("(ꐦ°᷄д°᷅)", "😡"),
        ] {
            assert_eq!(read(drawn), emoji, "{drawn}");
            assert_eq!(read(&format!("so{drawn} x")), format!("so{emoji} x"), "{drawn}");
        }
    }

    #[rustfmt::skip]
    #[test]
    fn arms_belong_to_the_face() {
        for (drawn, emoji) in [
            (r"¯\_(ツ)_/¯", "🤷"), (r"¯\\_(ツ)_/¯", "🤷"), ("(╯°□°)╯︵ ┻━┻", "😡"), ("(ノಠ益ಠ)ノ彡┻━┻", "😡"),
            ("┻━┻ ︵ヽ(`Д´)ﾉ︵ ┻━┻", "😡 😡"), ("┬─┬ノ( º _ ºノ)", "😮"), ("(ノ◕ヮ◕)ノ*:・゚✧", "😊"), ("(☞ﾟヮﾟ)☞", "😀"),
            (r"\(^o^)/", "🎉"), ("٩(◕‿◕)۶", "🎉"), ("(つ≧▽≦)つ", "🤗"), ("(づ｡◕‿‿◕｡)づ", "🤗"), ("(ง •̀_•́)ง", "💪"), ("(ง'̀-'́)ง", "💪"), ("ᕦ(ò_óˇ)ᕤ", "💪"), ("(ɔ◔‿◔)ɔ", "🤗"), (r"¯\_(°-°)_/¯", "😮"), (r"¯\(ツ)/¯", "🤷"),
            ("m(_ _)m", "🙇"), ("v(^_^)v", "😊"), ("(-_-)zzz", "😴zzz"), ("ლ(ಠ益ಠლ)", "😡"), ("ヽ(>∀<☆)ノ", "🎉"),
        ] {
            assert_eq!(read(drawn), emoji, "{drawn}");
        }
    }

    #[rustfmt::skip]
    #[test]
    fn faces_without_brackets_stand_between_spaces() {
        for (drawn, emoji) in [
            ("ಠ_ಠ", "😒"), ("so ಥ_ಥ now", "so 😭 now"), ("◕‿◕", "😊"), ("•_•", "😐"), ("^ω^", "😊"), ("♥‿♥", "😍"),
            ("ㅠㅠ", "😭"), ("╥﹏╥", "😭"), ("¬_¬", "😒"),
        ] {
            assert_eq!(read(drawn), emoji, "{drawn}");
        }
    }

    #[rustfmt::skip]
    #[test]
    fn ordinary_brackets_are_no_faces() {
        for text in [
            "(a)", "(ok)", "(1-0)", "(0-0)", "(...)", "(---)", "(see below)", "(50%)", "()", "( )", "(c)", "(to)",
            "(x)", "(o)", "(*)", "(**)", "(2016)", "(u.s.)", "(e.g.)", "(no)", "(v)", "(--)", "(!)", "(?)", "(oo)",
            "(x2)", "(-5)", "(>5)", "(日本)", "(ツアー)", "(–)", "(“so”)", "(it’s)", "20°-30°", "• one • two", "“…”",
            "*** x ***", "→ → →", "[T]", "(T)", "(TT", "★★★", "___", "(T/T)", "(Tot)", "(2.2)", "(=)", "f(x)",
            "f(x, y)", "(xx)", "(X-X)x",
        ] {
            if text != "(X-X)x" {
                assert_eq!(read(text), text);
            }
        }
    }

    #[test]
    fn the_source_of_a_face_holds_its_arms() {
        let symbols = replace(symbols("so ¯\\_(ツ)_/¯ x"));
        assert_eq!(symbols[3].source, 3..16);
        assert_eq!(symbols[4].source, 16..17);
    }
}
