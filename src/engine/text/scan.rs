//! What in a caption is not said by the poster's own words: links, names, marks of the medium.
//!
//! Each function looks at the start of `text` (lower case) and tells how many characters belong to what it seeks. None
//! looks further than a bounded distance beyond that, so that reading takes time in proportion to the text.

use emofuse_core::unicode::is_mark;

use super::styled::is_apostrophe;

/// Longest name of a host, and of a mail box, that is looked at.
const LONGEST_HOST: usize = 253;

/// The length of a link or a mail address.
///
/// With scheme (`https://…`), with `www.`, a domain with a path (`pic.twitter.com/…`, `t.co/…`), or a domain of the
/// most common kinds.
pub(super) fn address(text: &[char]) -> Option<usize> {
    let ends = |next: &char| next.is_whitespace() || matches!(next, '"' | '<' | '>' | '“' | '”');
    let whole = || text.iter().position(ends).unwrap_or(text.len());
    if starts_with(text, "http://") || starts_with(text, "https://") || starts_with(text, "www.") {
        return Some(whole());
    }
    // What is left of a link where the caption was cut short: `htt...`.
    let scheme = text
        .iter()
        .zip("https://".chars())
        .take_while(|(left, right)| **left == *right)
        .count();
    let points = text[scheme..].iter().take_while(|&&next| next == '.').count();
    let is_end = |position: usize| text.get(position).is_none_or(ends);
    if scheme >= 2 && points > 0 && is_end(scheme + points) {
        return Some(scheme + points);
    }
    if starts_with(text, "http") && (is_end(4) || is_end(5)) {
        return Some(if is_end(4) { 4 } else { 5 });
    }
    let is_host = |next: &&char| next.is_alphanumeric() || matches!(next, '.' | '-' | '_' | '+');
    let host = text.iter().take(LONGEST_HOST).take_while(is_host).count();
    let domain = &text[..host];
    match text.get(host) {
        Some('@') if host > 0 => {
            let rest = text[host + 1..]
                .iter()
                .take(LONGEST_HOST)
                .take_while(|next| !ends(next));
            if rest.into_iter().any(|&next| next == '.') {
                return Some(whole());
            }
            ends_in_common_domain(domain)
        }
        Some('/') if is_domain(domain) && text.get(host + 1).is_some_and(|next| next.is_alphanumeric()) => {
            Some(whole())
        }
        _ => ends_in_common_domain(domain),
    }
}

fn starts_with(text: &[char], prefix: &str) -> bool {
    prefix.chars().count() <= text.len() && prefix.chars().zip(text).all(|(left, right)| left == *right)
}

/// Labels joined by dots, the last of letters alone.
fn is_domain(text: &[char]) -> bool {
    let mut labels = text.rsplit(|&character| character == '.');
    let last_is_letters = labels
        .next()
        .is_some_and(|last| last.len() > 1 && last.iter().all(char::is_ascii_alphabetic));
    let mut others = 0;
    let all_filled = labels.all(|label| {
        others += 1;
        !label.is_empty()
            && label
                .iter()
                .all(|character| character.is_ascii_alphanumeric() || *character == '-')
    });
    last_is_letters && all_filled && others > 0
}

/// `example.com` without a path; a full stop behind it ends the sentence.
fn ends_in_common_domain(text: &[char]) -> Option<usize> {
    let end = text.iter().rposition(|&character| character != '.')? + 1;
    let text = &text[..end];
    let dot = text.iter().rposition(|&character| character == '.')?;
    let top: String = text[dot + 1..].iter().collect();
    (matches!(top.as_str(), "com" | "org" | "net" | "edu" | "gov") && is_domain(text)).then_some(end)
}

/// The length of `@name`, or of Reddit's `u/name`.
pub(super) fn mention(text: &[char]) -> Option<usize> {
    let sign = match text {
        ['@', ..] => 1,
        ['/', 'u', '/', ..] => 3,
        ['u', '/', ..] => 2,
        _ => return None,
    };
    let name = text[sign..]
        .iter()
        .take_while(|&&next| next.is_alphanumeric() || next == '_' || (sign > 1 && next == '-'))
        .count();
    (name > 0).then_some(sign + name)
}

/// The length of a stand-in for a name, as data sets put them: `[NAME]`.
pub(super) fn placeholder(text: &[char]) -> Option<usize> {
    ["[name]", "[person]", "[location]", "[religion]"]
        .into_iter()
        .find(|known| starts_with(text, known))
        .map(str::len)
}

/// The length of a slash word: `w/`, `w/o`, `b/c`.
pub(super) fn slash_word(text: &[char]) -> Option<usize> {
    let length = match text {
        ['w', '/', 'o', ..] | ['b', '/', 'c', ..] => 3,
        _ => return None,
    };
    text.get(length)
        .is_none_or(|next| !next.is_alphanumeric())
        .then_some(length)
}

/// The length of the body of a hashtag behind its `#`, or of a subreddit's name behind `r/`.
pub(super) fn tag_body(text: &[char]) -> usize {
    text.iter()
        .take_while(|&&next| next.is_alphanumeric() || next == '_' || is_mark(next))
        .count()
}

/// The length of a word: letters, digits and marks, with apostrophes, hyphens, asterisks and the points of
/// numbers and abbreviations inside.
pub(super) fn word(text: &[char]) -> usize {
    let mut end = 0;
    while end < text.len() {
        let here = text[end];
        if here.is_alphanumeric() || (end > 0 && is_mark(here)) {
            end += 1;
            continue;
        }
        let inner = end > 0
            && match here {
                '-' | '\u{2010}' | '\u{2011}' => text.get(end + 1).is_some_and(|next| next.is_alphanumeric()),
                '*' => {
                    text[end - 1] == '*'
                        || (text[end - 1].is_alphabetic()
                            && text
                                .get(end + 1)
                                .is_some_and(|&next| next.is_alphabetic() || next == '*'))
                }
                '.' => between_digits(text, end) || abbreviation(text, end),
                ',' | ':' => between_digits(text, end),
                _ => is_apostrophe(here) && text.get(end + 1).is_some_and(|next| next.is_alphabetic()),
            };
        if !inner {
            break;
        }
        end += 1;
    }
    end
}

fn between_digits(text: &[char], position: usize) -> bool {
    text[position - 1].is_ascii_digit() && text.get(position + 1).is_some_and(char::is_ascii_digit)
}

/// A point between two lone letters, as in `U.S.A`.
fn abbreviation(text: &[char], position: usize) -> bool {
    let lone_before = text[position - 1].is_alphabetic() && (position == 1 || text[position - 2] == '.');
    let lone_after = text.get(position + 1).is_some_and(|next| next.is_alphabetic())
        && text.get(position + 2).is_none_or(|next| !next.is_alphanumeric());
    lone_before && lone_after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn characters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn links_are_found_with_and_without_a_scheme() {
        for link in [
            "http://t.co/abc",
            "https://example.org/?q=1",
            "www.example.com",
            "pic.twitter.com/abc",
            "t.co/xyz",
            "bit.ly/2x",
            "example.com",
            "htt...",
            "http",
            "someone@example.com",
            "amazon.co.uk/deals",
        ] {
            assert_eq!(address(&characters(&format!("{link} and"))), Some(link.len()), "{link}");
        }
        assert_eq!(address(&characters("example.com. next")), Some("example.com".len()));
    }

    #[test]
    fn ordinary_text_is_no_link() {
        for text in [
            "and/or",
            "end.begin",
            "u.s. law",
            "hello",
            "3.5/5",
            "ha...",
            "he said...",
            "@name",
        ] {
            assert_eq!(address(&characters(text)), None, "{text}");
        }
    }

    #[test]
    fn names_are_found() {
        assert_eq!(mention(&characters("@some_one: hi")), Some(9));
        assert_eq!(mention(&characters("/u/some-one hi")), Some(11));
        assert_eq!(mention(&characters("@ 7")), None);
        assert_eq!(placeholder(&characters("[name] is")), Some(6));
    }

    #[test]
    fn words_hold_their_inner_marks() {
        for text in [
            "don't",
            "it’s",
            "well-known",
            "1,000.5",
            "f**k",
            "u.s.a",
            "10:30",
            "café",
        ] {
            assert_eq!(
                word(&characters(&format!("{text}, then"))),
                text.chars().count(),
                "{text}"
            );
        }
        assert_eq!(word(&characters("end.begin")), 3);
        assert_eq!(word(&characters("dogs' tails")), 4);
        assert_eq!(word(&characters("wait--what")), 4);
        assert_eq!(word(&characters("sigh* again")), 4);
    }
}
