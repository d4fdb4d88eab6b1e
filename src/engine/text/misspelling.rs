//! The vocabulary's word that a misspelt one means.
//!
//! Words one slip away are tried: a letter dropped, added, doubled or exchanged with its neighbour or for another.
//! Which is meant, the kind of the slip and the frequency of the word decide. The work grows with the length of the
//! word, and nothing is kept in memory.

use super::vocabulary::Vocabulary;

/// Shortest and longest word that is repaired. Shorter words are one slip away from too many others.
const SHORTEST: usize = 5;
const LONGEST: usize = 20;
/// Beginnings that make new words of known ones, which are no slips: `repotted`.
const PREFIXES: [&str; 10] = ["re", "un", "over", "under", "out", "pre", "mis", "non", "anti", "super"];
/// Words that few vocabularies hold and that mean another thing than their neighbours.
const REAL: [&str; 8] = [
    "nigger",
    "niggers",
    "strangle",
    "strangled",
    "botch",
    "botched",
    "whore",
    "whores",
];
/// Dearest repair that is believed.
const DEAREST: f32 = 11.4;

/// What a slip costs beside the logarithm of the word's rank: the likelier the slip, the less.
mod cost {
    /// Two neighbours exchanged, a double letter missing or a letter doubled.
    pub const LIKELY: f32 = 0.0;
    pub const DROPPED: f32 = 0.7;
    pub const ADDED: f32 = 1.2;
    /// One vowel for another, or a key beside the right one.
    pub const NEAR: f32 = 2.0;
    pub const OTHER: f32 = 4.0;
    /// In short words, a letter that neither ear nor keyboard explains makes another word: `yearns` is not `years`.
    pub const UNLIKELY: f32 = f32::INFINITY;
    /// The first letter is seldom wrong.
    pub const FIRST: f32 = 2.5;
    /// For each letter that is lacking to eight: short words have more neighbours.
    pub const SHORT: f32 = 0.8;
    /// Inflected forms of unknown words are no slips.
    pub const ENDING: f32 = 3.0;
}

/// The word that `word`, which is lower case and not known, most likely means.
pub(super) fn repaired(word: &str, vocabulary: &Vocabulary) -> Option<String> {
    let letters = word.as_bytes();
    if !(SHORTEST..=LONGEST).contains(&letters.len()) || !letters.iter().all(u8::is_ascii_lowercase) {
        return None;
    }
    let has_prefix = |prefix: &&str| {
        let rest = word.strip_prefix(*prefix).filter(|rest| rest.len() > SHORTEST - 1);
        rest.is_some_and(|rest| vocabulary.id(rest).is_some())
    };
    if REAL.contains(&word) || PREFIXES.iter().any(has_prefix) {
        return None;
    }
    let mut search = Search {
        vocabulary,
        is_short: letters.len() < 8,
        shortness: cost::SHORT * 8_usize.saturating_sub(letters.len()) as f32,
        best: None,
    };
    let mut candidate = Vec::with_capacity(letters.len() + 1);
    for position in 0..=letters.len() {
        let first = if position == 0 { cost::FIRST } else { 0.0 };
        let last = if position + 1 >= letters.len() {
            cost::ENDING
        } else {
            0.0
        };
        let before = position.checked_sub(1).map(|before| letters[before]);
        let here = letters.get(position).copied();
        let after = letters.get(position + 1).copied();
        for letter in b'a'..=b'z' {
            // A letter was dropped before this place.
            candidate.clear();
            candidate.extend_from_slice(&letters[..position]);
            candidate.push(letter);
            candidate.extend_from_slice(&letters[position..]);
            let doubled = before == Some(letter) || here == Some(letter);
            let slip = if doubled { cost::LIKELY } else { cost::DROPPED };
            let last = if position == letters.len() { cost::ENDING } else { 0.0 };
            search.consider(&candidate, slip + first + last);
            let Some(here) = here.filter(|&here| here != letter) else {
                continue;
            };
            // It stands for another.
            candidate.remove(position + 1);
            let slip = if are_near(here, letter) {
                cost::NEAR
            } else {
                search.unexplained()
            };
            search.consider(&candidate, slip + first + last / 2.0);
        }
        let Some(here) = here else { continue };
        // A letter was added.
        candidate.clear();
        candidate.extend_from_slice(&letters[..position]);
        candidate.extend_from_slice(&letters[position + 1..]);
        let slip = if before == Some(here) || after == Some(here) {
            cost::LIKELY
        } else if before.into_iter().chain(after).any(|beside| are_near(beside, here)) {
            cost::ADDED
        } else {
            search.unexplained()
        };
        search.consider(&candidate, slip + first + last);
        // It changed places with the next.
        if let Some(after) = after.filter(|&after| after != here) {
            candidate.clear();
            candidate.extend_from_slice(letters);
            candidate[position] = after;
            candidate[position + 1] = here;
            search.consider(&candidate, cost::LIKELY + first);
        }
    }
    doubled_elsewhere(letters, &mut search);
    search.best.map(|(_, word)| word)
}

/// Words whose double letters stand in other places: `tommorow`, `dissapointed`.
fn doubled_elsewhere(letters: &[u8], search: &mut Search) {
    let mut single = letters.to_vec();
    single.dedup();
    if single.len() == letters.len() {
        return;
    }
    search.consider(&single, cost::LIKELY);
    for position in 0..single.len() {
        let mut candidate = single.clone();
        candidate.insert(position, single[position]);
        search.consider(&candidate, cost::LIKELY);
    }
}

struct Search<'a> {
    vocabulary: &'a Vocabulary,
    is_short: bool,
    shortness: f32,
    best: Option<(f32, String)>,
}

impl Search<'_> {
    /// What a slip costs that neither ear nor keyboard explains.
    fn unexplained(&self) -> f32 {
        if self.is_short { cost::UNLIKELY } else { cost::OTHER }
    }

    fn consider(&mut self, candidate: &[u8], slip: f32) {
        let Ok(word) = std::str::from_utf8(candidate) else {
            return;
        };
        let Some(id) = self.vocabulary.id(word).filter(|_| word.len() >= SHORTEST - 1) else {
            return;
        };
        let cost = (id as f32).ln() + slip + self.shortness;
        let is_better = self
            .best
            .as_ref()
            .is_none_or(|(cheapest, best)| cost < *cheapest || (cost == *cheapest && word < best.as_str()));
        if cost <= DEAREST && is_better {
            self.best = Some((cost, word.to_owned()));
        }
    }
}

/// Whether one letter is written for another by ear, or lies beside it on a keyboard.
fn are_near(one: u8, other: u8) -> bool {
    const ROWS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    const ALIKE: [&[u8]; 4] = [b"aeiouy", b"ckqs", b"sz", b"mn"];
    let alike = ALIKE.iter().any(|group| group.contains(&one) && group.contains(&other));
    let place = |letter: u8| {
        ROWS.iter()
            .enumerate()
            .find_map(|(row, keys)| keys.iter().position(|&key| key == letter).map(|column| (row, column)))
    };
    let beside = place(one)
        .zip(place(other))
        .is_some_and(
            |((row, column), (other_row, other_column))| match other_row.abs_diff(row) {
                0 => column.abs_diff(other_column) == 1,
                1 => {
                    let (upper, lower) = if row < other_row {
                        (column, other_column)
                    } else {
                        (other_column, column)
                    };
                    upper == lower || upper == lower + 1
                }
                _ => false,
            },
        );
    alike || beside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repair(word: &str) -> Option<String> {
        let known = [
            "happy",
            "friend",
            "definitely",
            "birthday",
            "special",
            "tomorrow",
            "disappointed",
            "favourite",
            "beautiful",
            "separate",
            "receive",
            "surprise",
            "necessary",
            "really",
            "embarrassed",
            "believe",
            "because",
            "weird",
            "untold",
            "house",
            "mouse",
        ];
        repaired(word, &Vocabulary::new(known.map(String::from).to_vec()).unwrap())
    }

    #[rustfmt::skip]
    #[test]
    fn slips_of_every_kind_are_repaired() {
        for (slip, meant) in [
            ("happpy", "happy"), ("freind", "friend"), ("definitly", "definitely"), ("definately", "definitely"),
            ("birthdya", "birthday"), ("speciak", "special"), ("tommorow", "tomorrow"), ("tommorrow", "tomorrow"),
            ("dissapointed", "disappointed"), ("fvaourite", "favourite"), ("beautifull", "beautiful"),
            ("seperate", "separate"), ("recieve", "receive"), ("suprise", "surprise"), ("neccessary", "necessary"),
            ("realy", "really"), ("embarassed", "embarrassed"), ("beleive", "believe"), ("becuase", "because"),
            ("wierd", "weird"), ("bithday", "birthday"), ("biirthday", "birthday"),
        ] {
            assert_eq!(repair(slip).as_deref(), Some(meant), "{slip}");
        }
    }

    #[test]
    fn what_is_no_slip_stays() {
        for word in [
            "rehouse",
            "hapy",
            "zyzzyva",
            "qwrtzx",
            "happiest",
            "fr13nd",
            "é",
            "",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ] {
            assert_eq!(repair(word), None, "{word}");
        }
    }

    #[test]
    fn keys_beside_each_other_and_vowels_are_near() {
        for (one, other) in [
            (b'k', b'l'),
            (b'a', b'e'),
            (b'q', b'a'),
            (b'w', b'a'),
            (b's', b'z'),
            (b'm', b'n'),
        ] {
            assert!(
                are_near(one, other) && are_near(other, one),
                "{} {}",
                char::from(one),
                char::from(other)
            );
        }
        assert!(!are_near(b'q', b'p') && !are_near(b'b', b't'));
    }
}
